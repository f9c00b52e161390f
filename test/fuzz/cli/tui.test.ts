import { expect, test } from "vitest";
import { columnsOf } from "../../../cli/tui/text/columns.ts";
import { FakeBrowser, fakeEntry, fakeImage, fakeVerdict, moment } from "../../support/fake-browser.ts";
import { ShownBrowser } from "../../support/fake-terminal.ts";

/** How long keys are pressed, in seconds: minutes where somebody asks for it. */
const seconds = Number(process.env["DAOCHAIN_FUZZ_SECONDS"] ?? 8);
const seed = Number(process.env["DAOCHAIN_FUZZ_SEED"] ?? 20_161_121);

/** Numbers that are the same each time (xorshift32). */
function randomFrom(start: number): (below: number) => number {
  let state = start | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const keys = [
  ..."abcdefghijklmnoprstuvwxyzAGKJORVNn0123456789/?! yn",
  ..."jjjjkkkkhl1234",
  "\r",
  "\u001b",
  "\t",
  "\u007f",
  "\u001b[A",
  "\u001b[B",
  "\u001b[C",
  "\u001b[D",
  "\u001b[5~",
  "\u001b[6~",
  "\u001b[H",
  "\u001b[F",
  "\u001b[Z",
  ..."\u0001\u0004\u0005\u0006\u000b\u000c\u0012\u0015\u0017\u0000\u001c",
  "镜",
  "🐳",
  "\u0301",
  "\u001b[200~pasted\nin\u001b[2J lines\u001b[201~",
  "\u001b[",
  "\u001b[1;5A",
  "\u001b]0;x\u0007",
  "\u001b[?1;2c",
  "\u001b[<0;10;10M",
  "jjjjj\u001b[B\u001b[Bq",
];

function world(random: (below: number) => number): FakeBrowser {
  const browser = new FakeBrowser();
  browser.secret = random(2) === 0 ? "nothing" : "password";
  const statuses = ["verified", "unsigned", "revoked", "corrupt", "inconclusive"] as const;
  browser.state.images = Array.from({ length: 200 }, (_, number) => {
    const status = statuses[random(statuses.length)] ?? "unsigned";
    return fakeImage(number, { verdict: random(4) === 0 ? undefined : fakeVerdict(`x${number}`, status) });
  });
  browser.state.entries = Array.from({ length: 2000 }, (_, number) => fakeEntry(number));
  browser.state.tags = [{ entry: fakeEntry(1, { organisation: "acme" }), local: "current" }];
  browser.state.pending = [
    { entry: fakeEntry(2, { organisation: "acme", standing: "pending" }), mine: true },
  ];
  return browser;
}

/** Something happens by itself. */
function happen(browser: FakeBrowser, random: (below: number) => number): void {
  const { state } = browser;
  const what = random(7);
  if (what === 0) state.images = state.images.slice(random(3)).concat(fakeImage(1000 + random(1000)));
  else if (what === 1) state.images = [fakeImage(2000 + random(1000)), ...state.images].slice(0, 300);
  else if (what === 2) {
    const at = random(Math.max(1, state.images.length));
    const verdict = fakeVerdict("x", "revoked");
    state.images = state.images.map((image, index) =>
      index === at ? { ...image, verdict, turned: { from: "verified", at: moment } } : image,
    );
  } else if (what === 3) {
    const entry = {
      time: 1,
      block: random(1e6),
      transaction: "0x1",
      act: "revoked digest" as const,
      by: null,
    };
    state.events = [{ ...entry, subject: "x", reason: "y", claim: null }, ...state.events].slice(0, 200);
    browser.changed("chain");
  } else if (what === 4) {
    const [task] = state.tasks;
    task?.become({ stage: random(2) === 0 ? "done" : "failed", lines: ["x"] });
    state.tasks = state.tasks.slice(0, 50);
    browser.changed("tasks");
  } else if (what === 5) {
    state.entries = state.entries.slice(random(2));
    browser.changed("market");
  } else {
    const health = { since: moment, failure: { code: "X", message: "x", hint: "y" } };
    state.engineHealth = { ...health, state: random(2) === 0 ? "down" : "up" };
  }
  browser.changed("images");
}

test("random keys, sizes and events neither break the browser nor have it grow", {
  timeout: (seconds + 120) * 1000,
}, async () => {
  const random = randomFrom(seed);
  const browser = world(random);
  const pressed: string[] = [];
  let shown = await ShownBrowser.open(browser);
  const end = performance.now() + seconds * 1000;
  const heaps: number[] = [];
  let count = 0;
  try {
    while (performance.now() < end) {
      for (let step = 0; step < 150; step++) {
        const key = keys[random(keys.length)] ?? "j";
        pressed.push(key);
        shown.keyboard.write(key);
        count++;
        if (random(10) === 0) happen(browser, random);
        if (random(60) === 0) shown.terminal.resize(20 + random(140), 8 + random(60));
        if (random(8) === 0) await new Promise((resolve) => setTimeout(resolve, random(30)));
      }
      await shown.settle();
      const { left, terminal } = shown;
      const about = `seed ${seed}, after ${JSON.stringify(pressed)}`;
      expect(left?.error, about).toBeUndefined();
      if (left !== undefined) {
        // It was asked to leave: the terminal is as it was, and another one is opened.
        expect(terminal.isOnOtherScreen, about).toBe(false);
        await shown[Symbol.asyncDispose]();
        shown = await ShownBrowser.open(browser);
        continue;
      }
      expect(terminal.isOnOtherScreen, about).toBe(true);
      expect(terminal.text.trim(), about).not.toBe("");
      for (const line of terminal.lines) {
        const narrow = line.replace(/\p{Extended_Pictographic}/gu, "x");
        expect(columnsOf(narrow), about).toBeLessThanOrEqual(terminal.columns);
      }
      terminal.writes.length = 0;
      browser.calls.length = 0;
      globalThis.gc?.();
      heaps.push(process.memoryUsage().heapUsed);
    }
  } finally {
    await shown[Symbol.asyncDispose]();
  }
  console.log(`${count} keys, heap ${heaps.map((heap) => Math.round(heap / 1e6)).join(" ")} MB`);
  expect(count).toBeGreaterThan(500);
  for (const part of Object.values(browser.parts)) expect(part.listeners).toBe(0);
  // What is let go of may be collected later; what grows and grows is more than that.
  const middle = heaps[Math.floor(heaps.length / 2)] ?? 0;
  expect(heaps.at(-1) ?? 0).toBeLessThan(middle * 1.5 + 50e6);
});
