import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../support/imports.ts";

test("each attack of the threat model names a test that is there", () => {
  const page = readFileSync(join(root, "docs/threat-model.md"), "utf8");
  const rows = page
    .split("\n")
    .filter((line) => /^\| (?!who|attack|---)/.test(line) && line.includes("test/"));
  const named = rows.flatMap((row) => [...row.matchAll(/`(test\/[^`]+)`/g)].map(([, file = ""]) => file));
  expect(rows.length).toBeGreaterThan(20);
  expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});
