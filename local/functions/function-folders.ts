import { access } from "node:fs/promises";
import { join } from "node:path";

/** Whether there is a function of that name: a folder in functions/ with a handler. */
export async function hasFunction(name: string): Promise<boolean> {
  if (!/^[a-z]+(-[a-z]+)*$/.test(name)) return false;
  const path = join(import.meta.dirname, "..", "..", "functions", name, "handler.ts");
  return access(path).then(
    () => true,
    () => false,
  );
}
