import solc from "solc";
import { readImport } from "../../test/support/solidity.ts";

/** One break: bytes of a file and what stands there instead. */
export interface Mutant {
  readonly file: string;
  readonly start: number;
  readonly length: number;
  readonly replacement: string;
  readonly description: string;
}

interface Node {
  readonly nodeType: string;
  readonly src: string;
  readonly [key: string]: unknown;
}

/** What a comparison's or connective's nearest mistakes are. That a condition is turned round shows where it is set to true or false. */
const opposites: Readonly<Record<string, readonly string[]>> = {
  "<": ["<="],
  "<=": ["<"],
  ">": [">="],
  ">=": [">"],
  "&&": ["||"],
  "||": ["&&"],
  "+": ["-"],
  "-": ["+"],
};
const turned: Readonly<Record<string, readonly string[]>> = { "==": ["!="], "!=": ["=="] };

/** A statement that does nothing; its semicolon stands after it already. */
const nothing = "0";

/** The breaks of all contracts, found in the compiler's own syntax tree. */
export function findMutants(sources: Readonly<Record<string, string>>): Mutant[] {
  const input = {
    language: "Solidity",
    sources: Object.fromEntries(Object.entries(sources).map(([path, content]) => [path, { content }])),
    settings: { outputSelection: { "*": { "": ["ast"] } } },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: readImport }));
  return Object.entries(sources).flatMap(([file, text]) => {
    const finder = new Finder(file, Buffer.from(text));
    finder.visit(output.sources[file].ast, "");
    return finder.found;
  });
}

/** The sources with one break in them. */
export function mutate(
  sources: Readonly<Record<string, string>>,
  { file, start, length, replacement }: Mutant,
): Record<string, string> {
  const bytes = Buffer.from(sources[file] ?? "");
  const changed = Buffer.concat([
    bytes.subarray(0, start),
    Buffer.from(replacement),
    bytes.subarray(start + length),
  ]);
  return { ...sources, [file]: changed.toString() };
}

class Finder {
  readonly found: Mutant[] = [];
  readonly #file: string;
  readonly #bytes: Buffer;

  constructor(file: string, bytes: Buffer) {
    this.#file = file;
    this.#bytes = bytes;
  }

  /** @param role what the node is to the one above it */
  visit(node: Node, role: string): void {
    this.#consider(node, role);
    for (const [key, value] of Object.entries(node)) {
      for (const child of Array.isArray(value) ? value : [value]) {
        if (isNode(child)) this.visit(child, key);
      }
    }
  }

  #consider(node: Node, role: string): void {
    switch (node.nodeType) {
      case "IfStatement":
      case "Conditional": {
        const condition = node["condition"] as Node;
        this.#replace(condition, "false");
        // A rule that always refuses is seen by the first act.
        const body = node["trueBody"] as Node | undefined;
        if (body?.nodeType !== "RevertStatement") this.#replace(condition, "true");
        break;
      }
      case "BinaryOperation": {
        const [left, right] = [place(node["leftExpression"] as Node), place(node["rightExpression"] as Node)];
        const between = { start: left.start + left.length, length: right.start - left.start - left.length };
        const operator = String(node["operator"]);
        const others = opposites[operator] ?? (role === "condition" ? [] : turned[operator]);
        for (const other of others ?? []) this.#add(between, ` ${other} `, node);
        break;
      }
      case "UnaryOperation":
        if (node["operator"] === "!") this.#replace(node, this.#text(place(node["subExpression"] as Node)));
        break;
      case "ModifierInvocation":
        if (node["kind"] === "modifierInvocation") this.#replace(node, "");
        break;
      case "ExpressionStatement":
        // Without its step a loop only runs out of gas.
        if (role !== "loopExpression") this.#replace(node, nothing);
        break;
      case "EmitStatement":
      case "Continue":
        this.#replace(node, nothing);
        break;
      case "VariableDeclaration": {
        const value = node["value"] as Node | null | undefined;
        if (node["constant"] === true && value?.nodeType === "Literal") {
          this.#replace(value, `${Number(value["value"]) + 1}`);
        }
        break;
      }
    }
  }

  #replace(node: Node, replacement: string): void {
    this.#add(place(node), replacement, node);
  }

  #add({ start, length }: { start: number; length: number }, replacement: string, node: Node): void {
    const line = this.#bytes.subarray(0, start).toString().split("\n").length;
    const whole = place(node);
    const text = this.#text(whole);
    const offset = start - whole.start;
    const broken = text.slice(0, offset) + (replacement || "(nothing)") + text.slice(offset + length);
    const shorten = (code: string): string => code.replace(/\s+/g, " ").slice(0, 110);
    this.found.push({
      file: this.#file,
      start,
      length,
      replacement,
      description: `${this.#file}:${line} ${shorten(text)} -> ${shorten(broken)}`,
    });
  }

  #text({ start, length }: { start: number; length: number }): string {
    return this.#bytes.subarray(start, start + length).toString();
  }
}

/** Breaks that change nothing anyone could see: part of the description, and why. */
const explanations: readonly (readonly [part: string, why: string])[] = [
  [
    "i < last -> i <= last",
    "The last entry is looked at too: it is either not the one, or put in its own place before it is dropped.",
  ],
  ["offset < total -> offset <= total", "At the end of the list nothing is left either way."],
  ["left < limit -> left <= limit", "Of two equal numbers either is the smaller."],
];

/** Why a survivor may survive; undefined where nothing explains it. */
export function explained({ description }: Mutant): string | undefined {
  return explanations.find(([part]) => description.includes(part))?.[1];
}

function place(node: Node): { start: number; length: number } {
  const [start = 0, length = 0] = node.src.split(":").map(Number);
  return { start, length };
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "nodeType" in value;
}
