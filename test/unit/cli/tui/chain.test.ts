import { describe, expect, test } from "vitest";
import { failure, translatorFor } from "../../../../src/internal.ts";
import { FakeBrowser, fakeImage, fakeVerdict, moment } from "../../../support/fake-browser.ts";
import { enter, esc, ShownBrowser } from "../../../support/fake-terminal.ts";

/** A browser of a home that has an engine with images, and no chain yet. */
function withoutChain(): FakeBrowser {
  const browser = new FakeBrowser();
  Object.assign(browser.state, {
    chainHealth: {
      state: "down",
      since: moment,
      failure: {
        code: "CHAIN_NOT_RUNNING",
        message: "There is no chain under /home/acme/.daochain yet.",
        hint: "Run daochain up to make one.",
      },
    },
    canStart: true,
    isCaughtUp: false,
    organisation: undefined,
    blocks: [],
    images: [fakeImage(0, { verdict: fakeVerdict("acme/api:1.0", "inconclusive") })],
  });
  return browser;
}

const started = (browser: FakeBrowser): unknown[][] => browser.calls.filter(([name]) => name === "start");

describe.each([
  [80, 24],
  [60, 20],
])("without a chain, on %ix%i", (columns, rows) => {
  test.each(["en", "zh"] as const)("in %s each page says how to start one", async (language) => {
    await using shown = await ShownBrowser.open(withoutChain(), { columns, rows, language });
    const { words } = shown.shell;
    for (const page of ["1", "2", "3", "4"]) {
      await shown.press(page);
      expect(shown.terminal.lines.at(-3)).toContain(words.noChain);
      expect(shown.terminal.lines.at(-1)).toContain(`U ${words.keys.startChain[0]}`);
      expect(shown.text).not.toContain(words.empty.market);
      expect(shown.text).not.toContain(words.account.atHead);
      expect(shown.terminal.lines[1]).not.toContain(words.found(0));
    }
    await shown.press("4");
    // Roles, balance, and how far the index is.
    expect(shown.text.split(words.account.unknown).length - 1).toBeGreaterThanOrEqual(3);
    expect(shown.text).not.toContain(words.account.free);
    for (const page of ["2", "3"]) {
      await shown.press(page);
      expect(shown.text).toContain("/home/acme/.daochain");
      expect(shown.text.replaceAll(/\s/g, "")).toContain(words.empty.startChain.replaceAll(/\s/g, ""));
    }
    await shown.press("!");
    expect(shown.text).not.toContain(words.empty.events);
    await shown.press(esc, "?", "G");
    expect(shown.text.replaceAll(/\s/g, "")).toContain(words.keys.startChain[1].replaceAll(/\s/g, ""));
  });
});

describe("starting a chain", () => {
  test("asks for the new account's password twice, and shows how far it is", async () => {
    const browser = withoutChain();
    await using shown = await ShownBrowser.open(browser);
    await shown.press("U");
    expect(shown.text).toContain("Start a chain on this machine?");
    expect(shown.text).toContain('Its account "default" needs a password.');
    await shown.press("one", enter, "two", enter);
    expect(shown.text).toContain("The two differ");
    expect(started(browser)).toEqual([]);
    await shown.press("\u0015", "one", enter);
    expect(started(browser)).toEqual([["start", "/home/acme/.daochain", "one"]]);
    expect(shown.text).not.toContain(shown.shell.words.noChain);
    browser.state.tasks[0]?.become({ stage: "starting", lines: ["replaying block 3 of 9"] });
    await shown.settle();
    expect(shown.text).toContain(
      "~ Start chain /home/acme/.daochain  starting the chain  replaying block 3 of 9",
    );
    await shown.press("U");
    expect(shown.text).toContain("The chain is being started.");
    expect(started(browser)).toHaveLength(1);
  });

  test.each([
    ["nothing", ["y"], undefined],
    ["password", ["secret", enter], "secret"],
  ] as const)("asks for %s where that is all it needs", async (needs, keys, password) => {
    const browser = withoutChain();
    browser.startNeeds = needs;
    await using shown = await ShownBrowser.open(browser);
    await shown.press("U", ...keys);
    expect(started(browser)).toEqual([["start", "/home/acme/.daochain", password]]);
  });

  test("is given up with Esc, and refused where there is a chain", async () => {
    const browser = withoutChain();
    await using shown = await ShownBrowser.open(browser);
    await shown.press("U", esc);
    browser.state.canStart = false;
    browser.changed("chain");
    await shown.settle();
    expect(shown.terminal.lines.at(-1)).not.toContain("start chain");
    await shown.press("U");
    expect(shown.text).toContain("There is a chain already");
    expect(started(browser)).toEqual([]);
  });
});

describe("what is not known yet", () => {
  test("is not said to be absent while the chain is read or cannot be read", async () => {
    const browser = withoutChain();
    browser.state.canStart = false;
    await using shown = await ShownBrowser.open(browser, { columns: 120 });
    await shown.press("3");
    expect(shown.text).toContain("What was signed is not known");
    browser.state.chainHealth = { state: "up", since: moment, failure: undefined };
    browser.changed("chain");
    await shown.settle();
    expect(shown.text).toContain("The chain is being read.");
    browser.state.isCaughtUp = true;
    browser.changed("chain");
    await shown.settle();
    expect(shown.text).toContain("Nothing has been signed on this chain yet.");
    await shown.press("2");
    expect(shown.text).toContain("No organisation is in use.");
    Object.defineProperty(browser.organisation, "name", { get: () => "initech" });
    browser.changed("organisation");
    await shown.settle();
    expect(shown.text).toContain("There is no organisation initech on this chain.");
  });
});

describe("an image that is still being read", () => {
  test.each([
    ["en", "It is being read.", "It has still to be read."],
    ["zh", "正在读取。", "还没有读取。"],
  ] as const)("has its details in %s, which say so", async (language, reading, waiting) => {
    const browser = new FakeBrowser();
    browser.state.images = [
      fakeImage(0, { work: "reading", progress: { bytes: 420, total: 1000, rate: 100 } }),
      fakeImage(1, { work: "waiting" }),
    ];
    await using shown = await ShownBrowser.open(browser, { language });
    await shown.press(enter);
    expect(shown.text).toContain(reading);
    expect(shown.text).toContain("420 B");
    expect(shown.text).toContain("acme/api:1.0");
    await shown.press(esc, "j", enter);
    expect(shown.text).toContain(waiting);
  });

  test("before the engine has told of any, a key says that it is being asked", async () => {
    const browser = new FakeBrowser();
    browser.state.engineHealth = { state: "starting", since: moment, failure: undefined };
    await using shown = await ShownBrowser.open(browser);
    for (const key of [enter, "s", "v", "R"]) {
      await shown.press(key);
      expect(shown.text).toContain("! The engine is being asked.");
    }
  });
});

describe("what the library says", () => {
  test("is said in the reader's language: notices, tasks and health", async () => {
    const browser = withoutChain();
    const gone = failure("HEAD_UNKNOWN", { endpoint: "chain.example" });
    Object.assign(browser.state, { canStart: false });
    browser.state.chainHealth = { state: "down", since: moment, failure: gone };
    await using shown = await ShownBrowser.open(browser, { columns: 160, language: "zh" });
    const said = "位于 chain.example 的链没有给出最新区块。";
    expect(shown.text).toContain(gone.message);
    shown.shell.attach(browser, await translatorFor("zh"));
    await shown.settle();
    expect(shown.terminal.lines.at(-2)).toContain(said);
    await shown.press("3");
    expect(shown.text).toContain(said);
    const task = browser.task("sign", "acme/api:1.0");
    task.become({
      stage: "failed",
      error: failure("IMAGE_CHANGED", { image: "acme/api:1.0", id: "sha256:7" }),
    });
    await shown.settle();
    expect(shown.text).toContain("acme/api:1.0 已不再是镜像 sha256:7。 没有签名。");
    Object.assign(browser.accounts, {
      use: () => Promise.reject(failure("ACCOUNT_IN_ENVIRONMENT", { variable: "KEY" })),
    });
    await shown.press("4", "u");
    expect(shown.text).toContain("当前使用的是 KEY 中的密钥");
    expect(shown.text).not.toMatch(/[a-z]+ [a-z]+ [a-z]+ [a-z]+/);
  });

  test("of a defect is told as one", async () => {
    const browser = new FakeBrowser();
    Object.assign(browser.accounts, { use: () => Promise.reject(new Error("undefined is no function")) });
    await using shown = await ShownBrowser.open(browser);
    await shown.press("4", "u");
    expect(shown.text).toContain("An unexpected error: undefined is no function");
  });
});
