/** What goes wrong: an error instead of the answer, a connection dropped before or after the work is done, or a delay. */
export type AwsFault = {
  kind: "slowDown" | "conflict" | "dropBefore" | "dropAfter" | "delay";
  /** Which requests, by HTTP method and a part of the key or the action. All by default. */
  method?: string;
  target?: string;
  /** Requests let through before the first that fails, and how many fail. 0, and every one, by default. */
  after?: number;
  times?: number;
  delayMs?: number;
};

export type AwsFaults = ReturnType<typeof createFaults>;

/** Faults of one server, switched on and off while it runs. */
export function createFaults() {
  const active = new Map<AwsFault, { met: number }>();

  return {
    add: (fault: AwsFault): AwsFault => {
      active.set(fault, { met: 0 });
      return fault;
    },
    remove: (fault: AwsFault): void => void active.delete(fault),
    clear: (): void => active.clear(),

    /** The fault that this request meets, if any. */
    find: (method: string, target: string): AwsFault | undefined => {
      for (const [fault, state] of active) {
        if (fault.method !== undefined && fault.method !== method) continue;
        if (fault.target !== undefined && !target.includes(fault.target)) continue;
        state.met += 1;
        const { after = 0, times = Number.POSITIVE_INFINITY } = fault;
        if (state.met > after && state.met <= after + times) return fault;
      }
      return undefined;
    },
  };
}
