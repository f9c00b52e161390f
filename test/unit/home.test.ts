import { writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { changeSettings, homeAt, readSettings } from "../../src/home.ts";
import { codeOf } from "../support/errors.ts";
import { testDirectory } from "../support/images.ts";

test("a home is a directory of its own, below the user's unless said otherwise", () => {
  expect(homeAt().directory).toBe(join(homedir(), ".daochain"));
  expect(homeAt("somewhere").directory).toBe(join(process.cwd(), "somewhere"));
});

test("settings are changed one by one, and what they are not is left out", async () => {
  const home = homeAt(join(await testDirectory(), "home"));
  expect(await readSettings(home)).toEqual({});
  await changeSettings(home, { account: "ci" });
  expect(await changeSettings(home, { organisation: "acme" })).toEqual({
    account: "ci",
    organisation: "acme",
  });
  expect(await readSettings(home)).toEqual({ account: "ci", organisation: "acme" });
  await writeFile(home.settings, '{"account":7,"organisation":"acme","other":true}');
  expect(await readSettings(home)).toEqual({ organisation: "acme" });
  for (const text of ["", "null", "[]", "{"]) {
    await writeFile(home.settings, text);
    expect(await codeOf(() => readSettings(home))).toBe("FILE_NOT_JSON");
  }
});
