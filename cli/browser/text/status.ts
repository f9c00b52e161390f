import type { CatalogueEntry, Standing, VerdictStatus } from "../../../src/internal.ts";
import type { Words } from "../../words/browser/browser-words.ts";
import type { LocalImage } from "../browser.ts";
import { percent } from "./format.ts";
import type { Part, Tone } from "./part.ts";

interface Sign {
  /** of those that terminals everywhere give one column */
  readonly symbol: string;
  readonly tone: Tone | undefined;
}

const good: Sign = { symbol: "✓", tone: "good" };
const bad: Sign = { symbol: "✗", tone: "bad" };
const open: Sign = { symbol: "~", tone: "care" };
const unknown: Sign = { symbol: "?", tone: "care" };

export const signs: Readonly<Record<VerdictStatus | "signed", Sign>> = {
  verified: good,
  signed: good,
  unsigned: { symbol: "-", tone: undefined },
  mismatch: bad,
  revoked: bad,
  expired: bad,
  untrusted: bad,
  pending: open,
  denied: bad,
  superseded: { symbol: "^", tone: "care" },
  corrupt: bad,
  inconclusive: unknown,
};

/** Whether a person has to do something about it. */
export function needsAttention(status: VerdictStatus): boolean {
  return signs[status].tone === "bad";
}

export function statusPart(status: VerdictStatus | "signed", words: Words): Part {
  const { symbol, tone } = signs[status];
  return { text: `${symbol} ${words.status[status]}`, tone };
}

/** The verdict of a local image, or what is done about it. */
export function imagePart({ verdict, work, progress }: LocalImage, words: Words): Part {
  if (verdict !== undefined) return statusPart(verdict.status, words);
  const far = work === "reading" && progress !== undefined ? ` ${percent(progress)}` : "";
  return { text: `~ ${words.work[work ?? "waiting"]}${far}`, tone: "quiet" };
}

const standings: Readonly<Record<Standing, Sign>> = {
  good,
  pending: open,
  revoked: bad,
  expired: bad,
  untrusted: bad,
};

export function standingPart(standing: Standing, words: Words): Part {
  const { symbol, tone } = standings[standing];
  return { text: `${symbol} ${words.standing[standing]}`, tone };
}

/** Whether a claim counted, and its tag has a newer one. One that still waits has not been passed by anything. */
export function isPassed({ isHead, tag, standing }: CatalogueEntry): boolean {
  return !isHead && tag !== "" && standing !== "pending";
}
