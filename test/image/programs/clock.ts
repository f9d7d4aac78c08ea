/**
 * Loaded before anything else, it lets a process's wall clock go by as many milliseconds more as the file TEST_CLOCK_FILE says:
 * a stopped process whose file is changed wakes up later than it fell asleep.
 */
import { readFileSync } from "node:fs";
import process from "node:process";

const file = process.env.TEST_CLOCK_FILE ?? "";
const RealDate = Date;

const now = () => RealDate.now() + Number(readFileSync(file, "utf8"));

globalThis.Date = new Proxy(RealDate, {
  construct: (target, parts, newTarget) => Reflect.construct(target, parts.length === 0 ? [now()] : parts, newTarget),
  get: (target, key, receiver) => (key === "now" ? now : Reflect.get(target, key, receiver)),
});
