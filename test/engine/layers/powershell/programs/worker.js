#!/usr/bin/env node
// Speaks frames as worker.ps1 does, from a script: the cmdlet's name says what to do. Ignores PowerShell's arguments.
import { closeSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

const send = (frame) => process.stdout.write(`${JSON.stringify(frame)}\n`);
const rest = () => new Promise(() => setInterval(() => {}, 1000));
const row = (index) => ({ Index: index, Name: `Änne ${index} 🙂`, Padding: "x".repeat(200) });

const cmdlets = {
  "Get-Rows": ({ id, parameters: { Count, Size = 10 } }) => {
    const rows = Array.from({ length: Count }, (_, index) => row(index));
    const frames = Array.from({ length: Math.ceil(Count / Size) }, (_, index) =>
      rows.slice(index * Size, (index + 1) * Size),
    );
    process.stdout.write(frames.map((part) => `${JSON.stringify({ type: "rows", id, rows: part })}\n`).join(""));
    return Count;
  },
  "Get-Parameters": ({ id, parameters }) => {
    send({ type: "rows", id, rows: [parameters] });
    return 1;
  },
  "Get-Itself": ({ id }) => {
    const variables = Object.entries(process.env).map(([name, value]) => `${name}=${value}`);
    send({
      type: "rows",
      id,
      rows: [{ variables, arguments: process.argv.slice(2), pid: process.pid, directory: process.env.TMPDIR }],
    });
    return 1;
  },
  // Each row says which of the caller's stages it was written in: what the file of that path holds then.
  "Get-Endless": async ({ id, parameters: { Path } }) => {
    for (let index = 0; ; index += 100) {
      const Stage = Path ? readFileSync(Path, "utf8") : "";
      const rows = Array.from({ length: 100 }, (_, at) => ({ ...row(index + at), Stage }));
      const isTaken = send({ type: "rows", id, rows });
      if (!isTaken) await new Promise((resolve) => process.stdout.once("drain", resolve));
    }
  },
  // Prints texts as they are, each a line, with the call's id in place of "ID", all at once.
  "Write-Output": ({ id, parameters: { Lines } }) => {
    process.stdout.write(Lines.map((line) => `${line.replaceAll("ID", id)}\n`).join(""));
    return rest();
  },
  "Write-Slowly": async ({ id, parameters: { Text } }) => {
    const line = Buffer.from(`${JSON.stringify({ type: "rows", id, rows: [{ Text }] })}\n`);
    for (const byte of line) await new Promise((resolve) => process.stdout.write(Buffer.from([byte]), resolve));
    return 1;
  },
  "Write-Flood": () => {
    for (let block = 0; block < 40; block += 1) process.stdout.write("x".repeat(1024 * 1024));
    return rest();
  },
  "Write-Error": async ({ parameters: { Text, Times = 1 } }) => {
    await new Promise((resolve) => process.stderr.write(`${Text}\n`.repeat(Times), resolve));
    return 0;
  },
  "Write-Warning": ({ parameters: { Text } }) => ({ rows: 0, warnings: [Text] }),
  "Write-Half": ({ id }) => {
    process.stdout.write(`{"type":"rows","id":${id},"rows":[{"Na`, () => process.exit(4));
    return rest();
  },
  "Stop-Process": ({ parameters: { Code, Text = "" } }) => {
    process.stderr.write(Text, () => process.exit(Code));
    return rest();
  },
  "Suspend-Process": () => rest(),
  // Like Suspend-Process, and not to be ended by SIGTERM.
  "Suspend-Stubbornly": ({ id }) => {
    process.on("SIGTERM", () => {});
    send({ type: "rows", id, rows: [row(0)] });
    return rest();
  },
  "Stop-Later": ({ parameters: { Code } }) => {
    setTimeout(() => process.exit(Code), 50);
    return 0;
  },
  // What comes after this call neither ends with standard input nor, when asked to, by SIGTERM.
  "Set-Stubborn": ({ parameters: { Always } }) => {
    if (Always) process.on("SIGTERM", () => {});
    setInterval(() => {}, 1000);
    return 0;
  },
  "Close-Output": () => {
    closeSync(1);
    return rest();
  },
};

send({ type: "ready", powershell: "7.6.5", pid: process.pid });
writeFileSync(join(process.env.TMPDIR, "ready"), "");
let text = "";
for await (const chunk of process.stdin.setEncoding("utf8")) {
  const lines = (text + chunk).split("\n");
  text = lines.pop();
  for (const line of lines) await answer(JSON.parse(line));
}

async function answer(frame) {
  if (frame.op === "connect") connect(frame);
  else if (frame.op === "certificate") openCertificate(frame);
  else if (frame.op === "clock") tellTime(frame);
  else await invoke(frame);
}

function openCertificate({ certificatePassword }) {
  process.stderr.write(`cannot take ${certificatePassword}\n`, () => process.exit(1));
}

function tellTime({ id, hostName }) {
  if (hostName === "wrong.example") return send({ type: "done", id, rows: 0, warnings: [], memoryBytes: 1000 });
  send({ type: "clock", id, localTime: "2026-01-31T10:00:00.5Z", serverTime: "2026-01-31T09:58:00.0000000Z" });
}

function connect({ id, modulePath, organization, cmdlets: names, certificatePassword }) {
  const answer = { type: "failed", id, rows: 0, warnings: ["careful"], memoryBytes: 1000 };
  const exceptions = [{ type: "System.Exception", message: "The password is wrong.", hresult: -1 }];
  const error = { exceptions, errorId: "Wrong", category: "NotSpecified", reason: "Exception" };
  if (organization === "wrong.example") return send({ ...answer, stage: "certificate", errors: [error] });
  if (organization === "leaky.example") {
    process.stderr.write(`cannot take ${certificatePassword}\n`, () => process.exit(1));
    return;
  }
  send({
    type: "connected",
    id,
    module: { version: "3.9.0", path: modulePath ?? "" },
    commands: Object.fromEntries(names.map((name) => [name, ["Identity", "ResultSize"]])),
    certificate: { notBefore: "2026-01-01T00:00:00.0000000Z", notAfter: "2027-01-01T00:00:00.0000000Z" },
    importMs: 12,
    connectMs: 34,
  });
}

async function invoke(frame) {
  const result = await cmdlets[frame.cmdlet](frame);
  const { rows, warnings } = typeof result === "number" ? { rows: result, warnings: [] } : result;
  send({ type: "done", id: frame.id, rows, warnings, memoryBytes: 123_456_789 });
}
