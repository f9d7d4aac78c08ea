/** A number for people: 25,000. */
export function formatCount(number: number): string {
  return number.toLocaleString("en");
}
