import { describe, expect, test } from "vitest";
import { FakeBrowser, fakeEntry, fakeImage, fakeVerdict } from "../../../support/fake-browser.ts";
import { ShownBrowser } from "../../../support/fake-terminal.ts";

/** What empties a screen, or all of its rest. */
const clears = /\u001b\[[0123]?J/g;

function many(images: number, entries: number): FakeBrowser {
  const browser = new FakeBrowser();
  browser.state.images = Array.from({ length: images }, (_, number) =>
    fakeImage(number, { verdict: fakeVerdict("x", number % 2 === 0 ? "verified" : "unsigned") }),
  );
  browser.state.entries = Array.from({ length: entries }, (_, number) => fakeEntry(number));
  return browser;
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

describe("what is drawn", () => {
  test("is never erased between frames: only what differs is written", async () => {
    await using shown = await ShownBrowser.open(many(100, 100));
    const from = shown.terminal.writes.length;
    await shown.press("j", "j", "G", "g", "2", "3", "4", "1", "?", "q", "s", "x", "\u001b");
    const written = shown.terminal.writes.slice(from).join("");
    expect(written).not.toMatch(clears);
    expect(written).not.toContain("\u001b[?1049");
  });

  test("of a cursor that moves by one is two rows, not the screen", async () => {
    await using shown = await ShownBrowser.open(many(100, 0));
    const from = shown.terminal.writes.length;
    await shown.press("j");
    const written = shown.terminal.writes.slice(from).join("");
    expect(written.length).toBeLessThan(1500);
  });

  test("is nothing where nothing has changed", async () => {
    const browser = many(100, 0);
    await using shown = await ShownBrowser.open(browser);
    await shown.settle();
    const from = shown.terminal.writes.length;
    for (let change = 0; change < 20; change++) {
      browser.changed("images");
      await pause(10);
    }
    await shown.settle();
    expect(shown.terminal.writes.slice(from).filter((text) => text.length > 20)).toEqual([]);
  });

  test("is at most thirty frames a second, however often something changes", async () => {
    const browser = many(50, 0);
    await using shown = await ShownBrowser.open(browser);
    const from = shown.terminal.writes.length;
    const began = performance.now();
    for (let change = 0; performance.now() - began < 1000; change++) {
      browser.state.waiting = change;
      browser.changed("images");
      await pause(1);
    }
    const seconds = (performance.now() - began) / 1000;
    const frames = shown.terminal.writes.slice(from).filter((text) => text.includes("to come")).length;
    expect(frames).toBeGreaterThan(3);
    expect(frames).toBeLessThanOrEqual(Math.ceil(seconds * 31) + 1);
  });

  test("on demand is everything, on an empty screen", async () => {
    await using shown = await ShownBrowser.open(many(10, 0));
    const before = shown.text;
    shown.terminal.write("\u001b[5;1Hsomebody else wrote this");
    await shown.press("\f");
    expect(shown.text).toBe(before);
  });
});

describe("a screen of another size", () => {
  test("is drawn whole, once for many changes", async () => {
    await using shown = await ShownBrowser.open(many(100, 100));
    await shown.press("5", "j");
    const from = shown.terminal.writes.length;
    for (let step = 0; step < 60; step++) {
      shown.terminal.resize(60 + ((step * 37) % 141), 20 + ((step * 13) % 41));
      await pause(3);
    }
    await shown.resize(60, 20);
    const cleared = shown.terminal.writes.slice(from).join("").match(clears)?.length ?? 0;
    expect(cleared).toBeGreaterThan(0);
    expect(cleared).toBeLessThan(30);
    await using fresh = await ShownBrowser.open(many(100, 100), { columns: 60, rows: 20 });
    await fresh.press("j");
    expect(shown.text).toBe(fresh.text);
  });

  test.each([
    [60, 20],
    [200, 60],
    [61, 21],
    [10, 3],
    [80, 24],
  ])("may be %ix%i on every page", async (columns, rows) => {
    await using shown = await ShownBrowser.open(many(100, 100));
    for (const page of ["1", "2", "3", "4", "?"]) {
      await shown.press(page);
      await shown.resize(columns, rows);
      await using fresh = await ShownBrowser.open(many(100, 100), { columns, rows });
      await fresh.press(...(page === "?" ? ["4"] : []), page);
      expect(shown.text).toBe(fresh.text);
      await shown.resize(100, 30);
    }
  });

  test("keeps the cursor's row in view", async () => {
    await using shown = await ShownBrowser.open(many(100, 0), { columns: 100, rows: 50 });
    for (let step = 0; step < 40; step++) await shown.press("j");
    await shown.resize(60, 20);
    expect(shown.cursorLine).toContain("acme/api:1.40");
  });
});

describe("many rows", () => {
  test("of images are drawn as few are: those in view", async () => {
    const browser = many(2000, 0);
    let read = 0;
    browser.state.images = browser.state.images.map((image) => {
      const row = { ...image };
      Object.defineProperty(row, "size", {
        get: () => {
          read++;
          return image.size;
        },
      });
      return row;
    });
    await using shown = await ShownBrowser.open(browser);
    read = 0;
    await shown.press("j");
    expect(read).toBeLessThan(200);
    await shown.press("G");
    expect(shown.cursorLine).toContain("acme/api:1.1999");
    expect(read).toBeLessThan(400);
  });

  test("of the market are asked for a page at a time", async () => {
    const browser = many(0, 100_000);
    await using shown = await ShownBrowser.open(browser);
    await shown.press("3", "G");
    expect(shown.cursorLine).toContain("image99999:1.0");
    await shown.press("g", "/", "image77", "\r");
    expect(shown.text).toContain("1111 found");
    const pages = browser.calls.filter(([name]) => name === "page") as [string, string, number, number][];
    expect(Math.max(...pages.map(([, , , limit]) => limit))).toBeLessThanOrEqual(100);
    expect(pages.length).toBeLessThan(40);
  });

  test("that are looked at first are those in view", async () => {
    const browser = many(2000, 0);
    await using shown = await ShownBrowser.open(browser);
    await shown.press("G");
    const looks = browser.calls.filter(([name]) => name === "look").map(([, keys]) => keys as string[]);
    expect(looks.at(-1)).toHaveLength(shown.shell.pages.local.list.height);
    expect(looks.at(-1)?.at(-1)).toContain("acme/api:1.1999");
  });
});

describe("keys typed faster than they are drawn", () => {
  test("all count, and are drawn together", async () => {
    await using shown = await ShownBrowser.open(many(2000, 0));
    const from = shown.terminal.writes.length;
    await shown.press("j".repeat(500), "\u001b[B".repeat(100), "k");
    expect(shown.cursorLine).toContain("acme/api:1.599");
    const frames = shown.terminal.writes.slice(from).filter((text) => text.includes("acme/api"));
    expect(frames.length).toBeLessThan(10);
  });
});
