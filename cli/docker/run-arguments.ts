import type { RunFlags } from "./run-flags.ts";

/** A flag as it was typed, with its value. */
interface Flag {
  /** without dashes; one letter for those behind a single dash */
  readonly name: string;
  /** undefined for one that takes none */
  readonly value: string | undefined;
}

/** The arguments of `daochain run`, apart. */
export interface RunArguments {
  /** for docker run, as they were typed */
  readonly dockerFlags: readonly string[];
  /** what is read from them here */
  readonly flags: readonly Flag[];
  /** daochain's own */
  readonly own: ReadonlyMap<string, string>;
  /** undefined where none was typed */
  readonly image: string | undefined;
  /** for the container */
  readonly rest: readonly string[];
}

/** Arguments that cannot be taken apart. */
export class ArgumentError extends Error {
  readonly code: "RUN_FLAG_UNKNOWN" | "RUN_FLAG_WITHOUT_VALUE" | "RUN_OPTION_WITH_VALUE";
  /** the flag or option, quoted where it is not ours */
  readonly word: string;

  constructor(code: ArgumentError["code"], word: string) {
    super(`${code}: ${word}`);
    this.code = code;
    this.word = word;
  }
}

/** Our options, of which docker run has none; and whether they take a value. */
const ownOptions: RunFlags = new Map([
  ["org", true],
  ["depth", true],
  ["home", true],
  ["timeout", true],
  ["json", false],
  ["no-color", false],
]);

/**
 * Finds the image among the arguments, as docker's own parser would (github.com/spf13/pflag, without interspersed flags), and takes out
 * the options that are ours.
 * @param flags those of the docker command that will get them; asked for only where a flag is met
 * @throws ArgumentError for a flag of which nobody knows whether a value follows
 */
export function splitRunArguments(arguments_: readonly string[], flags: () => RunFlags): RunArguments {
  const dockerFlags: string[] = [];
  const read: Flag[] = [];
  const own = new Map<string, string>();
  let at = 0;
  const valueAfter = (word: string): string => {
    const value = arguments_[++at];
    if (value === undefined) throw new ArgumentError("RUN_FLAG_WITHOUT_VALUE", quote(word));
    return value;
  };
  for (; at < arguments_.length; at++) {
    const word = arguments_[at] ?? "";
    if (word === "--") {
      at++;
      break;
    }
    if (!word.startsWith("-") || word === "-") break;
    const start = at;
    if (!word.startsWith("--")) {
      readLetters(word, flags(), read, valueAfter);
      dockerFlags.push(...arguments_.slice(start, at + 1));
      continue;
    }
    const [, name = "", attached] = /^--([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
    const isOurs = ownOptions.has(name);
    const takesValue = isOurs ? ownOptions.get(name) : flags().get(name);
    // With its value attached, a flag that nobody knows is docker's to refuse.
    if (takesValue === undefined && attached === undefined) throw unknown(word);
    if (isOurs && takesValue === false && attached !== undefined) {
      throw new ArgumentError("RUN_OPTION_WITH_VALUE", `--${name}`);
    }
    const value = attached ?? (takesValue === true ? valueAfter(word) : undefined);
    if (isOurs) own.set(name, value ?? "");
    else {
      read.push({ name, value });
      dockerFlags.push(...arguments_.slice(start, at + 1));
    }
  }
  return { dockerFlags, flags: read, own, image: arguments_[at], rest: arguments_.slice(at + 1) };
}

/** Letters behind one dash: flags without values, and at the end perhaps one with its value in the same word or in the next. */
function readLetters(
  word: string,
  flags: RunFlags,
  read: Flag[],
  valueAfter: (word: string) => string,
): void {
  for (let letters = word.slice(1); letters !== ""; letters = letters.slice(1)) {
    const name = letters.slice(0, 1);
    const takesValue = flags.get(name);
    if (takesValue === undefined) throw unknown(word);
    if (letters.length > 2 && letters[1] === "=") {
      read.push({ name, value: letters.slice(2) });
      return;
    }
    if (takesValue) {
      read.push({ name, value: letters.length > 1 ? letters.slice(1) : valueAfter(word) });
      return;
    }
    read.push({ name, value: undefined });
  }
}

function unknown(word: string): ArgumentError {
  return new ArgumentError("RUN_FLAG_UNKNOWN", quote(word));
}

function quote(word: string): string {
  return JSON.stringify(word.slice(0, 60));
}
