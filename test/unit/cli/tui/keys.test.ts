import type { Key } from "ink";
import { describe, expect, test } from "vitest";
import {
  type Binding,
  bindings,
  bindingsAt,
  findBinding,
  type Place,
} from "../../../../cli/tui/keys/bindings.ts";
import { toPresses } from "../../../../cli/tui/keys/names.ts";
import { FakeBrowser } from "../../../support/fake-browser.ts";
import { ShownBrowser } from "../../../support/fake-terminal.ts";

const none = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  backspace: false,
  delete: false,
  meta: false,
  super: false,
  hyper: false,
  capsLock: false,
  numLock: false,
  eventType: undefined,
} as unknown as Key;

const names = (input: string, key: Partial<Key> = {}): string[] =>
  toPresses(input, { ...none, ...key }).map(({ name }) => name);

describe("a key", () => {
  test("has a name", () => {
    expect(names("j")).toEqual(["j"]);
    expect(names("", { upArrow: true })).toEqual(["up"]);
    expect(names("d", { ctrl: true })).toEqual(["C-d"]);
    expect(names("", { tab: true, shift: true })).toEqual(["S-tab"]);
    expect(names(" ")).toEqual(["space"]);
    expect(names("镜")).toEqual(["镜"]);
  });

  test("is told apart from those that came with it", () => {
    expect(names("jj\rq")).toEqual(["j", "j", "enter", "q"]);
    expect(names("a\t\u007f\u0004")).toEqual(["a", "tab", "backspace", "C-d"]);
    expect(names("e\u0301🐳")).toEqual(["e\u0301", "🐳"]);
  });

  test("with the meta key, or let go of, is none of ours", () => {
    expect(names("q", { meta: true })).toEqual([]);
    expect(names("q", { eventType: "release" })).toEqual([]);
  });
});

describe("the table of keys", () => {
  test("has no key twice in one place", () => {
    for (const [place, all] of Object.entries(bindings)) {
      const keys = (all as readonly Binding[]).flatMap((binding) => binding.keys);
      expect(new Set(keys).size, place).toBe(keys.length);
    }
  });

  test("lists for help exactly what keys do", () => {
    const stacks: Place[][] = [
      ["local", "list", "everywhere"],
      ["organisation", "list", "everywhere"],
      ["market", "list", "everywhere"],
      ["account", "list", "everywhere"],
      ["imageDetail", "text", "everywhere"],
      ["entryDetail", "text", "everywhere"],
      ["tasks", "text", "everywhere"],
    ];
    for (const places of stacks) {
      const listed = bindingsAt(places).flatMap(({ place, bindings: all }) =>
        all.flatMap(({ keys, action }) => keys.map((key) => ({ key, place, action }))),
      );
      for (const { key, place, action } of listed)
        expect(findBinding(places, key)).toEqual({ place, action });
      expect(new Set(listed.map(({ key }) => key)).size).toBe(listed.length);
    }
  });

  test("has every key do something, wherever it is pressed", async () => {
    const browser = new FakeBrowser();
    await using shown = await ShownBrowser.open(browser);
    for (const page of ["local", "organisation", "market", "account"] as const) {
      for (const place of [page, "list", "everywhere"] as const) {
        for (const { keys } of bindings[place] as readonly Binding[]) {
          shown.shell.page = page;
          for (const name of keys) {
            if (name === "q" || name === "C-c") continue;
            shown.shell.press([{ name, text: "" }]);
            shown.shell.question = undefined;
            while (shown.shell.view !== undefined) shown.shell.back();
          }
        }
      }
    }
    await shown.settle();
    expect(shown.left).toBeUndefined();
  });
});
