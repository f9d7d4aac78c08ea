import type { Random } from "#local/exchange/tenant/random";

export type Workplace = {
  city: string;
  stateOrProvince: string;
  countryOrRegion: string;
  countryLetters: string;
  office: string;
  phonePrefix: string;
};

const workplaces: readonly [Workplace, ...Workplace[]] = [
  place("Berlin", "", "Germany", "DE", "+49 30"),
  place("München", "Bayern", "Germany", "DE", "+49 89"),
  place("London", "England", "United Kingdom", "GB", "+44 20"),
  place("Redmond", "WA", "United States", "US", "+1 425"),
  place("New York", "NY", "United States", "US", "+1 212"),
  place("São Paulo", "SP", "Brazil", "BR", "+55 11"),
  place("上海", "", "China", "CN", "+86 21"),
  place("東京", "", "Japan", "JP", "+81 3"),
  place("دبي", "", "United Arab Emirates", "AE", "+971 4"),
  place("תל אביב", "", "Israel", "IL", "+972 3"),
  place("Київ", "", "Ukraine", "UA", "+380 44"),
];

export const departments = [
  "Sales",
  "Engineering",
  "Research & Development",
  "Finance",
  "Human Resources",
  "Legal",
  "Marketing",
  "Operations",
  "IT",
  "Kundendienst",
  "Qualité",
] as const;

const titles = [
  "Engineer",
  "Manager",
  "Senior Manager",
  "Analyst",
  "Director",
  "Assistant",
  "Consultant",
  "Specialist",
] as const;

function place(
  city: string,
  stateOrProvince: string,
  countryOrRegion: string,
  countryLetters: string,
  phonePrefix: string,
): Workplace {
  return { city, stateOrProvince, countryOrRegion, countryLetters, office: `${city} / 1`, phonePrefix };
}

export function drawWorkplace(random: Random): Workplace {
  return random.pick(workplaces);
}

export function drawTitle(random: Random): string {
  return random.pick(titles);
}

export function drawPhone(random: Random, prefix: string): string {
  return `${prefix} ${1_000_000 + random.below(9_000_000)}`;
}
