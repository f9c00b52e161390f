import type { Argument, Command, Option } from "commander";

/** What a word may be: one of a few, or something that must be looked for. */
export type Wanted =
  | { readonly kind: "values"; readonly values: readonly Candidate[] }
  | { readonly kind: "images" | "organisations" | "accounts" | "files" | "directories" };

export interface Candidate {
  readonly value: string;
  readonly about?: string;
}

/** The word that is to be completed, and what has been said before it. */
export interface Line {
  readonly wanted: readonly Wanted[];
  /** what of the word is to be completed */
  readonly text: string;
  /** what stands before that in the same word, such as `--org=` */
  readonly before: string;
  /** values of `--home` and the like, wherever they stand */
  readonly options: Readonly<Record<string, string>>;
}

/**
 * Reads a line as commander would, up to a word that may be anything yet.
 * @param words behind the program's name; the last one is to be completed
 */
export function readLine(program: Command, words: readonly string[]): Line {
  const current = unquote(words.at(-1) ?? "");
  let command = program;
  let expected: Option | undefined;
  let isPositional = false;
  let isHelp = false;
  const positional: string[] = [];
  const options: Record<string, string> = {};
  for (const word of words.slice(0, -1)) {
    if (expected !== undefined) {
      options[expected.attributeName()] = word;
      expected = undefined;
    } else if (isPositional || word === "-" || !word.startsWith("-")) {
      const next = isPositional || positional.length > 0 ? undefined : subcommand(command, word);
      if (next !== undefined) command = next;
      else if (word === "help" && command === program) isHelp = true;
      else positional.push(word);
    } else if (word === "--") isPositional = true;
    else {
      const [name = "", value] = splitOption(word);
      const option = findOption(command, name);
      if (value !== undefined && option !== undefined) options[option.attributeName()] = value;
      else if (option !== undefined && takesValue(option)) expected = option;
    }
  }
  const line = (wanted: readonly Wanted[], text = current, before = ""): Line => ({
    wanted,
    text,
    before,
    options,
  });
  if (expected !== undefined) return line(valuesOf(expected));
  if (!isPositional && current.startsWith("-")) {
    const [name = "", value] = splitOption(current);
    if (value === undefined) return line([{ kind: "values", values: optionsOf(command) }]);
    const option = findOption(command, name);
    return line(option === undefined ? [] : valuesOf(option), value, `${name}=`);
  }
  const commands = positional.length === 0 && !isPositional ? subcommandsOf(command) : [];
  const wanted: Wanted[] = commands.length === 0 ? [] : [{ kind: "values", values: commands }];
  if (!isHelp) wanted.push(...argumentAt(command, positional.length));
  return line(wanted);
}

/** A word as it was typed, without the quote that it begins with. */
function unquote(word: string): string {
  return word.replace(/^["']/, "").replaceAll(/\\(.)/g, "$1");
}

function splitOption(word: string): [name: string, value: string | undefined] {
  const at = word.startsWith("--") ? word.indexOf("=") : -1;
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

function subcommand(command: Command, name: string): Command | undefined {
  return command.commands.find((one) => one.name() === name || one.aliases().includes(name));
}

/** Those that help shows. */
function subcommandsOf(command: Command): Candidate[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .map((one) => ({ value: one.name(), about: one.description() }));
}

function optionsOf(command: Command): Candidate[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long, description }) =>
      long === undefined || long === null ? [] : [{ value: long, about: description }],
    );
}

function findOption(command: Command, name: string): Option | undefined {
  return command.options.find(({ long, short }) => name === long || name === short);
}

function takesValue({ required, optional }: Option): boolean {
  return required || optional;
}

function valuesOf(option: Option): Wanted[] {
  if (option.argChoices !== undefined) return choices(option.argChoices);
  if (option.long === "--org") return [{ kind: "organisations" }];
  if (option.long === "--account") return [{ kind: "accounts" }];
  const placeholder = /[<[]([^>\]]+)[>\]]/.exec(option.flags)?.[1] ?? "";
  return ofPlaceholder(placeholder);
}

function argumentAt(command: Command, position: number): Wanted[] {
  const all: readonly Argument[] = command.registeredArguments;
  const last = all.at(-1);
  const argument = all[position] ?? (last?.variadic === true ? last : undefined);
  if (argument === undefined) return [];
  if (argument.argChoices !== undefined) return choices(argument.argChoices);
  const name = argument.name();
  if (name !== "name") return ofPlaceholder(name);
  // What is new has no name yet.
  if (["create", "import", "admit"].includes(command.name())) return [];
  const group = command.parent?.name();
  if (group === "account") return [{ kind: "accounts" }];
  return group === "org" ? [{ kind: "organisations" }] : [];
}

/** What a place is for, by what help calls it: `<image>`, `<image|digest|claim>`, `<file>`, ... */
function ofPlaceholder(placeholder: string): Wanted[] {
  const words = placeholder.replace("...", "").split("|");
  const means = (...names: string[]): boolean => words.some((word) => names.includes(word));
  if (means("image", "repository", "docker-run-arguments")) return [{ kind: "images" }];
  if (means("org", "organisation")) return [{ kind: "organisations" }];
  if (means("account")) return [{ kind: "accounts" }];
  if (means("dir", "directory")) return [{ kind: "directories" }];
  return means("file", "list", "path", "socket", "program") ? [{ kind: "files" }] : [];
}

function choices(values: readonly string[]): Wanted[] {
  return [{ kind: "values", values: values.map((value) => ({ value })) }];
}
