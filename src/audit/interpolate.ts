import { type DaoChainError, failure } from "../errors.ts";
import { type Message, say } from "../messages/message.ts";

type Variables = ReadonlyMap<string, string>;

/** Variables within variables, at most. */
const maxDepth = 20;
const name = /[A-Za-z_][A-Za-z0-9_]*/y;

/** A value with its variables in their places. */
export interface Interpolated {
  readonly text: string;
  /** variables that have no value, and for which nothing else is given */
  readonly unset: readonly string[];
}

/**
 * Puts variables into a value as the Compose Specification says ("Interpolation"): `$X`, `${X}`, `${X:-else}`, `${X-else}`, `${X:?error}`,
 * `${X?error}`, `${X:+instead}`, `${X+instead}`, one within the other; `$$` is a dollar sign.
 * @throws VARIABLES_INVALID where it is none of these, or a variable is demanded that has no value
 */
export function interpolate(text: string, variables: Variables): Interpolated {
  const unset: string[] = [];
  const { text: result } = read(text, 0, variables, unset, 0, false);
  return { text: result, unset };
}

/** @param inBraces whether a brace ends it @returns the text, and where reading ended */
function read(
  text: string,
  from: number,
  variables: Variables,
  unset: string[],
  depth: number,
  inBraces: boolean,
): { text: string; end: number } {
  if (depth > maxDepth) throw invalid(text, say("variables-too-deep"));
  let result = "";
  let at = from;
  while (at < text.length) {
    const character = text[at] ?? "";
    if (inBraces && character === "}") return { text: result, end: at };
    if (character !== "$") {
      result += character;
      at++;
    } else if (text[at + 1] === "$") {
      result += "$";
      at += 2;
    } else if (text[at + 1] === "{") {
      const { value, end } = readBraces(text, at + 2, variables, unset, depth);
      result += value;
      at = end;
    } else {
      const variable = nameAt(text, at + 1);
      if (variable === undefined) throw invalid(text, say("variables-dollar"));
      result += lookUp(variable, variables, unset);
      at += 1 + variable.length;
    }
  }
  if (inBraces) throw invalid(text, say("variables-brace"));
  return { text: result, end: at };
}

function readBraces(
  text: string,
  from: number,
  variables: Variables,
  unset: string[],
  depth: number,
): { value: string; end: number } {
  const variable = nameAt(text, from);
  if (variable === undefined) throw invalid(text, say("variables-no-name"));
  const at = from + variable.length;
  if (text[at] === "}") return { value: lookUp(variable, variables, unset), end: at + 1 };
  const operator = /^:?[-?+]/.exec(text.slice(at, at + 2))?.[0];
  if (operator === undefined) throw invalid(text, say("variables-unknown", { name: variable }));
  // What is not used may lack what it likes.
  const ignored: string[] = [];
  const other = read(text, at + operator.length, variables, ignored, depth + 1, true);
  const end = other.end + 1;
  const value = variables.get(variable);
  const isThere = value !== undefined && (value !== "" || !operator.startsWith(":"));
  const use = (): string => {
    unset.push(...ignored);
    return other.text;
  };
  if (operator.endsWith("+")) return { value: isThere ? use() : "", end };
  if (isThere) return { value, end };
  if (operator.endsWith("-")) return { value: use(), end };
  const why = other.text.slice(0, 200);
  throw invalid(
    text,
    why === ""
      ? say("variables-must", { name: variable })
      : say("variables-must-because", { name: variable, why }),
  );
}

function nameAt(text: string, at: number): string | undefined {
  name.lastIndex = at;
  return name.exec(text)?.[0];
}

function lookUp(variable: string, variables: Variables, unset: string[]): string {
  const value = variables.get(variable);
  if (value === undefined) unset.push(variable);
  return value ?? "";
}

function invalid(text: string, reason: Message): DaoChainError {
  return failure("VARIABLES_INVALID", { text: JSON.stringify(text.slice(0, 200)), reason });
}

/**
 * Reads a `.env` file as docker compose does: `NAME=value` lines, with `export` before them or not; comments; values in single quotes as they
 * stand, in double quotes with escapes and variables, without quotes with variables.
 * @param known variables of the environment, which count more
 * @throws VARIABLES_INVALID
 */
export function parseDotenv(text: string, known: Variables): Map<string, string> {
  const found = new Map<string, string>();
  const line =
    /^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*[=:][ \t]*(?:'([^']*)'|"((?:[^"\\]|\\.)*)"|([^\r\n]*?))[ \t]*(?:[ \t]#[^\r\n]*)?$/gms;
  for (const [, variable = "", single, double, bare = ""] of text.matchAll(line)) {
    const variables = new Map([...found, ...known]);
    if (single !== undefined) found.set(variable, single);
    else if (double !== undefined) found.set(variable, interpolate(withoutEscapes(double), variables).text);
    else found.set(variable, interpolate(bare.replace(/(?:^|[ \t]+)#.*$/, ""), variables).text);
  }
  return found;
}

function withoutEscapes(text: string): string {
  const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", $: "$$" };
  return text.replace(/\\(.)/gs, (_, character: string) => escapes[character] ?? character);
}
