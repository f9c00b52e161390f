import { describe, expect, test } from "vitest";
import { columnsOf } from "../../../../cli/tui/text/columns.ts";
import { FakeBrowser, fakeEntry, fakeImage, fakeVerdict, moment } from "../../../support/fake-browser.ts";
import { enter, esc, ShownBrowser } from "../../../support/fake-terminal.ts";

/** A browser with something on every page. */
function filled(): FakeBrowser {
  const browser = new FakeBrowser();
  browser.state.images = [
    fakeImage(0, { name: "acme/api:2.0" }),
    fakeImage(1, {
      name: "acme/web:1.0",
      verdict: fakeVerdict("acme/web:1.0", "verified", { depth: "runtime" }),
    }),
    fakeImage(2, { name: "acme/old:1.0", verdict: fakeVerdict("acme/old:1.0", "revoked") }),
    fakeImage(3, { name: "镜像仓库/应用:版本一", verdict: fakeVerdict("x", "unsigned") }),
    fakeImage(4, {
      name: "acme/big:1.0",
      work: "reading",
      progress: { bytes: 420, total: 1000, rate: 100 },
    }),
  ];
  browser.state.waiting = 2;
  browser.state.entries = Array.from({ length: 100 }, (_, number) => fakeEntry(number));
  browser.state.tags = [
    { entry: fakeEntry(1, { organisation: "acme", repository: "docker.io/acme/web" }), local: "current" },
    { entry: fakeEntry(2, { organisation: "acme", repository: "docker.io/acme/api" }), local: "missing" },
    { entry: fakeEntry(3, { organisation: "acme", repository: "docker.io/acme/old" }), local: "superseded" },
  ];
  const waiting = fakeEntry(4, {
    organisation: "acme",
    repository: "docker.io/acme/next",
    standing: "pending",
  });
  browser.state.pending = [{ entry: { ...waiting, approvals: 1, threshold: 2 }, mine: true }];
  return browser;
}

const sizes = [
  [80, 24],
  [60, 20],
  [200, 60],
] as const;

describe.each(sizes)("on a screen of %i columns and %i rows", (columns, rows) => {
  describe.each(["en", "zh"] as const)("in %s", (language) => {
    test("each page fills the screen and leaves it nowhere", async () => {
      await using shown = await ShownBrowser.open(filled(), { columns, rows, language });
      const { words } = shown.shell;
      const expected = {
        1: [words.status.verified, "acme/web:1.0", words.status.revoked, words.toCome(2), "42%"],
        2: ["Acme Ltd", words.local.missing, words.local.superseded, words.organisation.roles.admin],
        3: ["image0:1.0", words.found(100)],
        4: ["default", words.account.current, "2016", "#15"],
      };
      for (const [page, texts] of Object.entries(expected)) {
        await shown.press(page);
        // A wide character takes two cells, of which the emulator gives the second as nothing.
        for (const text of texts) expect(shown.text).toContain(text);
        const { lines } = shown.terminal;
        expect(lines).toHaveLength(rows);
        for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(columns);
        expect(lines[0]).toContain(words.pages.market);
        expect(lines.at(-2)).toContain(words.engine);
        expect(lines.at(-1)).toContain(words.keys.help[0]);
      }
    });

    test("columns stand below each other, whatever the width of characters", async () => {
      await using shown = await ShownBrowser.open(filled(), { columns, rows, language });
      const ends = shown.terminal.lines
        .slice(2, 8)
        .map((line) => columnsOf(line))
        .filter((width) => width > 0);
      expect(new Set(ends)).toEqual(new Set([columns]));
    });

    test("details say why, and scroll to their end", async () => {
      await using shown = await ShownBrowser.open(filled(), { columns, rows, language });
      const { words } = shown.shell;
      await shown.press("j", "j", enter);
      expect(shown.text).toContain("the reason why it is revoked");
      expect(shown.text).toContain(words.status.revoked);
      await shown.press("G");
      expect(shown.text).toContain(words.detail.history);
      await shown.press(esc);
      expect(shown.cursorLine).toContain("acme/old:1.0");
    });

    test("help lists every key of the page", async () => {
      await using shown = await ShownBrowser.open(filled(), { columns, rows, language });
      const { words } = shown.shell;
      await shown.press("?");
      let seen = "";
      for (let page = 0; page < 8; page++) {
        seen += `${shown.text}\n`;
        await shown.press(" ");
      }
      for (const action of ["sign", "verify", "run", "revoke", "nextPage", "quit", "redraw"] as const) {
        expect(seen.replaceAll(/\s+/g, "")).toContain(
          words.keys[action][1].slice(0, 12).replaceAll(/\s+/g, ""),
        );
      }
    });
  });
});

describe("what there is nothing of", () => {
  test("is said, with what to do about it", async () => {
    const browser = new FakeBrowser();
    browser.state.organisation = undefined;
    await using shown = await ShownBrowser.open(browser);
    expect(shown.text).toContain("The engine has no image.");
    await shown.press("2");
    expect(shown.text).toContain("No organisation is in use.");
    await shown.press("3");
    expect(shown.text).toContain("Nothing has been signed");
    await shown.press("A");
    expect(shown.text).toContain("Nothing is under way.");
  });

  test("before anything was asked, the whole screen is there", async () => {
    await using shown = await ShownBrowser.open(undefined);
    expect(shown.text).toContain("The engine is being asked.");
    expect(shown.terminal.lines.at(-1)).toContain("help");
    expect(shown.terminal.isOnOtherScreen).toBe(true);
  });
});

describe("an engine or a chain that does not answer", () => {
  const down = {
    state: "down",
    since: moment,
    failure: {
      code: "DOCKER_UNREACHABLE",
      message: "The Docker daemon at unix:///x cannot be reached.",
      hint: "Start it.",
    },
  } as const;

  test("is named, with what is wrong and since when; the rest goes on", async () => {
    const browser = filled();
    browser.state.engineHealth = down;
    await using shown = await ShownBrowser.open(browser, { columns: 160 });
    expect(shown.terminal.lines.at(-2)).toMatch(/engine ✗ down since .*\d\d:\d\d:\d\d The Docker daemon/);
    expect(shown.text).toContain("acme/web:1.0");
    await shown.press("4");
    expect(shown.terminal.lines[0]).toContain("4 Account !");
  });

  test("is named where it is slow", async () => {
    const browser = filled();
    browser.state.chainHealth = { ...down, state: "slow", failure: undefined };
    await using shown = await ShownBrowser.open(browser, { columns: 160 });
    expect(shown.terminal.lines.at(-2)).toMatch(/chain ~ slow since .* no answer for two seconds/);
  });
});

describe("a screen that is too small", () => {
  test.each([
    [59, 24],
    [80, 19],
    [20, 5],
    [1, 1],
  ])("asks for more room on %ix%i, and can be left", async (columns, rows) => {
    await using shown = await ShownBrowser.open(filled(), { columns, rows });
    if (columns >= 40) expect(shown.text).toContain(`this is ${columns}x${rows}`);
    await shown.press("q");
    expect(shown.left).toEqual({ error: undefined });
  });
});

describe("colours", () => {
  test("are there where they are wanted, of the sixteen, and without a background", async () => {
    await using shown = await ShownBrowser.open(filled(), { isColored: true });
    const codes = new Set(
      [...shown.terminal.writes.join("").matchAll(/\u001b\[([\d;]*)m/g)].map(([, code]) => code),
    );
    expect([...codes].filter((code) => !/^(?:0?|1|2|7|22|27|31|32|35|36|39)$/.test(code ?? ""))).toEqual([]);
    expect(codes).toContain("32");
    expect(codes).toContain("31");
  });

  test("are not there otherwise, and everything can be told without them", async () => {
    await using plain = await ShownBrowser.open(filled());
    await using colored = await ShownBrowser.open(filled(), { isColored: true });
    expect(plain.terminal.writes.join("")).not.toMatch(/\u001b\[(?:3[0-8]|4[0-8]|9\d|10\d)m/);
    expect(plain.text).toBe(colored.text);
    for (const text of ["✓ verified", "✗ revoked", "- unsigned", "~ reading", "> "])
      expect(plain.text).toContain(text);
  });
});
