import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAst } from "vitest/node";
import { root } from "./imports.ts";

/** A text in a source file that reads like one for people. */
export interface Sentence {
  readonly file: string;
  readonly line: number;
  /** with … for each value in it */
  readonly text: string;
}

const sql = /^\s*(?:SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|PRAGMA|BEGIN|WITH|REPLACE)\b/;
/** A command line, as a person may type it. */
const command = /^(?:sudo )?(?:daochain|systemctl|chmod) [^.;:]*$/;
const word = /^["'(]?(?:[A-Z]?[a-z]+(?:['’-][a-z]+)*|[A-Z]|…)["')]?[,.;:?!]?$/;

/** Whether a text is made of words, as a sentence is: three in a row, or two of which the first is capitalised. */
export function readsLikeSentence(text: string): boolean {
  if (sql.test(text) || command.test(text)) return false;
  let inRow = 0;
  let capitalised = false;
  // A value stands for a word, but does not make a sentence by itself.
  let real = 0;
  for (const part of text.split(/\s+/)) {
    if (!word.test(part)) {
      inRow = 0;
      real = 0;
      continue;
    }
    if (inRow++ === 0) capitalised = /^["'(]?[A-Z]/.test(part);
    if (!part.includes("…")) real++;
    if ((inRow >= 3 && real >= 2) || (capitalised && inRow >= 2 && real >= 2)) return true;
  }
  return false;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [name: string]: unknown;
}

/** The texts of a source file that read like sentences, but those of types and of defects (`new Error`, `new RangeError`, ...). */
export function sentencesIn(file: string, source = readFileSync(join(root, file), "utf8")): Sentence[] {
  const found: Sentence[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const each of value) visit(each);
    if (!isNode(value) || value.type.startsWith("TSLiteral") || isDefect(value)) return;
    const text = textOf(value);
    if (text !== undefined && readsLikeSentence(text))
      found.push({ file, line: source.slice(0, value.start).split("\n").length, text });
    for (const child of Object.values(value)) visit(child);
  };
  visit(parseAst(source, { lang: file.endsWith("x") ? "tsx" : "ts" }));
  return found;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

function isDefect({ type, callee }: Node): boolean {
  return (
    type === "NewExpression" && isNode(callee) && /^(?:|Range|Type|Syntax)Error$/.test(String(callee["name"]))
  );
}

function textOf({ type, value, quasis }: Node): string | undefined {
  if (type === "Literal" || type === "JSXText") return typeof value === "string" ? value : undefined;
  if (type !== "TemplateLiteral") return undefined;
  return (quasis as { readonly value: { readonly cooked: string } }[])
    .map((part) => part.value.cooked)
    .join("…");
}
