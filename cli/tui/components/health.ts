import type { Health, ImagesView } from "../../browser/browser.ts";
import { clock } from "../../browser/text/format.ts";
import type { Part, Tone } from "../../browser/text/part.ts";
import type { Screen } from "../screen.ts";

const looks: Readonly<Record<Health["state"], readonly [symbol: string, tone: Tone]>> = {
  starting: ["~", "quiet"],
  up: ["✓", "good"],
  slow: ["~", "care"],
  down: ["✗", "bad"],
};

/** Whether something answers; where it does not, since when. */
export function healthParts(health: Health, { words, now }: Pick<Screen, "words" | "now">): Part[] {
  const [symbol, tone] = looks[health.state];
  const word = words.health[health.state];
  const isWell = health.state === "up" || health.state === "starting";
  const text = isWell ? word : words.since(word, clock(health.since, now));
  return [{ text: `${symbol} ${text}`, tone, bold: !isWell }];
}

/** Where the engine is, and which: nothing before it answered. */
export function engineAbout({ about }: ImagesView, words: Screen["words"]): string {
  return about === undefined ? "" : words.engineAbout(about.host, about.version, about.store);
}
