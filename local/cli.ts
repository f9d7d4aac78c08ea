/** The command line of `npm start` and `npm run …`. */
import process from "node:process";
import { runCli } from "#local/commands/run-cli";

process.exitCode = await runCli(process.argv.slice(2));
