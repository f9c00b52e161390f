import type { CatalogueEntry } from "../../../src/internal.ts";
import { formatBytes } from "../../output/bytes.ts";
import type { Words } from "../../words/browser/browser-words.ts";
import type { Amount } from "../browser.ts";

const spans = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
] as const;

/** How long ago a moment is, in its largest unit; nothing for a moment that is not known. @param seconds since 1970 @param now in milliseconds */
export function age(seconds: number, now: number, words: Words): string {
  if (seconds <= 0) return "";
  const ago = Math.max(0, Math.floor(now / 1000 - seconds));
  const [unit, length] = spans.find(([, span]) => ago >= span) ?? ["second", 1];
  return words.span[unit](Math.floor(ago / length));
}

/** A moment on the clock on the wall; with its date where that is not today. @param at in milliseconds since 1970 */
export function clock(at: number, now: number): string {
  const moment = new Date(at);
  if (Number.isNaN(moment.getTime())) return "";
  const two = (value: number): string => String(value).padStart(2, "0");
  const time = `${two(moment.getHours())}:${two(moment.getMinutes())}:${two(moment.getSeconds())}`;
  if (moment.toDateString() === new Date(now).toDateString()) return time;
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())} ${time}`;
}

/** The same of a moment in seconds since 1970. */
export function when(seconds: number, now: number): string {
  return clock(Math.min(seconds * 1000, 8.64e15), now);
}

export function percent({ bytes, total }: Amount): string {
  if (total === undefined || total <= 0) return formatBytes(bytes);
  return `${Math.min(100, Math.floor((bytes / total) * 100))}%`;
}

/** Bytes done, of how many, and how fast. */
export function amount(progress: Amount, words: Words): string {
  const { bytes, total, rate } = progress;
  const done = total === undefined ? formatBytes(bytes) : words.of(formatBytes(bytes), formatBytes(total));
  return rate > 0 ? `${done}, ${formatBytes(rate)}/s` : done;
}

/** What a claim is on: a repository, and where the claim names one, its tag. */
export function nameOf({ repository, tag }: CatalogueEntry): string {
  return tag === "" ? repository : `${repository}:${tag}`;
}

/** A digest, address or hash, short enough for a column and long enough to be told from others. */
export function short(hash: string): string {
  const bare = hash.replace(/^sha256:/, "");
  return bare.length > 14 ? `${bare.slice(0, 12)}…` : bare;
}

/** A whole coin of wei, with as many digits as say something. */
export function ether(wei: bigint): string {
  const whole = wei / 10n ** 18n;
  const rest = String((wei < 0n ? -wei : wei) % 10n ** 18n).padStart(18, "0");
  const digits = rest.slice(0, 6).replace(/0+$/, "");
  return digits === "" ? String(whole) : `${whole}.${digits}`;
}
