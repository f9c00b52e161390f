import { Command, InvalidArgumentError } from "commander";
import type { CommonOptions, Context } from "../context.ts";

/** What a command does: with its arguments and options in a context, to an exit code. */
type Run<Options> = (context: Context, options: Options, ...arguments_: string[]) => Promise<number>;

/**
 * A command with the options that every command takes.
 * @param usage name and arguments, as commander writes them
 * @param examples lines of help, each a command and what it does
 */
export function command(usage: string, description: string, examples: readonly string[] = []): Command {
  const [name = "", ...arguments_] = usage.split(" ");
  const made = withCommonOptions(new Command(name).description(description));
  if (arguments_.length > 0) made.arguments(arguments_.join(" "));
  addExamples(made, examples);
  return made;
}

/** The options may stand before or after a command's name: each level takes them. */
export function withCommonOptions(made: Command): Command {
  return made
    .helpOption("-h, --help", "show help")
    .option("--json", "print results as JSON")
    .option("-q, --quiet", "print results only, no notes and no progress")
    .option("--no-color", "print without colours")
    .option("--home <dir>", "where state lives (DAOCHAIN_HOME, else ~/.daochain)")
    .option(
      "--password-fd <n>",
      "read an account's password from this descriptor; 0 is stdin",
      wholeNumber(0, 1023),
    )
    .exitOverride();
}

/** Has a command run; everything that it needs is loaded only then. */
export function runs<Options>(made: Command, signal: AbortSignal, run: Run<Options>): Command {
  return made.action(async (...all: unknown[]) => {
    const arguments_ = all.slice(0, -2) as string[];
    const { createContext } = await import("../context.ts");
    const context = await createContext(commonOptionsOf(made), signal);
    process.exitCode = await run(context, made.opts() as Options, ...arguments_);
  });
}

/** The common options as they were given at any level, from the command up to the program. */
export function commonOptionsOf(made: Command): CommonOptions {
  const levels: CommonOptions[] = [];
  for (let level: Command | null = made; level !== null; level = level.parent) levels.push(level.opts());
  const home = levels.find((options) => options.home !== undefined)?.home;
  const passwordFd = levels.find((options) => options.passwordFd !== undefined)?.passwordFd;
  return {
    json: levels.some(({ json }) => json === true),
    quiet: levels.some(({ quiet }) => quiet === true),
    color: levels.every(({ color }) => color !== false),
    plugin: rootOf(made).name() !== "daochain",
    ...(home === undefined ? {} : { home }),
    ...(passwordFd === undefined ? {} : { passwordFd }),
  };
}

function rootOf(made: Command): Command {
  let root = made;
  while (root.parent !== null) root = root.parent;
  return root;
}

/** Adds lines of help, each a command that begins with daochain, and what it does. */
export function addExamples(made: Command, examples: readonly string[]): void {
  if (examples.length === 0) return;
  made.addHelpText("after", () => {
    const lines = examples.map((line) => `  ${line.replace(/^daochain\b/, rootOf(made).name())}`);
    return `\nExamples:\n${lines.join("\n")}`;
  });
}

/** An option's value as a whole number within bounds. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

/** Collects an option that may be given several times. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}
