import { confirm, input } from "@inquirer/prompts";
import { Cancelled, UsageError } from "./errors.ts";

// Questions, like all else that is not the result, go to stderr.
const context = { output: process.stderr };

/** Asks yes or no; the default is no. @throws Cancelled on no */
export async function askToGoOn(question: string): Promise<void> {
  requireTerminal();
  if (!(await confirm({ message: question, default: false }, context))) {
    throw new Cancelled("as you wish: nothing was changed");
  }
}

/** Asks for a name to be typed in. @throws Cancelled when another one is typed */
export async function askForName(question: string, name: string): Promise<void> {
  requireTerminal();
  const answer = await input({ message: question }, context);
  if (answer.trim() !== name) throw new Cancelled(`that was not "${name}": nothing was destroyed`);
}

function requireTerminal(): void {
  if (!process.stdin.isTTY)
    throw new UsageError("there is no terminal to ask on: add --yes to go on without a question");
}
