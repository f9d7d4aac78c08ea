/**
 * What goes wrong with a request: an error instead of the work and its answer, the connection dropped before the work is
 * done or after it, or a delay before it. `conflict` is S3's ConditionalRequestConflict.
 */
export type AwsFaultKind =
  | "slowDown"
  | "internalError"
  | "conflict"
  | "accessDenied"
  | "dropBefore"
  | "dropAfter"
  | "delay";

export type AwsFault = {
  kind: AwsFaultKind;
  /** Which requests: by HTTP method, and by a part of the key (S3) or of the action (Secrets Manager). All by default. */
  method?: string;
  target?: string;
  /** Of these requests, how many pass before the first that fails; then every nth fails, until so many have. */
  after?: number;
  every?: number;
  times?: number;
  delayMs?: number;
  /** A delay ends with this, where it is given. */
  until?: Promise<void>;
};

export type AwsFaults = ReturnType<typeof createFaults>;

/**
 * Faults of one server, switched on and off while it runs. Where several meet a request, the first that was added wins.
 *
 * @example
 * s3.faults.add({ kind: "dropAfter", method: "PUT", target: "latest.json", times: 1 });
 */
export function createFaults() {
  const counts = new Map<AwsFault, { met: number; failed: number }>();

  return {
    add: (fault: AwsFault): AwsFault => {
      counts.set(fault, { met: 0, failed: 0 });
      return fault;
    },
    remove: (fault: AwsFault): void => void counts.delete(fault),
    clear: (): void => counts.clear(),

    /** How many requests a fault has failed. */
    failed: (fault: AwsFault): number => counts.get(fault)?.failed ?? 0,

    /** The fault that this request meets, if any. */
    meet: (method: string, target: string): AwsFault | undefined => {
      const matching = [...counts].filter(([fault]) => isAbout(fault, method, target));
      for (const [, count] of matching) count.met += 1;
      const due = matching.find(([fault, count]) => isDue(fault, count));
      if (due) due[1].failed += 1;
      return due?.[0];
    },
  };
}

function isAbout(fault: AwsFault, method: string, target: string): boolean {
  return (fault.method ?? method) === method && target.includes(fault.target ?? "");
}

function isDue(fault: AwsFault, count: { met: number; failed: number }): boolean {
  const { after = 0, every = 1, times = Number.POSITIVE_INFINITY } = fault;
  return count.met > after && (count.met - after - 1) % every === 0 && count.failed < times;
}
