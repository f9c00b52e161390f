import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { collectImages, mapInParallel, printResults } from "../../../cli/actions/images.ts";
import type { Context } from "../../../cli/context.ts";
import { exitCodes } from "../../../cli/exit-codes.ts";
import { styleFor } from "../../../cli/output/style.ts";
import * as library from "../../../src/internal.ts";
import { spoken } from "../../support/command-line.ts";
import { codeOf } from "../../support/errors.ts";
import { testDirectory } from "../../support/images.ts";

function context(more: Partial<Context> = {}): Context & { readonly lines: string[] } {
  const lines: string[] = [];
  return {
    home: library.homeAt("unused"),
    env: {},
    json: false,
    quiet: false,
    plugin: false,
    signal: new AbortController().signal,
    interactive: false,
    style: styleFor(false),
    ...spoken,
    result: (line) => lines.push(line),
    note: () => {},
    ...more,
    lines,
  };
}

describe("collectImages", () => {
  test("takes arguments, then a list without its blanks and comments", async () => {
    const list = join(await testDirectory(), "list");
    await writeFile(list, "# images\r\n  b:1  \n\n#c\noci:d\n");
    expect(await collectImages(spoken, ["a"], list)).toEqual(["a", "b:1", "oci:d"]);
  });

  test("wants at least one, no more than it can hold, and each well written", async () => {
    const directory = await testDirectory();
    const list = join(directory, "list");
    const collect = (images: string[], file?: string) => codeOf(() => collectImages(spoken, images, file));
    expect(await collect([])).toBe("NO_IMAGE_NAMED");
    expect(await collect([], join(directory, "none"))).toBe("LIST_MISSING");
    expect(await collect(new Array(10_001).fill("a"))).toBe("TOO_MANY_IMAGES");
    expect(await collect(["a", "B C"])).toBe("REFERENCE_INVALID");
    await writeFile(list, "a\n\u001b[2J\n");
    expect(await collect([], list)).toBe("REFERENCE_INVALID");
    expect(await collect([], directory)).toBe("FILE_NOT_REGULAR");
  });
});

describe("mapInParallel", () => {
  test("keeps the order, two at a time", async () => {
    let running = 0;
    let most = 0;
    const results = await mapInParallel([5, 1, 3, 2], async (item, index) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, item));
      running--;
      return `${index}:${item}`;
    });
    expect(results).toEqual(["0:5", "1:1", "2:3", "3:2"]);
    expect(most).toBe(2);
    expect(await mapInParallel([], async () => 1)).toEqual([]);
  });

  test("begins nothing after the first error", async () => {
    const begun: number[] = [];
    const failing = mapInParallel([0, 1, 2, 3, 4, 5], async (item) => {
      begun.push(item);
      await new Promise((resolve) => setTimeout(resolve, item * 10));
      if (item === 0) throw new Error("the first");
    });
    await expect(failing).rejects.toThrow("the first");
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(begun).toEqual([0, 1]);
  });
});

describe("printResults", () => {
  test("gives an object for one, an array for several, lines for people", () => {
    const one = context({ json: true });
    printResults(one, [{ a: "\u009b" }], () => []);
    expect(one.lines).toEqual(['{\n  "a": "\\u009b"\n}']);
    const two = context({ json: true });
    printResults(two, [{ a: 1 }, { a: 2 }], () => []);
    expect(JSON.parse(two.lines.join(""))).toEqual([{ a: 1 }, { a: 2 }]);
    const text = context();
    printResults(text, ["x", "y"], (result) => [result, "-"]);
    expect(text.lines).toEqual(["x", "-", "y", "-"]);
  });
});

test("exit codes of errors agree with those of verdicts", () => {
  expect(exitCodes).toEqual({
    success: 0,
    defect: 1,
    usage: 2,
    corrupt: 18,
    inconclusive: 20,
    cancelled: 130,
  });
  expect(exitCodes.corrupt).toBe(library.verdictStatuses.corrupt);
  expect(exitCodes.inconclusive).toBe(library.verdictStatuses.inconclusive);
  for (const { outcome } of Object.values(library.errors)) expect(exitCodes[outcome]).toBeGreaterThan(1);
});
