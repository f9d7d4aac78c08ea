#!/usr/bin/env node
// Speaks the frames of the worker as scenarios.ndjson beside it says, one scenario for each time it is started (the last
// for all further ones), and writes down what it was asked in starts.ndjson and requests.ndjson.
import { appendFileSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { argv, env, exit, pid, stdin, stdout } from "node:process";
import { createInterface } from "node:readline";

const folder = dirname(argv[1]);
const linesOf = (name) => readFileSync(join(folder, name), "utf8").split("\n").filter(Boolean);
const write = (frame) => stdout.write(`${JSON.stringify(frame)}\n`);
const note = (name, entry) => appendFileSync(join(folder, name), `${JSON.stringify(entry)}\n`);

note("starts.ndjson", { pid, arguments: argv.slice(2), environment: env });
const scenarios = linesOf("scenarios.ndjson");
const scenario = JSON.parse(scenarios[Math.min(linesOf("starts.ndjson").length, scenarios.length) - 1]);
if (scenario.start === "exit") exit(3);

let calls = 0;
write({ type: "ready", powershell: "7.6.5", pid });
for await (const line of createInterface({ input: stdin })) {
  const request = JSON.parse(line);
  note("requests.ndjson", { pid, ...request });
  await answer(request, scenario[request.op] ?? scenario.calls[Math.min(calls++, scenario.calls.length - 1)]);
}

async function answer({ id, op }, step) {
  if (step === "exit") exit(4);
  if (step === "hang") return;
  if (step.delayMs) await new Promise((resolve) => setTimeout(resolve, step.delayMs));
  let rows = 0;
  for (const batch of step.rows ?? []) {
    rows += batch.length;
    write({ type: "rows", id, rows: batch });
  }
  const memoryBytes = step.memoryBytes ?? 1_000_000;
  const warnings = step.warnings ?? [];
  if (step.failed) write({ type: "failed", id, rows, warnings, memoryBytes, ...step.failed });
  else if (op === "connect") write({ type: "connected", id, ...step.connected });
  else if (step.facts) write({ type: op, id, ...step.facts });
  else write({ type: "done", id, rows, warnings, memoryBytes });
}
