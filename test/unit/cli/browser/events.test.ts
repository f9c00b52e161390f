import { describe, expect, test } from "vitest";
import type { HistoryEntry } from "../../../../src/internal.ts";
import { FakeBrowser, fakeImage, fakeVerdict, moment } from "../../../support/fake-browser.ts";
import { enter, esc, ShownBrowser } from "../../../support/fake-terminal.ts";

function withVerified(count = 40): FakeBrowser {
  const browser = new FakeBrowser();
  browser.state.images = Array.from({ length: count }, (_, number) =>
    fakeImage(number, { verdict: fakeVerdict(`acme/api:1.${number}`, "verified") }),
  );
  return browser;
}

/** Has an image's verdict turn to revoked. */
function revoke(browser: FakeBrowser, number: number): void {
  browser.state.images = browser.state.images.map((image, index) =>
    index === number
      ? {
          ...image,
          verdict: fakeVerdict(image.reference, "revoked"),
          turned: { from: "verified", at: moment },
        }
      : image,
  );
  browser.changed("images");
}

const revocation = (block: number): HistoryEntry => ({
  time: moment / 1000,
  block,
  transaction: `0x${block}`,
  act: "revoked digest",
  by: "0x008AeEda4D805471dF9b2A5B0f38A0C3bCBA786b",
  subject: "docker.io/acme/api:1.5",
  reason: "leaked key",
  claim: null,
});

describe("a verdict that turns", () => {
  test("stands out by a sign, a word and bold, and leaves the cursor where it is", async () => {
    const browser = withVerified();
    await using shown = await ShownBrowser.open(browser);
    await shown.press("j", "j", "j");
    revoke(browser, 5);
    await shown.settle();
    expect(shown.text).toMatch(/^ !✗ revoked +acme\/api:1\.5 +was verified/m);
    expect(shown.terminal.writes.join("")).toMatch(/\u001b\[1m[^\n]*✗ revoked/);
    expect(shown.cursorLine).toContain("acme/api:1.3");
    expect(shown.terminal.lines[0]).toContain("1 Local 1!");
  });

  test("keeps the cursor on its row where rows move", async () => {
    const browser = withVerified();
    await using shown = await ShownBrowser.open(browser);
    await shown.press("j", "j", "j");
    browser.state.images = [fakeImage(100), fakeImage(101), ...browser.state.images];
    browser.changed("images");
    await shown.settle();
    expect(shown.cursorLine).toContain("acme/api:1.3");
    await shown.press("o", "o");
    expect(shown.cursorLine).toContain("acme/api:1.3");
  });

  test("is seen when its details are opened", async () => {
    const browser = withVerified();
    await using shown = await ShownBrowser.open(browser);
    revoke(browser, 0);
    await shown.settle();
    await shown.press(enter);
    expect(shown.text).toContain("was verified until");
    expect(browser.calls).toContainEqual(["acknowledge", browser.state.images[0]?.key]);
  });
});

describe("what happens on the chain", () => {
  test("has a line that stays until a person has seen it", async () => {
    const browser = withVerified();
    await using shown = await ShownBrowser.open(browser);
    browser.state.events = [revocation(16)];
    browser.changed("chain");
    await shown.settle();
    const line = shown.terminal.lines.at(-3);
    expect(line).toMatch(/^! revoked digest docker\.io\/acme\/api:1\.5: leaked key/);
    await shown.press("j", "2", "1");
    expect(shown.terminal.lines.at(-3)).toBe(line);
    browser.state.events = [revocation(17), ...browser.state.events];
    browser.changed("chain");
    await shown.settle();
    expect(shown.terminal.lines.at(-3)).toContain("and 1 more: press !");
    await shown.press("!");
    expect(shown.text).toContain("#17");
    await shown.press(esc);
    expect(shown.text).not.toContain("press !");
    browser.state.events = [revocation(18), ...browser.state.events];
    browser.changed("chain");
    await shown.settle();
    expect(shown.terminal.lines.at(-3)).toContain("press ! to have seen it");
  });

  test("brings the cursor to the row that turned when a person goes to see it", async () => {
    const browser = withVerified();
    await using shown = await ShownBrowser.open(browser);
    revoke(browser, 30);
    await shown.settle();
    await shown.press("!", esc);
    expect(shown.cursorLine).toContain("acme/api:1.30");
  });
});
