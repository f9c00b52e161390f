import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bindings } from "../../../../cli/tui/keys/bindings.ts";
import { columnsOf, plain } from "../../../../cli/tui/text/columns.ts";
import { en } from "../../../../cli/words/browser/en.ts";
import { zh } from "../../../../cli/words/browser/zh.ts";
import { languageOf } from "../../../../cli/words/language.ts";
import { root, sourceFiles } from "../../../support/imports.ts";

/** Every text of a language by its path, functions with what they say. */
function texts(value: unknown, path = ""): [path: string, text: string][] {
  if (typeof value === "string") return [[path, value]];
  if (typeof value === "function") return [[path, String(value("7", "9", "8"))]];
  return Object.entries(value as object).flatMap(([key, each]) =>
    texts(each, path === "" ? key : `${path}.${key}`),
  );
}

describe("words", () => {
  test("are the same in both languages, and none is empty", () => {
    expect(texts(zh).map(([path]) => path)).toEqual(texts(en).map(([path]) => path));
    for (const [path, text] of [...texts(en), ...texts(zh)]) expect(text.trim(), path).not.toBe("");
  });

  test("are as a terminal shows them", () => {
    for (const [path, text] of [...texts(en), ...texts(zh)]) expect(plain(text), path).toBe(text);
  });

  test("that take arguments say them in both languages", () => {
    for (const [path, text] of [...texts(en), ...texts(zh)].filter(([, said]) =>
      /undefined|NaN/.test(said),
    )) {
      expect.fail(`${path}: ${text}`);
    }
  });

  test("of Chinese are Chinese, except names and numbers", () => {
    const latin = texts(zh).filter(([, text]) => !/\p{Script=Han}/u.test(text));
    expect(
      latin
        .map(([path]) => path)
        .filter((path) => !/^keyNames\.|^of$|^detail\.approvals$|^approvals$/.test(path)),
    ).toEqual([]);
  });

  test("that stand in columns fit them", () => {
    for (const words of [en, zh]) {
      for (const text of Object.values(words.status)) expect(columnsOf(`✓ ${text}`)).toBeLessThanOrEqual(14);
      for (const text of Object.values(words.standing))
        expect(columnsOf(`✓ ${text}`)).toBeLessThanOrEqual(12);
      for (const text of Object.values(words.local)) expect(columnsOf(`✓ ${text}`)).toBeLessThanOrEqual(15);
      for (const text of Object.values(words.depth)) expect(columnsOf(text)).toBeLessThanOrEqual(9);
      for (const span of Object.values(words.span)) expect(columnsOf(span(59))).toBeLessThanOrEqual(5);
    }
  });

  test("are all said somewhere", () => {
    const source = sourceFiles("cli/tui", "cli/browser")
      .filter((file) => !file.includes("/words/"))
      .map((file) => readFileSync(join(root, file), "utf8"))
      .join("\n");
    const names = Object.keys(en).flatMap((name) => {
      const value = en[name as keyof typeof en];
      return typeof value === "object" &&
        ["ask", "empty", "nothingToDo", "detail", "account", "market", "organisation"].includes(name)
        ? Object.keys(value)
        : [name];
    });
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(source))).toEqual([]);
  });

  test("say each action of each key", () => {
    const actions = new Set(Object.values(bindings).flatMap((all) => all.map(({ action }) => action)));
    expect([...actions].sort()).toEqual(Object.keys(en.keys).sort());
  });
});

describe("the language", () => {
  test.each([
    [undefined, {}, "en"],
    [undefined, { LANG: "zh_CN.UTF-8" }, "zh"],
    [undefined, { LANG: "zh" }, "zh"],
    [undefined, { LANG: "en_GB.UTF-8", LC_MESSAGES: "zh_TW.UTF-8" }, "zh"],
    [undefined, { LANG: "zh_CN", LC_ALL: "C" }, "en"],
    [undefined, { LANG: "zh_CN", LC_ALL: "" }, "zh"],
    [undefined, { LANG: "zha_XX" }, "en"],
    ["en", { LANG: "zh_CN" }, "en"],
    ["zh", { LANG: "C" }, "zh"],
  ] as const)("asked for as %j with %j is %s", (asked, env, language) => {
    expect(languageOf(asked, env)).toBe(language);
  });
});
