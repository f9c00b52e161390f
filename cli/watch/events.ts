import type {
  Catalogue,
  CatalogueEntry,
  CatalogueHistoryEntry,
  RunningContainer,
} from "../../src/internal.ts";
import * as library from "../../src/internal.ts";
import type { Context } from "../context.ts";
import { imageOf } from "../output/entry.ts";
import { sanitizeLine } from "../output/sanitize.ts";
import { formatTime, padEnd } from "../output/table.ts";

/** Images, and containers, that one line names. */
const maxNamed = 5;

/** A container as a line names it. */
export interface NamedContainer {
  readonly id: string;
  readonly name: string;
  /** as its maker called it */
  readonly image: string;
}

/** An act with the images that it is about, and the running containers that it hits. */
export interface WatchedEvent {
  readonly act: CatalogueHistoryEntry | FoundRunning;
  readonly entries: readonly CatalogueEntry[];
  /** null where nobody looked */
  readonly containers: readonly NamedContainer[] | null;
  /** the container, where it was found running rather than hit by an act */
  readonly running?: RunningContainer;
}

/** Not an act of anybody: a container that was found to run what is no longer good. */
export interface FoundRunning extends Omit<CatalogueHistoryEntry, "act" | "transaction"> {
  readonly act: "still running";
  readonly transaction: null;
}

/** The claims that an act is about, as they are after it. */
export function entriesOf(catalogue: Catalogue, act: CatalogueHistoryEntry): CatalogueEntry[] {
  if (act.act === "revoked digest" && library.isDigest(act.subject)) {
    return catalogue.naming([act.subject]).filter(({ organisation }) => organisation === act.organisation);
  }
  if (act.claim === null) return [];
  const one = catalogue.entry(act.claim);
  const entries = one === undefined ? catalogue.inRecord(act.claim) : [one];
  // A batch is claimed one by one, and each names what it claims.
  return act.act === "claimed"
    ? entries.filter((entry) => entries.length === 1 || act.subject.startsWith(`${imageOf(entry)} = `))
    : entries;
}

export function formatEvent(
  { style, words, translator }: Context,
  { act, entries, containers, running }: WatchedEvent,
): string {
  const { watch } = words.catalogue;
  const some = (all: readonly string[]): string => {
    const more = all.length > maxNamed ? watch.more(all.length - maxNamed) : "";
    return `${all.slice(0, maxNamed).join(watch.list)}${more}`;
  };
  const isFound = act.act === "still running";
  const isBad = act.act.startsWith("revoked") || act.act === "signer voided" || isFound;
  const word = padEnd(isBad ? words.acts[act.act].toUpperCase() : words.acts[act.act], 20);
  const names = namesOf(entries);
  const hits = some((containers ?? []).map(({ name, image }) => watch.container(name, image)));
  const plain =
    act.act === "claimed" || names.length === 0 ? act.subject : watch.about(some(names), act.subject);
  const by = act.by === null ? "" : watch.by(act.by);
  const why = running?.verdict.reasons.map(translator.say).join("; ") ?? act.reason ?? "";
  return [
    formatTime(act.time),
    sanitizeLine(act.organisation ?? watch.governor).padEnd(12),
    isBad ? style.status("revoked", word) : word,
    sanitizeLine(`${isFound ? hits : plain}${by}${why === "" ? "" : watch.because(why)}`),
    ...(hits === "" || isFound ? [] : [style.status("revoked", sanitizeLine(watch.affects(hits)))]),
  ].join("  ");
}

/** What a line of `--json` says of an act, and a hook is given. */
export function toEventJson({ act, entries, containers }: WatchedEvent): object {
  const { time, block, transaction, organisation, act: what, subject, by, reason, claim } = act;
  return {
    time: formatTime(time),
    block,
    transaction,
    organisation,
    act: what,
    subject,
    images: what === "still running" ? [subject] : namesOf(entries),
    by,
    reason,
    claim,
    containers,
  };
}

function namesOf(entries: readonly CatalogueEntry[]): string[] {
  return [...new Set(entries.map(imageOf))];
}
