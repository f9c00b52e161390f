import { Command, InvalidArgumentError, Option } from "commander";
import type { CommonOptions, Context } from "../context.ts";
import type { Ending } from "../signals.ts";
import type { ProgramName } from "../start.ts";
import type { Help } from "../words/help/help.ts";
import type { Language } from "../words/language.ts";

/** The command line that is being read: what a person typed, and in which language they are answered. */
export interface CommandLine extends Pick<Ending, "signal" | "endAfter"> {
  readonly name: ProgramName;
  readonly language: Language;
  readonly help: Help;
}

/** What a command does: with its arguments and options in a context, to an exit code. */
type Run<Options> = (context: Context, options: Options, ...arguments_: string[]) => Promise<number>;

/**
 * A command with the options that every command takes.
 * @param usage name and arguments, as commander writes them
 * @param examples lines of help, each a command and what it does
 */
export function command(
  line: CommandLine,
  usage: string,
  description: string,
  examples: readonly string[] = [],
): Command {
  const [name = "", ...arguments_] = usage.split(" ");
  const made = withCommonOptions(line, new LocalisedCommand(line.help, name).description(description));
  if (arguments_.length > 0) made.arguments(arguments_.join(" "));
  addExamples(line, made, examples);
  return made;
}

/** A command whose help and whose errors are in the reader's language; commander's own are English only. */
export class LocalisedCommand extends Command {
  readonly #help: Help;

  constructor(help: Help, name?: string) {
    super(name);
    this.#help = help;
    const { titles, default: byDefault, choices } = help.common;
    this.configureHelp({
      styleTitle: (title) => {
        const name = title.replace(/:$/, "").toLowerCase();
        return Object.entries(titles).find(([key]) => key === name)?.[1] ?? title;
      },
      optionDescription: (option) => {
        const notes = [
          ...(option.argChoices === undefined ? [] : [choices(option.argChoices.join(", "))]),
          ...(option.defaultValue === undefined || option.isBoolean()
            ? []
            : [byDefault(option.defaultValueDescription ?? String(option.defaultValue))]),
        ];
        return notes.length === 0 ? option.description : `${option.description} (${notes.join("; ")})`;
      },
    });
  }

  override createCommand(name?: string): Command {
    return new LocalisedCommand(this.#help, name);
  }

  override error(message: string, options?: { exitCode?: number; code?: string }): never {
    return super.error(this.#localise(message, options?.code), options);
  }

  #localise(message: string, code = ""): string {
    const { errors, didYouMean } = this.#help.common;
    const quoted = [...message.matchAll(/'([^']*)'/g)].map(([, text = ""]) => text);
    const [first = "", second = ""] = quoted;
    const guess = /\(Did you mean (?:one of )?(.*)\?\)/.exec(message)?.[1];
    const withGuess = (text: string): string =>
      guess === undefined ? text : `${text}\n${didYouMean(guess)}`;
    switch (code) {
      case "commander.missingArgument":
        return errors.missingArgument(first);
      case "commander.optionMissingArgument":
        return errors.optionMissingArgument(first);
      case "commander.missingMandatoryOptionValue":
        return errors.missingMandatoryOptionValue(first);
      case "commander.unknownOption":
        return withGuess(errors.unknownOption(first));
      case "commander.excessArguments":
        return errors.excessArguments(this.name());
      case "commander.unknownCommand":
        return withGuess(errors.unknownCommand(first));
      case "commander.invalidArgument": {
        const why = /is invalid\. (.*)$/s.exec(message)?.[1] ?? "";
        const allowed = /^Allowed choices are (.*)\.$/s.exec(why)?.[1];
        const because = allowed === undefined ? why : this.#help.common.choices(allowed);
        return errors.invalidArgument(first, second, because);
      }
      default:
        return message;
    }
  }
}

/** The options may stand before or after a command's name: each level takes them. */
export function withCommonOptions(line: CommandLine, made: Command): Command {
  const { options } = line.help.common;
  return made
    .helpOption("-h, --help", options.help)
    .option("--json", options.json)
    .option("-q, --quiet", options.quiet)
    .option("--no-color", options["no-color"])
    .option("--home <dir>", options.home)
    .option("--password-fd <n>", options["password-fd"], wholeNumber(line, 0, 1023))
    .option("--timeout <duration>", options.timeout)
    .addOption(new Option("--lang <language>", options.lang).choices(["en", "zh"]))
    .exitOverride();
}

/** Has a command run; everything that it needs is loaded only then. */
export function runs<Options>(line: CommandLine, made: Command, run: Run<Options>): Command {
  return made.action(async (...all: unknown[]) => {
    const arguments_ = all.slice(0, -2) as string[];
    const [{ createContext }, { limitTime, toTold }] = await Promise.all([
      import("../context.ts"),
      import("../time.ts"),
    ]);
    const common = commonOptionsOf(made);
    limitTime(line, common.timeout);
    const context = await createContext(common, line);
    try {
      process.exitCode = await run(context, made.opts() as Options, ...arguments_);
    } catch (error) {
      throw toTold(error, context.signal, context.sent);
    }
  });
}

/** The common options as they were given at any level, from the command up to the program. */
export function commonOptionsOf(made: Command): CommonOptions {
  const levels: CommonOptions[] = [];
  for (let level: Command | null = made; level !== null; level = level.parent) levels.push(level.opts());
  const home = levels.find((options) => options.home !== undefined)?.home;
  const timeout = levels.find((options) => options.timeout !== undefined)?.timeout;
  const passwordFd = levels.find((options) => options.passwordFd !== undefined)?.passwordFd;
  return {
    json: levels.some(({ json }) => json === true),
    quiet: levels.some(({ quiet }) => quiet === true),
    color: levels.every(({ color }) => color !== false),
    plugin: rootOf(made).name() !== "daochain",
    ...(home === undefined ? {} : { home }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(passwordFd === undefined ? {} : { passwordFd }),
  };
}

function rootOf(made: Command): Command {
  let root = made;
  while (root.parent !== null) root = root.parent;
  return root;
}

/** Adds lines of help, each a command that begins with daochain, and what it does. */
export function addExamples({ name, help }: CommandLine, made: Command, examples: readonly string[]): void {
  if (examples.length === 0) return;
  const lines = examples.map((line) => `  ${line.replace(/^daochain\b/, name)}`);
  made.addHelpText("after", `\n${help.common.titles.examples}\n${lines.join("\n")}`);
}

/** An option's value as a whole number within bounds. */
export function wholeNumber({ help }: CommandLine, least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(help.common.wholeNumber(least, most));
  };
}

/** Collects an option that may be given several times. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}
