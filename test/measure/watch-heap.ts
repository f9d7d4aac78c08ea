import process from "node:process";

const sampleMs = 100;

/** What Node holds beside its code and stack, after a collection. The process has to run with `--expose-gc`. */
export function heapMiB(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}

/** Notes what is held until `end` is called, which answers the most there was, and what was kept in the last third of the time. */
export function watchHeap() {
  const heapsMiB: number[] = [];
  const sampling = setInterval(() => heapsMiB.push(heapMiB()), sampleMs);
  return {
    end: () => {
      clearInterval(sampling);
      const lastThird = heapsMiB.slice(-Math.ceil(heapsMiB.length / 3));
      return { heapPeakMiB: Math.max(...heapsMiB), heapKeptMiB: Math.min(...lastThird) };
    },
  };
}
