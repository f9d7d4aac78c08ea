import { checkFault, type Fault, type FaultName, faultKinds, type Scope } from "#local/exchange/faults";

/** What a fault looks at to tell whether it meets a request. */
export type FaultTarget = { host: string; path: string; cmdlet: string | undefined; scopes: readonly Scope[] };

/** The faults that meet one request. */
export type MetFaults = {
  all: readonly Fault[];
  find(name: FaultName): Fault | undefined;
  /** A fault's value as a number; undefined where the fault is not there or has no value. */
  valueOf(name: FaultName): number | undefined;
};

/** Faults, switched on and off while the server runs. */
export class FaultSwitches {
  readonly #on: { fault: Fault; seen: number }[] = [];

  constructor(faults: readonly Fault[] = []) {
    for (const fault of faults) this.add(fault);
  }

  /** Switches a fault on and answers it; with it, it is switched off again. */
  add(fault: Fault): Fault {
    checkFault(fault);
    this.#on.push({ fault, seen: 0 });
    return fault;
  }

  remove(fault: Fault): void {
    const position = this.#on.findIndex((entry) => entry.fault === fault);
    if (position >= 0) this.#on.splice(position, 1);
  }

  clear(): void {
    this.#on.length = 0;
  }

  /** The faults that meet this request. Each request is counted once by every fault it fits. */
  meet(target: FaultTarget): MetFaults {
    const met = this.#on
      .filter((entry) => {
        if (!fits(entry.fault, target)) return false;
        entry.seen += 1;
        const { after = 0, times = Number.POSITIVE_INFINITY } = entry.fault;
        return entry.seen > after && entry.seen <= after + times;
      })
      .map(({ fault }) => fault);
    const find = (name: FaultName) => met.find((fault) => fault.name === name);
    return {
      all: met,
      find,
      valueOf: (name) => {
        const value = find(name)?.value;
        return value === undefined ? undefined : Number(value);
      },
    };
  }
}

function fits({ name, host, path, cmdlet }: Fault, target: FaultTarget): boolean {
  if (host === undefined && path === undefined && cmdlet === undefined) {
    return target.scopes.includes(faultKinds[name].scope);
  }
  return (
    (host === undefined || contains(target.host, host)) &&
    (path === undefined || contains(target.path, path)) &&
    (cmdlet === undefined || target.cmdlet?.toLowerCase() === cmdlet.toLowerCase())
  );
}

function contains(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase());
}
