// What bench/tui-input.ts builds and runs.
import { FakeBrowser, fakeEntry, fakeImage, fakeVerdict } from "../test/support/fake-browser.ts";
import { ShownBrowser } from "../test/support/fake-terminal.ts";

const count = Number(process.argv[2] ?? 300);
const limit = 50;
const browser = new FakeBrowser();
browser.state.images = Array.from({ length: 2000 }, (_, number) =>
  fakeImage(number, {
    verdict: fakeVerdict(`acme/api:${number}`, number % 3 === 0 ? "unsigned" : "verified"),
  }),
);
browser.state.entries = Array.from({ length: 100_000 }, (_, number) => fakeEntry(number));
await using shown = await ShownBrowser.open(browser, { columns: 120, rows: 40 });

/** Milliseconds until something is written because of a key; undefined where nothing is, since it changes nothing. */
async function answer(key: string): Promise<number | undefined> {
  // As quickly as a key that is held down repeats itself.
  await new Promise((resolve) => setTimeout(resolve, 40));
  const before = shown.terminal.writes.length;
  const start = performance.now();
  shown.keyboard.write(key);
  while (shown.terminal.writes.length === before) {
    if (performance.now() - start > 250) return undefined;
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return performance.now() - start;
}

const moving = [..."jjjjkjGgjj", "\u0004", "\u0015", "\u001b[6~", "\u001b[5~", "\u001b[B"];
const typing = [..."/api", "\u007f", "\u007f", ..."cme", "\r"];
console.log("| page | keys | p50, ms | p99, ms | longest, ms | beside 50 ms (p99) |");
console.log("|---|--:|--:|--:|--:|--:|");
for (const [name, page] of [
  ["local, 2,000 images", "1"],
  ["market, 100,000 claims", "3"],
] as const) {
  await shown.press(page);
  const times: number[] = [];
  for (let at = 0; times.length < count && at < 4 * count; at++) {
    const keys = [...moving, ...typing];
    const time = await answer(keys[at % keys.length] ?? "j");
    if (time !== undefined) times.push(time);
  }
  times.sort((a, b) => a - b);
  const rank = (part: number): number =>
    times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0;
  const [half, most, longest] = [rank(0.5), rank(0.99), times.at(-1) ?? 0];
  const cells = [half, most, longest].map((time) => time.toFixed(1));
  console.log(`| ${name} | ${times.length} | ${cells.join(" | ")} | ${(most / limit).toFixed(2)} |`);
}
process.exit(0);
