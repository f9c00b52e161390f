import type { CatalogueEntry, HistoryEntry } from "../../../src/internal.ts";
import type { AsyncValue } from "../../browser/state/async-value.ts";
import { nameOf, when } from "../../browser/text/format.ts";
import type { Part } from "../../browser/text/part.ts";
import { isPassed, standingPart } from "../../browser/text/status.ts";
import { eventParts } from "../components/event-line.tsx";
import type { Screen } from "../screen.ts";
import { wrap } from "../text/columns.ts";
import { Sections } from "./sections.ts";

/** Digests and annotations that are shown: a claim may have many. */
const most = 200;

/** What was recorded of a tag, as far as it is known. */
type ImageHistory = AsyncValue<readonly HistoryEntry[]>;

/** Everything that the chain has on a claim. */
export function entryLines(entry: CatalogueEntry, history: ImageHistory, screen: Screen): Part[][] {
  const { words, columns } = screen;
  const sections = new Sections(columns);
  sections.heading(nameOf(entry));
  claimFacts(sections, entry, screen);
  subjectFacts(sections, entry.subjects, screen);
  annotationFacts(sections, entry.annotations, screen);
  sections.heading(words.detail.history);
  historyFacts(sections, history, screen);
  return sections.lines;
}

export function claimFacts(sections: Sections, entry: CatalogueEntry, { words, now }: Screen): void {
  const { detail } = words;
  const standing = standingPart(entry.standing, words);
  sections.fact(detail.status, standing.text, { tone: standing.tone, bold: true });
  if (entry.revocation !== undefined) {
    sections.fact(detail.revoked, entry.revocation.reason, { bold: true });
    for (const digest of entry.revocation.digests.slice(0, most)) sections.text(digest);
  }
  if (!entry.byOwner) sections.fact("", detail.foreign, { tone: "care" });
  if (isPassed(entry)) sections.fact("", detail.notHead, { tone: "care" });
  sections.fact(detail.organisation, entry.organisation);
  sections.fact(detail.threshold, words.approvals(entry.approvals, entry.threshold));
  entry.signers.slice(0, most).forEach((signer, index) => {
    sections.fact(index === 0 ? detail.signers : "", signer);
  });
  sections.fact(detail.signedAt, when(entry.issuedAt, now));
  sections.fact(detail.expires, entry.expiresAt === 0 ? detail.never : when(entry.expiresAt, now));
  sections.fact(detail.recorded, words.block(entry.block));
  sections.fact(detail.transaction, "");
  sections.text(entry.transaction);
  sections.fact(detail.claim, "");
  sections.text(entry.claim);
}

export function subjectFacts(
  sections: Sections,
  subjects: CatalogueEntry["subjects"],
  { words }: Screen,
): void {
  if (subjects.length === 0) return;
  sections.heading(words.detail.subjects);
  for (const { kind, digest, platform } of subjects.slice(0, most)) {
    sections.fact(kind, platform);
    sections.text(digest);
  }
  if (subjects.length > most) sections.fact("", words.more(subjects.length - most));
}

export function annotationFacts(
  sections: Sections,
  annotations: Readonly<Record<string, string>>,
  { words }: Screen,
): void {
  const all = Object.entries(annotations);
  if (all.length === 0) return;
  sections.heading(words.detail.annotations);
  for (const [key, value] of all.slice(0, most)) sections.fact("", `${key}=${value}`);
  if (all.length > most) sections.fact("", words.more(all.length - most));
}

export function historyFacts(sections: Sections, history: ImageHistory | undefined, screen: Screen): void {
  const { words, shell } = screen;
  if (history === undefined) sections.line({ text: `  ${words.detail.notRecorded}`, tone: "quiet" });
  else if (history.failure !== undefined) {
    const { message, hint } = shell.tell(history.failure);
    sections.fact("✗", message, { bold: true });
    if (hint !== undefined) sections.fact("", hint);
  } else if (history.value === undefined) sections.line({ text: `  ${words.detail.loading}`, tone: "quiet" });
  else if (history.value.length === 0) sections.line({ text: `  ${words.empty.history}`, tone: "quiet" });
  for (const each of history?.value?.slice(0, most) ?? []) {
    for (const line of historyLines(each, screen)) sections.line(...line);
  }
}

/** One event, and on lines of its own why it was done: a reason is as long as somebody made it. */
export function historyLines(entry: HistoryEntry, { now, columns, words }: Screen): Part[][] {
  const head: Part = { text: `  ${when(entry.time, now)}  #${entry.block}  `, tone: "quiet" };
  const reasons = entry.reason === null ? [] : wrap(entry.reason, columns - 7);
  return [
    [head, ...eventParts({ ...entry, reason: null }, words)],
    ...reasons.map((text) => [{ text: `      ${text}`, bold: true }]),
  ];
}
