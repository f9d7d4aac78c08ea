import process from "node:process";
import { inspect } from "node:util";
import { Argument, Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { queueFunctions } from "#functions/facts";
import { describeError } from "#local/answers";
import { compareCommand, compareHelp } from "#local/commands/compare";
import { inspectCommand } from "#local/commands/inspect";
import { invokeCommand } from "#local/commands/invoke";
import { localCommand } from "#local/commands/local";
import { schemasCommand } from "#local/commands/schemas";
import { sendCommand } from "#local/commands/send";
import { startCommand } from "#local/commands/start";
import { validateCommand } from "#local/commands/validate";
import { faultHelp, parseFault } from "#local/exchange/faults";
import { readTenantFile, TenantFileError } from "#local/exchange/tenant/tenant-file";
import { printError } from "#local/print";
import { exchangeEnvironmentNames } from "#runtime/configuration";
import { ExchangeError } from "#runtime/errors";
import { visibleText } from "#runtime/text";
import { snapshotKinds } from "#snapshots/layout";

const users = () =>
  new Option("--users <n>", "records that a user snapshot will hold").argParser(wholeNumber).default(2000);
const groups = () => new Option("--groups <n>", "distribution lists in the tenant").argParser(wholeNumber).default(100);
const environment = () =>
  new Option("--environment <name>", "which of Microsoft's clouds").choices(exchangeEnvironmentNames);
const seed = () => new Option("--seed <n>", "another number, another tenant").argParser(wholeNumber).default(1);

/**
 * Runs a command of the command line and answers its exit code: 2 where the words make no command, 1 where it ended in an
 * error of which it knows nothing, else what the command says.
 */
export async function runCli(words: readonly string[]): Promise<number> {
  process.exitCode = 0;
  try {
    await createProgram().parseAsync(words, { from: "user" });
    return Number(process.exitCode);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof TenantFileError) {
      printError(`error: --tenant: ${error.message}`);
      return 2;
    }
    printError(error instanceof ExchangeError ? describeError(error) : inspect(error));
    return 1;
  }
}

function createProgram(): Command {
  const program = new Command("exchange-online-gateway")
    .description("The gateway on one machine, without an AWS account or a Microsoft tenant.")
    .configureOutput({
      writeOut: (text) => process.stdout.write(visibleText(text)),
      writeErr: (text) => process.stderr.write(visibleText(text)),
    })
    .exitOverride();

  program
    .command("start")
    .description("ingest a generated tenant's users and groups through real PowerShell into a local S3")
    .addOption(users())
    .addOption(groups())
    .addOption(seed())
    .addOption(
      new Option("--source <name>", "the cmdlet users are read with")
        .choices(["recipients", "users"])
        .default("recipients"),
    )
    .action(startCommand);

  program
    .command("local")
    .description(
      "start a local Exchange Online, S3, Secrets Manager and SQS, and stay; the first line of output says where",
    )
    .addOption(users())
    .addOption(groups())
    .addOption(seed())
    .addOption(environment())
    .option("--delay <ms>", "delay every answer of Exchange Online", wholeNumber, 0)
    .option(
      "--fault <fault>",
      "switch a fault on; may be given several times",
      (text, before: string[]) => [...before, text],
      [],
    )
    .option(
      "--tenant <file>",
      "add what this JSON file holds to the generated tenant; docs/commands.md says what it may",
    )
    .addHelpText("after", `\nFaults:\n${faultHelp()}`)
    .action(({ fault, tenant, ...options }) =>
      localCommand({
        ...options,
        faults: fault.map((text: string) => parseFaultArgument(program, text)),
        ...(tenant === undefined ? {} : { additions: readTenantFile(tenant) }),
      }),
    );

  program
    .command("invoke")
    .description("invoke a function as the Lambda console would, against the environment that runs, or one of its own")
    .argument("<function>", "its folder's name in functions/")
    .argument("[event]", "the event as JSON", "{}")
    .option("--secret <file>", "the credential of a real tenant: talk to the real Exchange Online, write pages locally")
    .option("--json", "print the raw answer, or {code,message,retryable}, alone on standard output", false)
    .option("--logs", "show what the function logs", false)
    .action(invokeCommand);

  program
    .command("send")
    .description("send a message to a function's queue as the bot does, and wait for its result")
    .addArgument(new Argument("<function>", "the function that reads the queue").choices(Object.keys(queueFunctions)))
    .argument("<message>", "the message as JSON; operationId and requestedAt are filled in where it has none")
    .option("--timeout <s>", "how long to wait for the result", wholeNumber, 120)
    .option("--json", "print the raw result alone on standard output", false)
    .action((name, text, options) => sendCommand(name, text, options));

  program
    .command("validate")
    .description("validate the credential of the environment that runs, or of a real tenant, and say what to put right")
    .option("--secret <file>", "the secret of a real tenant, as it is to be stored: talk to the real Exchange Online")
    .addOption(environment())
    .option("--json", "print the raw answer, or {code,message,retryable}, alone on standard output", false)
    .action(validateCommand);

  program
    .command("compare")
    .description("compare what the gateway does with the stand-in of the Exchange module and with another module")
    .option("--module <path>", "the other module: its .psd1 or the folder of it")
    .option("--powershell <path>", "what both run in; else as POWERSHELL_PATH says, or pwsh, or the repository's own")
    .option(
      "--only <names>",
      "the scenarios of these names, with commas between; what stands before a slash names all of it",
    )
    .option("--list", "list the scenarios instead", false)
    .option("--wording", "show also what is only worded otherwise", false)
    .addHelpText("after", compareHelp)
    .action(compareCommand);

  program
    .command("schemas")
    .description("write the JSON Schema of every message that goes in and comes out")
    .argument("[folder]", "where to", "schemas")
    .action(schemasCommand);

  program
    .command("inspect")
    .description(
      "show the published snapshot and the last runs, of the last local environment or of GATEWAY_BUCKET on AWS",
    )
    .addArgument(new Argument("<kind>").choices(snapshotKinds))
    .action(inspectCommand);

  return program;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError("A whole number from 0 to 9999999 is needed.");
  return Number(text);
}

function parseFaultArgument(program: Command, text: string) {
  try {
    return parseFault(text);
  } catch (error) {
    return program.error(`error: --fault ${text}: ${error instanceof Error ? error.message : error}`, { exitCode: 2 });
  }
}
