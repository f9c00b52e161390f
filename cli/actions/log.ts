import type { HistoryQuery } from "../../src/internal.ts";
import * as library from "../../src/internal.ts";
import { currentOrganisation, withConnection } from "../connection.ts";
import type { Context } from "../context.ts";
import { toJson } from "../output/sanitize.ts";
import { formatTime, table } from "../output/table.ts";

export interface LogOptions {
  readonly org?: string;
  readonly limit: number;
}

/** Shows who did what, and when: of an organisation, or about one repository, tag or digest. */
export async function log(
  context: Context,
  target: string | undefined,
  options: LogOptions,
): Promise<number> {
  const query = toQuery(target);
  const entries = await withConnection(context, async (connection) =>
    library.readHistory(
      connection,
      await currentOrganisation(context, connection, options.org),
      query,
      options.limit,
    ),
  );
  if (context.json) {
    const dated = entries.map((entry) => ({ ...entry, time: formatTime(entry.time) }));
    context.result(toJson(dated));
    return 0;
  }
  const rows = entries.map(({ time, block, act, subject, by, reason }) => [
    formatTime(time),
    `#${block}`,
    context.words.acts[act],
    said(context, subject, by, reason),
  ]);
  for (const line of table(rows)) context.result(line);
  if (entries.length === 0) context.note(context.words.image.log.nothing);
  return 0;
}

function said({ words }: Context, subject: string, by: string | null, reason: string | null): string {
  const { log } = words.image;
  const done = by === null ? subject : log.by(subject, by);
  return reason === null ? done : log.because(done, reason);
}

function toQuery(target: string | undefined): HistoryQuery {
  if (target === undefined) return {};
  if (library.isDigest(target)) return { digest: target };
  const reference = library.parseImageReference(target);
  const named = "named" in reference ? reference.named : undefined;
  if (named === undefined) {
    throw library.failure("LOG_OF_FILE");
  }
  const { repository, tag, digest } = named;
  if (digest !== undefined) return { digest };
  // Without a tag, the whole repository is meant.
  return /:[^/]+$/.test(target) ? { repository, tag } : { repository };
}
