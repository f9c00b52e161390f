import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { root } from "./imports.ts";

const directory = join(root, "docs/schemas");

/** The schemas of docs/schemas, by their files' names without the ending. */
export const schemas: ReadonlyMap<string, Record<string, unknown>> = new Map(
  readdirSync(directory)
    .filter((file) => file.endsWith(".schema.json"))
    .sort()
    .map((file) => [
      file.replace(".schema.json", ""),
      JSON.parse(readFileSync(join(directory, file), "utf8")),
    ]),
);

const ajv = new Ajv2020({
  allErrors: true,
  allowUnionTypes: true,
  strictTypes: false,
  strictRequired: false,
});
for (const [name, schema] of schemas) ajv.addSchema(schema, `${name}.schema.json`);

/** Compiles a schema. @throws where it is none, or refers to one that is not there */
export function compile(name: string): (value: unknown) => string[] {
  const validate = ajv.getSchema(`${name}.schema.json`);
  if (validate === undefined) throw new Error(`docs/schemas has no ${name}.schema.json`);
  return (value) => {
    if (validate(value) === true) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  };
}

/** The schema of what a command prints with `--json`, by the words that name the command. */
const byCommand: Readonly<Record<string, string>> = {
  verify: "verify",
  pull: "verify",
  run: "verify",
  sign: "sign",
  push: "sign",
  approve: "sign",
  submit: "sign",
  revoke: "revoke",
  diff: "diff",
  log: "log",
  search: "search",
  images: "images",
  inspect: "inspect",
  audit: "audit",
  up: "up",
  down: "down",
  status: "status",
  "org list": "org-list",
  "account list": "account-list",
  "account show": "account",
  "account create": "account",
  "account import": "account",
  "account use": "account",
  "policy check": "policy-check",
  "policy explain": "policy-explain",
  "gate docker status": "gate-docker-status",
  "gate containerd status": "gate-containerd-status",
};

/** The schema of what was printed. */
export function schemaOf(words: readonly string[], value: unknown): string {
  if (typeof value === "object" && value !== null && Object.keys(value).join() === "error") return "error";
  if (words.includes("sign") && words.includes("--dry-run")) return "sign-dry-run";
  if (words.includes("sign") && (words.includes("--output") || words.includes("-o"))) return "signed-claim";
  const plain = words.filter((word) => !word.startsWith("-"));
  const of = (first: number): string | undefined =>
    [3, 2, 1].map((count) => byCommand[plain.slice(first, first + count).join(" ")]).find(Boolean);
  for (const [at, word] of plain.entries()) {
    const found = of(at) ?? (word === "org" ? "org" : undefined);
    if (found !== undefined) return found;
  }
  throw new Error(
    `daochain ${words.join(" ")} has no schema in docs/schemas; test/support/schemas.ts names them`,
  );
}

/**
 * Holds what a command printed against its schema.
 * @param words the command and its arguments
 * @throws where it has a key that the schema does not, or lacks one that it has
 */
export function requireSchema(words: readonly string[], value: unknown): void {
  const name = schemaOf(words, value);
  const problems = compile(name)(value);
  if (problems.length === 0) return;
  throw new Error(
    `daochain ${words.join(" ")} printed what docs/schemas/${name}.schema.json does not have:\n${problems.join("\n")}\n${JSON.stringify(value, null, 2)}`,
  );
}
