// A process that owns a session and ends as its argument says: by itself with nothing left to do, by process.exit, or
// not at all. Prints where its PowerShell runs.
import process from "node:process";
import { startSession } from "#powershell/session";
import { deadlineIn } from "#runtime/deadline";

const powershellPath = `${import.meta.dirname}/worker.js`;
const session = startSession({ powershellPath, modulePath: null });
const deadline = deadlineIn(100_000);
const [itself] = await Array.fromAsync(session.invoke({ cmdlet: "Get-Itself", parameters: {}, select: [], deadline }));
console.log(JSON.stringify({ pid: session.pid, directory: itself?.directory }));
if (process.argv[2] === "exits") process.exit();
if (process.argv[2] === "leaves") await session.close();
