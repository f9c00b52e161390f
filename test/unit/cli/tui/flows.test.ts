import { describe, expect, test } from "vitest";
import { failure } from "../../../../src/internal.ts";
import {
  FakeBrowser,
  type FakeTask,
  fakeEntry,
  fakeImage,
  fakeVerdict,
} from "../../../support/fake-browser.ts";
import { controlC, enter, esc, ShownBrowser } from "../../../support/fake-terminal.ts";

/** What was asked of a browser, without what pages ask by themselves. */
const asked = (browser: FakeBrowser): unknown[][] =>
  browser.calls.filter(([name]) => name !== "look" && name !== "page");

function withImages(count = 5): FakeBrowser {
  const browser = new FakeBrowser();
  browser.state.images = Array.from({ length: count }, (_, number) =>
    fakeImage(number, {
      verdict: fakeVerdict(`acme/api:1.${number}`, number % 2 === 0 ? "unsigned" : "verified"),
    }),
  );
  browser.state.entries = Array.from({ length: 100 }, (_, number) => fakeEntry(number));
  return browser;
}

const firstAct = (browser: FakeBrowser): FakeTask => {
  const [task] = browser.state.tasks;
  if (task === undefined) throw new Error("nothing is under way");
  return task;
};

describe("signing", () => {
  test("asks for a password that is never shown, and shows how it goes until it is done", async () => {
    const browser = withImages();
    await using shown = await ShownBrowser.open(browser);
    await shown.press("j", "s");
    expect(shown.text).toContain("Sign acme/api:1.1?");
    await shown.press("correct", " ", "horse");
    expect(shown.terminal.writes.join("")).not.toMatch(/correct|horse/);
    await shown.press(enter);
    expect(asked(browser)).toEqual([["sign", "acme/api:1.1", "correct horse"]]);
    const task = firstAct(browser);
    task.become({ stage: "reading", progress: { bytes: 120e6, total: 400e6, rate: 30e6 } });
    await shown.settle();
    expect(shown.text).toContain("~ Sign acme/api:1.1  reading  120 MB of 400 MB, 30.0 MB/s");
    task.become({ stage: "recording", lines: ["sent as 0x1234"] });
    await shown.settle();
    expect(shown.text).toContain("waiting for the chain to record it  sent as 0x1234");
    task.become({ stage: "done", verdict: { ...fakeVerdict("acme/api:1.1", "verified"), status: "signed" } });
    await shown.settle();
    expect(shown.text).toContain("✓ Sign acme/api:1.1  signed");
    await shown.press("x");
    expect(shown.text).not.toContain("Sign acme/api:1.1");
  });

  test("takes what is pasted for the password, and edits it like a line", async () => {
    const browser = withImages();
    await using shown = await ShownBrowser.open(browser);
    await shown.press("s");
    await shown.paste("wrong\n");
    await shown.press("\u0015");
    await shown.paste("pässwörd 镜像\r\n");
    await shown.press("x", "\u007f", enter);
    expect(asked(browser)).toEqual([["sign", "acme/api:1.0", "pässwörd 镜像"]]);
    expect(shown.terminal.writes.join("")).not.toMatch(/pässwörd|wrong/);
  });

  test("needs a password, and does nothing where a person gives up", async () => {
    const browser = withImages();
    await using shown = await ShownBrowser.open(browser);
    await shown.press("s", enter);
    expect(shown.text).toContain("A password is needed.");
    await shown.press(esc);
    expect(shown.text).not.toContain("Password");
    await shown.press("s", controlC);
    expect(shown.left).toBeUndefined();
    expect(asked(browser)).toEqual([]);
  });

  test("asks for a yes where no password is needed", async () => {
    const browser = withImages();
    browser.secret = "nothing";
    await using shown = await ShownBrowser.open(browser);
    await shown.press("s", enter);
    expect(asked(browser)).toEqual([]);
    await shown.press("s", "y");
    expect(asked(browser)).toEqual([["sign", "acme/api:1.0", undefined]]);
  });

  test("that fails says why and what to do, until it is dismissed", async () => {
    const browser = withImages();
    await using shown = await ShownBrowser.open(browser);
    const task = browser.task("sign", "acme/api:1.0");
    task.become({
      stage: "failed",
      error: { code: "PASSWORD_WRONG", message: "It does not open.", hint: "Try again." },
    });
    await shown.settle();
    expect(shown.text).toContain("✗ Sign acme/api:1.0  failed: It does not open. Try again.");
  });

  test("waits for nobody: where the account cannot be asked, it can be given up", async () => {
    const browser = withImages();
    Object.assign(browser.tasks, { secret: () => new Promise(() => {}) });
    await using shown = await ShownBrowser.open(browser);
    await shown.press("s");
    expect(shown.text).toContain("one moment");
    await shown.press(esc, "j");
    expect(shown.cursorLine).toContain("acme/api:1.1");
  });
});

describe("revoking", () => {
  test("needs a reason, tells what falls, and asks again before it asks for the password", async () => {
    const browser = withImages();
    await using shown = await ShownBrowser.open(browser);
    await shown.press("R");
    expect(shown.text).toContain("Reason, for everyone to read");
    await shown.press(enter);
    expect(shown.text).toContain("A reason is needed.");
    await shown.press("leaked key", enter);
    expect(shown.text).toContain("docker.io/acme/api:1.0");
    expect(shown.text).toContain("sha256:00000001");
    expect(shown.text).toContain("This cannot be undone.");
    await shown.press("y", "secret", enter);
    expect(asked(browser)).toEqual([
      ["falling", "acme/api:1.0"],
      ["revoke", "acme/api:1.0", "leaked key", "secret"],
    ]);
  });

  test.each([[enter], ["n"], [esc], [controlC]])("does nothing where the answer is %j", async (answer) => {
    const browser = withImages();
    await using shown = await ShownBrowser.open(browser);
    await shown.press("R", "because", enter, answer);
    expect(asked(browser)).toEqual([["falling", "acme/api:1.0"]]);
    expect(shown.left).toBeUndefined();
  });

  test("says where everything was revoked before, and what went wrong", async () => {
    const browser = withImages();
    browser.state.falling = { ...browser.state.falling, before: true };
    await using shown = await ShownBrowser.open(browser);
    await shown.press("R", "because", enter);
    expect(shown.text).toContain("revoked before");
    const error = failure("CHAIN_UNREACHABLE", { endpoint: "away", reason: "it is away" });
    Object.assign(browser.tasks, { falling: () => Promise.reject(error) });
    await shown.press("R", "because", enter);
    expect(shown.text).toContain("The chain at away cannot be reached: it is away. Check the URL");
  });

  test("is for an organisation's own claims", async () => {
    const browser = withImages();
    await using shown = await ShownBrowser.open(browser);
    await shown.press("3", "R");
    expect(shown.text).toContain("Only its own organisation");
    expect(asked(browser)).toEqual([]);
  });
});

describe("looking deeper", () => {
  test("goes a step further each time, or where a person wants", async () => {
    const browser = withImages();
    await using shown = await ShownBrowser.open(browser);
    await shown.press("v", "V");
    expect(shown.text).toContain("runtime: what a container would run");
    await shown.press("G", enter);
    const [image] = browser.state.images;
    expect(asked(browser)).toEqual([
      ["verify", image?.key, "content"],
      ["verify", image?.key, "runtime"],
    ]);
  });
});

describe("other tasks", () => {
  test("pull, compare and run what the cursor is on", async () => {
    const browser = withImages();
    await using shown = await ShownBrowser.open(browser);
    await shown.press("p", "d", "r");
    expect(asked(browser)).toEqual([
      ["pull", "acme/api:1.0"],
      ["diff", "acme/api:1.0"],
    ]);
    expect(shown.ran).toEqual(["acme/api:1.0"]);
    expect(shown.text).toContain("acme/api:1.4");
    expect(shown.terminal.isOnOtherScreen).toBe(true);
    await shown.press("3", "p");
    expect(asked(browser).at(-1)).toEqual(["pull", "docker://registry.example/org0/image0:1.0"]);
  });

  test("show what they came to, differences path by path", async () => {
    const browser = withImages();
    await using shown = await ShownBrowser.open(browser);
    const task = browser.task("diff", "acme/api:1.0");
    const differences = [{ path: "/bin/sh", kind: "content", expected: "aa", actual: "bb" } as const];
    task.become({ stage: "done", differences });
    await shown.settle();
    expect(shown.text).toContain("✗ Compare acme/api:1.0  1 difference");
    await shown.press("A");
    expect(shown.text).toContain("~ /bin/sh  content  aa -> bb");
    await shown.press("x", esc);
    expect(shown.text).not.toContain("Compare");
  });

  test("several at once each have a line; what there is no room for is counted", async () => {
    const browser = withImages();
    await using shown = await ShownBrowser.open(browser);
    for (let number = 0; number < 5; number++) browser.task("pull", `acme/api:1.${number}`);
    await shown.settle();
    expect(shown.text.match(/~ Pull/g)).toHaveLength(3);
    expect(shown.text).toContain("and 2 more");
    await shown.press("A", "J", "x");
    expect(browser.state.tasks.map(({ isCancelled }) => isCancelled)).toEqual([
      false,
      true,
      false,
      false,
      false,
    ]);
  });

  test("approve what waits for the account in use, and nothing else", async () => {
    const browser = withImages();
    const mine = fakeEntry(7, { organisation: "acme", standing: "pending" });
    const others = fakeEntry(8, { organisation: "acme", standing: "pending" });
    browser.state.pending = [
      { entry: mine, mine: true },
      { entry: others, mine: false },
    ];
    await using shown = await ShownBrowser.open(browser);
    await shown.press("2", "a");
    expect(shown.text).toContain("Approve registry.example/org7/image7:1.0?");
    await shown.press("secret", enter, "j", "a");
    expect(shown.text).toContain("does not wait for a signature");
    expect(asked(browser)).toEqual([["approve", mine.claim, "secret"]]);
  });
});

describe("accounts", () => {
  test("are created with a password that is typed twice", async () => {
    const browser = withImages();
    await using shown = await ShownBrowser.open(browser);
    await shown.press("4", "c", "ci", enter, "one", enter, "two", enter);
    expect(shown.text).toContain("The two differ");
    await shown.press("\u0015", "one", enter);
    expect(asked(browser)).toEqual([["create", "ci", "one"]]);
    expect(shown.terminal.writes.join("")).not.toMatch(/\bone\b(?! moment)/);
  });

  test("are imported from a key or a keystore that is pasted and not shown", async () => {
    const browser = withImages();
    await using shown = await ShownBrowser.open(browser);
    await shown.press("4", "i", "ci", enter);
    await shown.paste('{\n  "version": 3\n}\n');
    await shown.press(enter, "secret", enter);
    expect(asked(browser)).toEqual([["import", "ci", '{   "version": 3 }', "secret"]]);
    expect(shown.terminal.writes.join("")).not.toContain('"version"');
  });

  test("are used, and what fails is said", async () => {
    const browser = withImages();
    await using shown = await ShownBrowser.open(browser);
    await shown.press("4", "j", "u");
    expect(asked(browser)).toEqual([["use", "release"]]);
    const error = failure("ACCOUNT_NOT_FOUND", { name: "release" });
    Object.assign(browser.accounts, { use: () => Promise.reject(error) });
    await shown.press("u");
    expect(shown.text).toContain("There is no account named release. daochain account list");
  });

  test("task for an organisation that is chosen", async () => {
    const browser = withImages();
    await using shown = await ShownBrowser.open(browser);
    await shown.press("4", "O", "j", enter);
    expect(asked(browser)).toEqual([["useOrganisation", "other"]]);
  });
});

describe("searching", () => {
  test("shows what fits while it is typed, and all again afterwards", async () => {
    const browser = withImages(30);
    await using shown = await ShownBrowser.open(browser);
    await shown.press("/", "1.2");
    expect(shown.text).toContain("search: 1.2");
    expect(shown.text).toContain("11 found");
    expect(shown.terminal.cursor).toEqual({ x: " search: 1.2".length, y: 1 });
    await shown.press("7");
    expect(shown.text).toContain("1 found");
    await shown.press(enter);
    expect(shown.cursorLine).toContain("acme/api:1.27");
    expect(shown.terminal.lines[1]).toContain("search: 1.27");
    await shown.press(esc);
    expect(shown.text).toContain("30 images");
  });

  test("takes letters that are keys elsewhere, and moves the cursor with arrows", async () => {
    const browser = withImages(30);
    await using shown = await ShownBrowser.open(browser);
    await shown.press("/", "q", "\u007f", "api", "\u001b[B");
    expect(shown.left).toBeUndefined();
    expect(shown.cursorLine).toContain("acme/api:1.1");
  });

  test("says where nothing fits", async () => {
    await using shown = await ShownBrowser.open(withImages());
    await shown.press("/", "nowhere", enter);
    expect(shown.text).toContain("Nothing fits. Esc shows all again.");
  });

  test("finds in the market, where what is narrowed down is said", async () => {
    const browser = withImages();
    await using shown = await ShownBrowser.open(browser);
    await shown.press("3", "/", "org7", enter);
    expect(shown.text).toContain("10 found");
    await shown.press("f", "j", enter, esc);
    expect(shown.text).toContain("standing: pending");
    expect(shown.text).toContain("Nothing on this chain fits.");
  });
});

describe("filters and orders", () => {
  test("narrow and turn what is shown", async () => {
    const browser = withImages();
    await using shown = await ShownBrowser.open(browser);
    await shown.press("f", "j", "j", enter);
    expect(shown.terminal.lines[1]).toContain("3 of 5 images  filter: unsigned");
    await shown.press("f", "g", enter, "o", "o", "o");
    expect(shown.terminal.lines[1]).toContain("order: largest first");
    await shown.press("g");
    expect(shown.cursorLine).toContain("acme/api:1.4");
  });
});

describe("leaving", () => {
  test.each([["q"], [controlC]])("with %j is at once where nothing is under way", async (key) => {
    const browser = withImages();
    await using shown = await ShownBrowser.open(browser);
    await shown.press(key);
    expect(shown.left).toEqual({ error: undefined });
    expect(shown.terminal.isOnOtherScreen).toBe(false);
    expect(shown.keyboard.isRaw).toBe(false);
  });

  test("is asked for while something is; Ctrl-C again is a yes", async () => {
    const browser = withImages();
    await using shown = await ShownBrowser.open(browser);
    browser.task("pull", "acme/api:1.0");
    await shown.press("q");
    expect(shown.text).toContain("1 task is under way. Leave and give up?");
    await shown.press("n");
    expect(shown.left).toBeUndefined();
    await shown.press(controlC, controlC);
    expect(shown.left).toEqual({ error: undefined });
  });

  test("what cannot be drawn leaves with the error, and the terminal as it was", async () => {
    const browser = withImages();
    await using shown = await ShownBrowser.open(browser);
    const error = new Error("cannot be drawn");
    Object.defineProperty(browser.images, "about", {
      get() {
        throw error;
      },
    });
    browser.changed("images");
    await shown.settle();
    await shown.settle();
    expect(shown.left).toEqual({ error });
    expect(shown.terminal.isOnOtherScreen).toBe(false);
    expect(shown.keyboard.isRaw).toBe(false);
  });

  test("ends what listens", async () => {
    const browser = withImages();
    {
      await using shown = await ShownBrowser.open(browser);
      await shown.press("2", "3", "q");
    }
    for (const part of Object.values(browser.parts)) expect(part.listeners).toBe(0);
  });
});
