import type { LoggedRequest } from "#local/exchange/request-handler";

/** A call that waits to be carried out. */
export type Hold = {
  /** Resolves once Exchange is asked for it. */
  asked: Promise<void>;
  /** Lets it be carried out, also before it is asked for. */
  letGo(): void;
};

/** Tells when the local Exchange is asked, and holds calls back. `beforeAnswer` has to be given to it. */
export function watchRequests() {
  const watchers: ((request: LoggedRequest) => Promise<void> | undefined)[] = [];

  /** Calls `meet` with the request that is the n-th from now which fits. */
  function whenAsked(fits: (request: LoggedRequest) => boolean, n: number, meet: () => Promise<void> | undefined) {
    let count = 0;
    watchers.push((request) => {
      if (!fits(request)) return undefined;
      count += 1;
      return count === n ? meet() : undefined;
    });
  }

  return {
    beforeAnswer: async (request: LoggedRequest): Promise<void> => {
      await Promise.all(watchers.map((watch) => watch(request)));
    },

    /** Resolves once so many requests have come from now on. */
    untilAsked: (count: number): Promise<void> => {
      const { promise, resolve } = Promise.withResolvers<void>();
      whenAsked(
        () => true,
        count,
        () => void resolve(),
      );
      return promise;
    },

    /** Holds back the call of this cmdlet that is the n-th from now. */
    hold: (cmdlet: string, n = 1): Hold => {
      const asked = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      whenAsked(
        (request) => request.cmdlet === cmdlet,
        n,
        () => {
          asked.resolve();
          return released.promise;
        },
      );
      return { asked: asked.promise, letGo: released.resolve };
    },
  };
}
