import { once } from "node:events";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { execa } from "execa";

/** What a script wrote, as text, and its errors: the exceptions of each, outermost first. */
export type ScriptAnswer = {
  output: string[];
  errors: { category: string; exceptions: { type: string; message: string }[] }[];
};

export type Conversation = {
  /** Runs a script of one line. The next one finds the variables it set. */
  say(script: string): Promise<ScriptAnswer>;
  end(): Promise<void>;
};

/** Starts PowerShell, which keeps its state from one script to the next. */
export function startConversation(environment: NodeJS.ProcessEnv): Conversation {
  const child = execa(
    process.env.TEST_POWERSHELL_PATH ?? "pwsh",
    ["-NoLogo", "-NoProfile", "-NonInteractive", "-File", join(import.meta.dirname, "converse.ps1")],
    { env: environment, extendEnv: false, buffer: false, stderr: "ignore" },
  );
  const answers = createInterface({ input: child.stdout });
  return {
    say: async (script) => {
      const answer = once(answers, "line");
      child.stdin.write(`${script}\n`);
      const [line] = await Promise.race([answer, child.then(() => Promise.reject(new Error("PowerShell has ended.")))]);
      return JSON.parse(line);
    },
    end: async () => {
      child.stdin.end();
      await child;
    },
  };
}
