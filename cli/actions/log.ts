import type { HistoryQuery } from "../../src/index.ts";
import * as library from "../../src/index.ts";
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
    act,
    `${subject}${by === null ? "" : ` by ${by}`}${reason === null ? "" : `: ${reason}`}`,
  ]);
  for (const line of table(rows)) context.result(line);
  if (entries.length === 0) context.note("Nothing is recorded of this.");
  return 0;
}

function toQuery(target: string | undefined): HistoryQuery {
  if (target === undefined) return {};
  if (library.isDigest(target)) return { digest: target };
  const reference = library.parseImageReference(target);
  const named = "named" in reference ? reference.named : undefined;
  if (named === undefined) {
    throw new library.DaoChainError("USAGE", "The log is kept by repository, tag and digest, not by file.", {
      hint: "daochain verify tells the name under which a file's image was claimed.",
    });
  }
  const { repository, tag, digest } = named;
  if (digest !== undefined) return { digest };
  // Without a tag, the whole repository is meant.
  return /:[^/]+$/.test(target) ? { repository, tag } : { repository };
}
