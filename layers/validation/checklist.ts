import type { Finding } from "#validation/finding";
import { skip } from "#validation/finding";
import type { Check } from "#validation/validation";

/** What came of a check for the ones that need it: its value, or the name of the check because of which there is none. */
export type Outcome<Value> = { value: Value } | { missing: string };

type ValuesOf<Needs extends readonly Outcome<unknown>[]> = {
  [Index in keyof Needs]: Needs[Index] extends Outcome<infer Value> ? Value : never;
};

export type Checklist = {
  /** Every check so far, in order. */
  readonly checks: readonly Check[];
  /**
   * Makes a check with the values of those it needs. Where one of them has none it is not made, but skipped. What `make`
   * throws is a failed check.
   */
  check<const Needs extends readonly Outcome<unknown>[], Value>(
    name: string,
    needs: Needs,
    make: (...values: ValuesOf<Needs>) => Finding<Value> | Promise<Finding<Value>>,
  ): Promise<Outcome<Value>>;
};

/** `explain` says what a thrown error means for the check it was thrown in, or throws it where nothing can be checked. */
export function createChecklist(explain: (thrown: unknown) => Finding<never>): Checklist {
  const checks: Check[] = [];
  return {
    checks,
    check: async (name, needs, make) => {
      const missing = needs.map((need) => ("missing" in need ? need.missing : undefined)).find(Boolean);
      const { outcome, ...line } = missing === undefined ? await find(needs, make) : skip(`needs ${missing}`);
      checks.push({ name, ...line });
      return outcome ?? { missing: missing ?? name };
    },
  };

  async function find<Needs extends readonly Outcome<unknown>[], Value>(
    needs: Needs,
    make: (...values: ValuesOf<Needs>) => Finding<Value> | Promise<Finding<Value>>,
  ): Promise<Finding<Value>> {
    try {
      const values = needs.map((need) => ("value" in need ? need.value : undefined));
      return await make(...(values as ValuesOf<Needs>));
    } catch (thrown) {
      return explain(thrown);
    }
  }
}
