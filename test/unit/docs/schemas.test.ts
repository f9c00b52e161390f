import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { defaultPolicy } from "../../../src/policy/policy.ts";
import { decide } from "../../../src/verdict/decide.ts";
import { verdictStatuses } from "../../../src/verdict/verdict.ts";
import { claim, evidenceOf } from "../../support/evidence.ts";
import { root } from "../../support/imports.ts";
import { compile, requireSchema, schemas } from "../../support/schemas.ts";

const readme = readFileSync(join(root, "docs/schemas/README.md"), "utf8");

/** Every object with keys of ours in a schema, by its path. */
function openObjects(value: unknown, path: string): string[] {
  if (typeof value !== "object" || value === null) return [];
  const schema = value as Record<string, unknown>;
  const isOpen =
    schema["properties"] !== undefined &&
    schema["additionalProperties"] !== false &&
    schema["unevaluatedProperties"] !== false &&
    // What is put together with others is closed where it is used.
    !/^common\/\$defs\/(verdict|entry|act|account)$/.test(path);
  return [
    ...(isOpen ? [path] : []),
    ...Object.entries(schema).flatMap(([key, inner]) =>
      key === "properties" && path.endsWith("/properties") ? [] : openObjects(inner, `${path}/${key}`),
    ),
  ];
}

describe("docs/schemas", () => {
  test.each([...schemas.keys()])(
    "%s is JSON Schema 2020-12, closed to keys that it does not name, and listed",
    (name) => {
      const schema = schemas.get(name);
      expect(schema?.["$schema"]).toBe("https://json-schema.org/draft/2020-12/schema");
      expect(schema?.["title"]).toMatch(/./);
      expect(() => compile(name)).not.toThrow();
      expect(openObjects(schema, name)).toEqual([]);
      expect(readme).toContain(`(${name}.schema.json)`);
    },
  );

  test("a verdict fits, and one with a key more, a key less or another status does not", () => {
    const verdict = JSON.parse(
      JSON.stringify(decide(evidenceOf(claim({ annotations: { a: "b" } })), defaultPolicy)),
    );
    expect(() => requireSchema(["verify", "x"], verdict)).not.toThrow();
    expect(() => requireSchema(["verify", "x"], [verdict, verdict])).not.toThrow();
    const { depth: _depth, ...less } = verdict;
    for (const wrong of [
      { ...verdict, more: 1 },
      less,
      { ...verdict, status: "fine" },
      { ...verdict, claim: { ...verdict.claim, more: 1 } },
      [{ ...verdict, subjects: [{ kind: "config" }] }],
    ])
      expect(() => requireSchema(["verify", "x"], wrong)).toThrow("docs/schemas/verify.schema.json");
  });

  test("the statuses are those that there are", () => {
    const { $defs } = schemas.get("common") as { $defs: { status: { enum: string[] } } };
    expect($defs.status.enum).toEqual(Object.keys(verdictStatuses));
  });

  test("an output without a schema is refused", () => {
    expect(() => requireSchema(["frobnicate"], {})).toThrow("has no schema");
    expect(() =>
      requireSchema(["frobnicate"], { error: { code: "USAGE", message: "m", hint: null } }),
    ).not.toThrow();
  });
});
