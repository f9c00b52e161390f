import { type Home, homeAt, type Translator, translatorFor } from "../src/internal.ts";
import type { CommandLine } from "./commands/command.ts";
import { liveLines } from "./output/live-lines.ts";
import { type Style, styleFor } from "./output/style.ts";
import type { Language } from "./words/language.ts";
import { type Words, wordsIn } from "./words/words.ts";

/** The options that every command takes. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
  readonly home?: string;
  readonly passwordFd?: number;
  readonly timeout?: string;
  readonly plugin?: boolean;
}

/** What a command runs in. Results go to stdout; everything else goes to stderr. */
export interface Context {
  readonly home: Home;
  readonly env: NodeJS.ProcessEnv;
  readonly json: boolean;
  readonly quiet: boolean;
  /** whether docker started this process, as its plugin */
  readonly plugin: boolean;
  /** descriptor that gives an account's password */
  readonly passwordFd: number | undefined;
  /** an account's password, where a person has been asked already */
  readonly password?: string | undefined;
  /** told how far things are in the place of stderr */
  readonly progress?: ((what: string) => void) | undefined;
  /** aborted by Ctrl-C, SIGTERM and `--timeout` */
  readonly signal: AbortSignal;
  /** transactions that the chain took, of which it is not known yet whether they were recorded */
  readonly sent: Set<string>;
  /** whether a person can be asked */
  readonly interactive: boolean;
  readonly style: Style;
  readonly language: Language;
  /** what commands say, in the reader's language */
  readonly words: Words;
  /** what the library says, in the reader's language */
  readonly translator: Translator;
  /** prints a line of results */
  result(line: string): void;
  /** prints a line for people, unless `--quiet` */
  note(line: string): void;
}

export async function createContext(
  options: CommonOptions,
  { signal, language }: Pick<CommandLine, "signal" | "language">,
): Promise<Context> {
  const { env } = process;
  const [words, translator] = await Promise.all([wordsIn(language), translatorFor(language)]);
  const quiet = options.quiet === true;
  const plain = options.color === false || (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb";
  return {
    home: homeAt(options.home ?? (env["DAOCHAIN_HOME"] || undefined)),
    env,
    json: options.json === true,
    quiet,
    plugin: options.plugin === true,
    passwordFd: options.passwordFd,
    signal,
    sent: new Set(),
    language,
    words,
    translator,
    interactive: process.stdin.isTTY === true && process.stderr.isTTY === true,
    style: styleFor(!plain && process.stdout.isTTY === true),
    result: (line) => process.stdout.write(`${line}\n`),
    note: (line) => {
      if (!quiet) liveLines.print(line);
    },
  };
}
