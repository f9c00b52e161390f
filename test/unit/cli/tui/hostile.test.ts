import { describe, expect, test } from "vitest";
import type { Browser, Task } from "../../../../cli/browser/browser.ts";
import { columnsOf } from "../../../../cli/tui/text/columns.ts";
import { words } from "../../../support/evidence.ts";
import { FakeBrowser, fakeEntry, fakeImage, fakeVerdict, moment } from "../../../support/fake-browser.ts";
import { enter, esc, ShownBrowser } from "../../../support/fake-terminal.ts";

/** What a terminal would obey, and what would hide or turn what is read. */
const evil = [
  "\u001b[2J\u001b[H",
  "\u001b]0;owned\u0007",
  "\u001b]52;c;b3duZWQ=\u0007",
  "\u001b]8;;http://evil\u001b\\link\u001b]8;;\u001b\\",
  "\u001b[31m\u001b[7m",
  "\u001bP1$r\u001b\\",
  "\u009b2J\u009d0;owned\u009c",
  "\u202eevil\u2066",
  "line\nother\r\ttab\b\u0000",
  "\u001b[?1049l\u001bc",
  "🧑‍🤝‍🧑\u200b\ufe0f",
].join("EVIL");

/** A browser in which everything that comes from outside is hostile. */
function hostile(): FakeBrowser {
  const browser = new FakeBrowser();
  const verdict = fakeVerdict(evil, "revoked", {
    reasons: [words(evil), words(evil)],
    warnings: [words(evil)],
    organisation: evil,
    repository: evil,
    tag: evil,
    subjects: [{ kind: "config", digest: evil as `sha256:${string}`, platform: evil }],
    claim: {
      id: evil,
      signers: [evil],
      threshold: 1,
      signedAt: evil,
      expiresAt: null,
      block: 1,
      transaction: evil,
      annotations: { [evil]: evil },
    },
  });
  const entry = fakeEntry(1, {
    organisation: evil,
    repository: evil,
    tag: evil,
    signers: [evil],
    annotations: { [evil]: evil },
    subjects: [{ kind: "config", digest: evil as `sha256:${string}`, platform: evil }],
    revocation: { reason: evil, digests: [evil as `sha256:${string}`] },
    standing: "good",
    isHead: false,
    byOwner: false,
    transaction: evil as `0x${string}`,
  });
  const health = {
    state: "down",
    since: moment,
    failure: { code: evil, message: evil, hint: evil },
  } as const;
  Object.assign(browser.state, {
    chainHealth: health,
    engineHealth: health,
    about: { host: evil, version: evil, store: evil },
    label: evil,
    images: [
      fakeImage(1, {
        name: evil,
        reference: evil,
        id: evil,
        verdict,
        turned: { from: "verified", at: moment },
      }),
      fakeImage(2, { name: evil, reference: evil }),
    ],
    layers: [{ diffId: evil, size: undefined, createdBy: evil }],
    entries: [entry],
    tags: [{ entry, local: "other" }],
    pending: [{ entry, mine: true }],
    organisation: {
      ...browser.state.organisation,
      name: evil,
      displayName: evil,
      admins: [evil],
      namespaces: [evil],
    } as Browser["organisation"]["organisation"],
    accounts: [{ name: evil, address: evil, kind: "external", signer: evil }],
    accountFailure: { code: "DEFECT", message: evil, hint: evil },
    events: [
      {
        time: 1,
        block: 1,
        transaction: evil,
        act: "claimed",
        by: evil,
        subject: evil,
        reason: evil,
        claim: evil,
      },
    ],
    falling: { organisation: evil, names: [evil], digests: [evil], claim: undefined, before: false },
    history: async () => [
      {
        time: 1,
        block: 1,
        transaction: evil,
        act: "claimed",
        by: evil,
        subject: evil,
        reason: evil,
        claim: evil,
      },
    ],
  });
  return browser;
}

/** What Ink and the browser write by themselves: places, looks, erasing, the two screens, the cursor, pasting, whole frames. */
const own = /\u001b\[(?:\d*(?:;\d+)?[ABCDEGHJKm]|\?(?:1049|25|2004|2026)[hl]|[03]?J)/g;

function expectClean(shown: ShownBrowser): void {
  const rest = shown.terminal.writes.join("").replaceAll(own, "");
  expect(rest).not.toMatch(/\u001b/);
  expect(rest).not.toMatch(/(?![\n\r])[\p{Cc}\p{Cf}\p{Cs}]/u);
  // The looks are ours: nothing of theirs turned the screen around.
  expect(shown.terminal.isOnOtherScreen).toBe(true);
  expect(shown.terminal.lines[0]).toContain(shown.shell.words.pages.local);
  for (const line of shown.terminal.lines) {
    // The emulator is of a time when pictures were narrow.
    const narrow = line.replace(/\p{Extended_Pictographic}/gu, "x");
    expect(columnsOf(narrow)).toBeLessThanOrEqual(shown.terminal.columns);
  }
}

describe.each([
  [80, 24],
  [60, 20],
])("text from outside, on %ix%i", (columns, rows) => {
  test("reaches the terminal as text alone, on every page and view", async () => {
    const browser = hostile();
    await using shown = await ShownBrowser.open(browser, { columns, rows });
    expect(shown.text).toContain("EVIL");
    for (const keys of [
      ["1", enter, "G", "g", esc],
      ["!", esc],
      ["s", esc],
      ["R", "because", enter, "y", "x", enter],
      ["2", enter, " ", " ", esc],
      ["a", esc],
      ["3", enter, "G", esc],
      ["f", esc],
      ["4", "j", "j", "j", "j", "O", esc],
      ["/", esc],
      ["A", "G", esc],
    ]) {
      await shown.press(...keys.slice(0, 2));
      expectClean(shown);
      await shown.press(...keys.slice(2));
      expectClean(shown);
    }
  });

  test("is so in what tasks say, and in what goes wrong", async () => {
    const browser = hostile();
    await using shown = await ShownBrowser.open(browser, { columns, rows });
    const task = browser.task("diff", evil);
    const states: Partial<Task>[] = [
      { lines: [evil, { note: "revoked", about: evil }] },
      { stage: "done", differences: [{ path: evil, kind: "content", expected: evil, actual: evil }] },
      { stage: "failed", error: { code: "USAGE", message: evil, hint: evil } },
    ];
    for (const state of states) {
      task.become(state as object);
      await shown.press("A");
      expectClean(shown);
      await shown.press(esc);
      expectClean(shown);
    }
    browser.state.history = () => Promise.reject(new Error(evil));
    await shown.press("3", enter);
    expectClean(shown);
  });

  test("that is typed or pasted is no different", async () => {
    const browser = hostile();
    await using shown = await ShownBrowser.open(browser, { columns, rows });
    await shown.press("/");
    await shown.paste(evil);
    expectClean(shown);
    await shown.press(esc, "R");
    await shown.paste(evil);
    expectClean(shown);
  });
});
