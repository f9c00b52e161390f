import type { Document } from "yaml";
import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  visit,
} from "yaml";
import { type DaoChainError, failure } from "../errors.ts";
import { readSmallFile } from "../files.ts";
import { say } from "../messages/message.ts";
import type { Value } from "../messages/template.ts";

/** Bytes of a file; depth of what stands in it; and how much that is once its aliases stand for what they mean. */
const maxBytes = 4 << 20;
const maxDepth = 100;
const maxNodes = 500_000;
/** Times that an alias stands for what holds others, multiplied (the package's `maxAliasCount`). */
const maxAliases = 10_000;
const maxDocuments = 10_000;

/** One document of a file in YAML, of which JSON is a part. */
export interface YamlDocument {
  /** plain values; what an alias stands for may be shared */
  readonly value: unknown;
  /** where the document begins, from 1 on */
  readonly line: number;
  /** the line of a value, from 1 on; that of what holds it, where it has none of its own. @param path member names and positions */
  lineOf(path: readonly (string | number)[]): number;
}

/**
 * Reads a file of documents in YAML or JSON. It is hostile: its size, depth and what its aliases blow it up to are bounded.
 * @throws YAML_FILE_MISSING, YAML_INVALID, YAML_TOO_LARGE, and as `readSmallFile`
 */
export async function readYamlFile(file: string): Promise<YamlDocument[]> {
  const text = await readSmallFile(file, maxBytes);
  if (text === undefined) throw failure("YAML_FILE_MISSING", { path: file });
  return parseYaml(text, file);
}

/** The same of a text. @param file what it is called in messages @throws YAML_INVALID, YAML_TOO_LARGE */
export function parseYaml(text: string, file: string): YamlDocument[] {
  const invalid = (why: Value, line?: number): DaoChainError => {
    const reason = line === undefined ? why : say("yaml-at-line", { line, reason: why });
    return failure("YAML_INVALID", { path: file, reason });
  };
  checkNesting(text, invalid);
  if ((text.match(/^---/gm)?.length ?? 0) > maxDocuments) throw tooLarge(file);
  const lines = new LineCounter();
  let documents: Document.Parsed[];
  try {
    documents = [
      ...parseAllDocuments(text, {
        lineCounter: lines,
        merge: true,
        // The package compares each key with all before it; here they are looked up.
        uniqueKeys: false,
        prettyErrors: false,
        logLevel: "silent",
      }),
    ];
  } catch (cause) {
    // What is nested too deeply for the package's parser overflows its stack.
    if (cause instanceof RangeError) throw invalid(say("yaml-too-deep"));
    throw cause;
  }
  if (documents.length > maxDocuments) throw tooLarge(file);
  return documents.map((document) => {
    const [error] = document.errors;
    const lineAt = (offset: number): number => Math.max(1, lines.linePos(offset).line);
    if (error !== undefined)
      throw invalid(error.message.split("\n", 1)[0]?.slice(0, 200) ?? "", lineAt(error.pos[0]));
    const start = lineAt(document.contents?.range?.[0] ?? document.range[0]);
    const repeated = findRepeated(document);
    if (repeated !== undefined) throw invalid(say("yaml-key-twice"), lineAt(repeated));
    let value: unknown;
    try {
      value = document.toJS({ maxAliasCount: maxAliases });
    } catch {
      throw invalid(say("yaml-aliases"), start);
    }
    if (!isBounded(value)) throw tooLarge(file);
    return { value, line: start, lineOf: (path) => lineOf(document, path, lineAt, start) };
  });
}

/** The package's parser calls itself for each level. This counts brackets and indentation, more of them than there may be levels. */
function checkNesting(text: string, invalid: (why: Value) => DaoChainError): void {
  let depth = 0;
  for (const character of text) {
    if (character === "[" || character === "{") depth++;
    else if ((character === "]" || character === "}") && depth > 0) depth--;
    if (depth > 10 * maxDepth) throw invalid(say("yaml-too-deep"));
  }
}

/** @returns where a key stands that its mapping has already */
function findRepeated(document: Document.Parsed): number | undefined {
  let found: number | undefined;
  visit(document, {
    Map: (_, { items }) => {
      const keys = new Set<unknown>();
      for (const { key } of items) {
        const name = nameOf(key);
        // Several merges are as good as one of a list.
        if (name !== "<<" && keys.has(name)) {
          found = (isNode(key) ? key.range?.[0] : undefined) ?? 0;
          return visit.BREAK;
        }
        keys.add(name);
      }
      return undefined;
    },
  });
  return found;
}

/** A key as plain values have it; the package makes a symbol of a merge's. */
function nameOf(key: unknown): unknown {
  if (!isScalar(key)) return key;
  return typeof key.value === "symbol" ? "<<" : String(key.value);
}

function tooLarge(file: string): DaoChainError {
  return failure("YAML_TOO_LARGE", { path: file });
}

/** Counts what a walk would see: each value as often as it stands somewhere. */
function isBounded(value: unknown): boolean {
  const known = new Map<object, number>();
  const open = new Set<object>();
  const count = (at: unknown, depth: number): number => {
    if (typeof at !== "object" || at === null) return 1;
    const before = known.get(at);
    if (before !== undefined) return before;
    if (open.has(at) || depth > maxDepth) return Number.POSITIVE_INFINITY;
    open.add(at);
    let sum = 1;
    for (const inner of Object.values(at)) {
      sum += count(inner, depth + 1);
      if (sum > maxNodes) return Number.POSITIVE_INFINITY;
    }
    open.delete(at);
    known.set(at, sum);
    return sum;
  };
  return count(value, 0) <= maxNodes;
}

function lineOf(
  document: Document.Parsed,
  path: readonly (string | number)[],
  lineAt: (offset: number) => number,
  start: number,
): number {
  let line = start;
  let at: Node | undefined = document.contents ?? undefined;
  for (const part of path) {
    at = step(document, at, part, 0);
    const offset = at?.range?.[0];
    if (offset === undefined) break;
    line = lineAt(offset);
  }
  return line;
}

/** A member of a node, through aliases and merges. */
function step(
  document: Document,
  from: Node | undefined,
  part: string | number,
  depth: number,
): Node | undefined {
  const node = isAlias(from) ? from.resolve(document) : from;
  if (depth > maxDepth) return undefined;
  if (isSeq(node)) {
    const item = node.items[Number(part)];
    return isNode(item) ? item : undefined;
  }
  if (!isMap(node)) return undefined;
  const named = (name: string) => node.items.find(({ key }) => nameOf(key) === name)?.value;
  const own = named(String(part));
  if (isNode(own)) return own;
  const merged = named("<<");
  if (!isNode(merged)) return undefined;
  const resolved = isAlias(merged) ? merged.resolve(document) : merged;
  const sources = isSeq(resolved) ? resolved.items.filter(isNode) : [resolved];
  for (const source of sources) {
    const found = step(document, source, part, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
