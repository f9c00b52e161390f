import { setTimeout as sleep } from "node:timers/promises";
import type { Catalogue, CatalogueAct, CatalogueEntry, Connection } from "../../src/index.ts";
import * as library from "../../src/index.ts";
import { followWithProgress, withCatalogue } from "../catalogue.ts";
import { openConnection } from "../connection.ts";
import type { Context } from "../context.ts";
import { imageOf } from "../output/entry.ts";
import { sanitizeLine, toJsonLine } from "../output/sanitize.ts";
import { formatTime } from "../output/table.ts";

export interface WatchOptions {
  readonly org?: string;
  /** the first block whose acts are shown */
  readonly since?: number;
}

/** How often the chain is asked, in milliseconds. */
const interval = 1000;
/** Images that one line names. */
const maxNamed = 5;

/** What is watched; undefined for everything. */
interface Target {
  readonly repository: string;
  /** undefined for the whole repository */
  readonly tag: string | undefined;
}

/** An act with the images that it is about. */
export interface SeenAct {
  readonly act: CatalogueAct;
  readonly entries: readonly CatalogueEntry[];
}

/** Shows each act as the chain records it, until it is stopped. */
export async function watch(
  context: Context,
  target: string | undefined,
  options: WatchOptions,
): Promise<number> {
  const about = target === undefined ? undefined : toTarget(target);
  const show = (seen: SeenAct): void => {
    if (options.org !== undefined && seen.act.organisation !== options.org) return;
    if (about !== undefined && !seen.entries.some((entry) => isOf(entry, about))) return;
    context.result(context.json ? toJsonLine(toActJson(seen)) : formatAct(context, seen));
  };
  return withCatalogue(context, async (catalogue) => {
    try {
      await followForever(context, catalogue, options.since, show);
    } catch (error) {
      if (!context.signal.aborted) throw error;
    }
    return 0;
  });
}

/** Goes on through outages: what happened meanwhile is shown afterwards. */
async function followForever(
  context: Context,
  catalogue: Catalogue,
  since: number | undefined,
  show: (seen: SeenAct) => void,
): Promise<never> {
  const { signal } = context;
  let next = since;
  let connection: Connection | undefined;
  let isOut = false;
  try {
    for (;;) {
      try {
        connection ??= await openConnection(context);
        if (next === undefined) {
          next = (await library.readBlock(connection.rpc)).number + 1;
          await followWithProgress(context, catalogue, connection);
        }
        const { to } = await catalogue.follow(connection, {
          signal,
          since: next,
          onActs: (acts) => {
            for (const act of acts) show({ act, entries: entriesOf(catalogue, act) });
            // Acts come by whole blocks: after an outage the next one goes on from here.
            next = (acts.at(-1)?.block ?? 0) + 1;
          },
        });
        next = Math.max(next, to + 1);
        if (isOut) context.note("The chain answers again.");
        isOut = false;
      } catch (error) {
        if (!library.isDaoChainError(error) || error.outcome !== "inconclusive") throw error;
        if (!isOut) context.note(sanitizeLine(`${error.message} Waiting for it to answer again.`));
        isOut = true;
        connection?.rpc.close();
        connection = undefined;
      }
      await sleep(interval, undefined, { signal });
    }
  } finally {
    connection?.rpc.close();
  }
}

/** The claims that an act is about, as they are after it. */
function entriesOf(catalogue: Catalogue, act: CatalogueAct): CatalogueEntry[] {
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

function formatAct({ style }: Context, { act, entries }: SeenAct): string {
  const isRevocation = act.act.startsWith("revoked") || act.act === "signer voided";
  const word = (isRevocation ? act.act.toUpperCase() : act.act).padEnd(20);
  const names = namesOf(entries);
  const subject =
    act.act === "claimed" || names.length === 0
      ? act.subject
      : `${names.slice(0, maxNamed).join(", ")}${names.length > maxNamed ? ` and ${names.length - maxNamed} more` : ""} (${act.subject})`;
  const by = act.by === null ? "" : ` by ${act.by}`;
  const reason = act.reason === null || act.reason === "" ? "" : `: ${act.reason}`;
  return [
    formatTime(act.time),
    sanitizeLine(act.organisation ?? "governor").padEnd(12),
    isRevocation ? style.status("revoked", word) : word,
    sanitizeLine(`${subject}${by}${reason}`),
  ].join("  ");
}

function toActJson({ act, entries }: SeenAct): object {
  const { time, block, transaction, organisation, act: what, subject, by, reason, claim } = act;
  return {
    time: formatTime(time),
    block,
    transaction,
    organisation,
    act: what,
    subject,
    images: namesOf(entries),
    by,
    reason,
    claim,
  };
}

function namesOf(entries: readonly CatalogueEntry[]): string[] {
  return [...new Set(entries.map(imageOf))];
}

function isOf({ repository, tag }: CatalogueEntry, target: Target): boolean {
  return repository === target.repository && (target.tag === undefined || target.tag === tag);
}

/** @throws USAGE, REFERENCE_INVALID */
function toTarget(text: string): Target {
  const reference = library.parseImageReference(text);
  const named = "named" in reference ? reference.named : undefined;
  if (named === undefined || named.digest !== undefined) {
    throw new library.DaoChainError(
      "USAGE",
      `${JSON.stringify(text.slice(0, 100))} is not watched by name.`,
      {
        hint: "Name a repository or a tag, such as acme/api or acme/api:1.4.2.",
      },
    );
  }
  // Without a tag, the whole repository is meant.
  return { repository: named.repository, tag: /:[^/]+$/.test(text) ? named.tag : undefined };
}
