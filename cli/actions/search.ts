import type { CatalogueEntry } from "../../src/internal.ts";
import { bringUpToDate, withCatalogue } from "../catalogue.ts";
import type { Context } from "../context.ts";
import { imageOf, shortDigest, statusOf, toEntryJson } from "../output/entry.ts";
import { toJson } from "../output/sanitize.ts";
import { formatTime, table } from "../output/table.ts";

export interface SearchOptions {
  readonly org?: string;
  readonly all?: boolean;
  readonly superseded?: boolean;
  readonly foreign?: boolean;
  readonly limit: number;
}

/** Finds claims by words in their image's name, their organisation's name, or the beginning of a digest. */
export async function search(
  context: Context,
  text: readonly string[],
  options: SearchOptions,
): Promise<number> {
  const query = {
    text: text.join(" "),
    organisation: options.org,
    standing: options.all === true ? ("any" as const) : undefined,
    superseded: options.superseded,
    foreign: options.foreign,
  };
  const { catalogue: words } = context.words;
  return withCatalogue(context, async (catalogue) => {
    await bringUpToDate(context, catalogue);
    const now = Math.floor(Date.now() / 1000);
    const entries = catalogue.find(query, { offset: 0, limit: options.limit }, now);
    const more = catalogue.count(query, now) - entries.length;
    if (context.json) context.result(toJson(entries.map(toEntryJson)));
    else printEntries(context, entries);
    if (entries.length === 0) context.note(words.nothingFound);
    if (more > 0) context.note(words.moreMatch(more));
    return 0;
  });
}

function printEntries(context: Context, entries: readonly CatalogueEntry[]): void {
  if (entries.length === 0) return;
  const { columns, notOwner } = context.words.catalogue;
  const rows = entries.map((entry) => [
    imageOf(entry),
    entry.byOwner ? entry.organisation : notOwner(entry.organisation),
    statusOf(entry),
    formatTime(entry.issuedAt),
    shortDigest(entry),
  ]);
  const titles = [columns.image, columns.organisation, columns.status, columns.signed, columns.digest];
  for (const line of table([titles, ...rows])) context.result(line);
}
