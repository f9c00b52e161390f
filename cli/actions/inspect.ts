import type {
  DaoChainError,
  Depth,
  Digest,
  HistoryEntry,
  ImageContents,
  ImageFacts,
  Transport,
  Verdict,
} from "../../src/internal.ts";
import * as library from "../../src/internal.ts";
import { bringUpToDate, withCatalogue } from "../catalogue.ts";
import { withConnection, withConnectionAhead } from "../connection.ts";
import type { Context } from "../context.ts";
import { type EntryJson, toEntryJson } from "../output/entry.ts";
import { inspectionLines } from "../output/inspection.ts";
import { ProgressDisplay } from "../output/progress.ts";
import { sanitizeLine, toJson } from "../output/sanitize.ts";
import { formatTime } from "../output/table.ts";
import { requireReference } from "./images.ts";
import { answerInTime } from "./unanswered.ts";
import { exitCodeOf, toPolicy } from "./verify.ts";

export interface InspectOptions {
  readonly org?: string;
  readonly depth?: Depth;
  readonly policy?: string;
  /** acts of its history at most */
  readonly limit: number;
}

/** What an image is made of, wherever it lies. */
interface Described {
  readonly transport: Transport | null;
  /** what a daemon calls it */
  readonly names: readonly string[];
  readonly id: Digest | null;
  /** ISO 8601 */
  readonly created: string | null;
  /** bytes as they are stored */
  readonly size: number | null;
  readonly platforms: readonly {
    readonly platform: string;
    readonly created: string | null;
    readonly layers: readonly {
      readonly diffId: Digest;
      readonly size: number | null;
      readonly createdBy: string | null;
    }[];
  }[];
}

/** What the chain has of an image; null for what it could not be asked. */
interface Recorded {
  /** every claim that names it, by any organisation, newest first */
  readonly claims: readonly EntryJson[] | null;
  /** what its tag means now, for each organisation that claimed it */
  readonly heads: readonly EntryJson[] | null;
  /** what was recorded of its tag, newest first */
  readonly history:
    | readonly (Omit<HistoryEntry, "time"> & { readonly time: string; readonly organisation: string })[]
    | null;
  /** the chain's block as of which claims and heads are */
  readonly asOf: { readonly block: number; readonly time: string } | null;
}

/** Everything that is known of one image. Its keys are the JSON that `inspect --json` prints. */
export interface Inspection extends Described, Recorded {
  readonly image: string;
  readonly verdict: Verdict;
  /** why something is not known */
  readonly unknown: readonly string[];
}

/** What kept a part of it from being known. */
export type Unknown = Map<"image" | "claims" | "history", DaoChainError>;

/** Shows what an image is, whether it is verified, and what the chain has of it. Where the chain does not answer, the image itself is left. */
export async function inspect(context: Context, image: string, options: InspectOptions): Promise<number> {
  await requireReference(image);
  const policy = await toPolicy(options);
  const progress = new ProgressDisplay(context);
  const platforms = new Map<string, ImageContents>();
  let facts: ImageFacts | undefined;
  const open = async (): ReturnType<typeof library.openImage> => {
    const source = await library.openImage(image);
    const onContents = (contents: ImageContents) => platforms.set(contents.platform, contents);
    return {
      image,
      transport: source.transport,
      inspect: async (inspection) => {
        facts = await source.inspect({ ...inspection, onContents });
        return facts;
      },
    };
  };
  const verdict = await withConnectionAhead(context, (connect) =>
    answerInTime(context, image, () =>
      library.verifyImage(image, open, connect, policy, {
        depth: options.depth,
        signal: context.signal,
        onProgress: (step) => progress.update(image, step),
      }),
    ),
  ).finally(() => progress.done(image));
  const unknown: Unknown = new Map();
  const described = await orUnknown(unknown, "image", () =>
    describe(context, facts, [...platforms.values()]),
  );
  const recorded = await orUnknown(unknown, "claims", () =>
    readRecorded(context, verdict, options.limit, unknown),
  );
  const inspection: Inspection = {
    image,
    ...(described ?? nothingDescribed),
    verdict,
    ...(recorded ?? nothingRecorded),
    unknown: [...new Set([...unknown.values()].map(({ message }) => message))],
  };
  if (context.json) context.result(toJson(inspection));
  else if (context.quiet) context.result(`${verdict.status} ${sanitizeLine(image)}`);
  else {
    for (const line of inspectionLines(context, inspection, unknown)) context.result(line);
  }
  return exitCodeOf([verdict]);
}

const nothingDescribed: Described = {
  transport: null,
  names: [],
  id: null,
  created: null,
  size: null,
  platforms: [],
};
const nothingRecorded: Recorded = { claims: null, heads: null, history: null, asOf: null };

/** One thing that cannot be asked leaves the others to be shown. */
async function orUnknown<T>(
  unknown: Unknown,
  what: "image" | "claims" | "history",
  ask: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (!library.isDaoChainError(error) || error.outcome !== "inconclusive") throw error;
    unknown.set(what, error);
    return undefined;
  }
}

async function describe(
  { signal }: Context,
  facts: ImageFacts | undefined,
  contents: readonly ImageContents[],
): Promise<Described> {
  if (facts === undefined) return nothingDescribed;
  const { transport, id = null } = facts;
  if (id === null) {
    const sizes = contents.flatMap(({ layers }) => layers.map(({ size }) => size));
    const size = sizes.reduce((sum: number | undefined, one) => add(sum, one), 0);
    const platforms = contents.map(({ platform, created, layers }) => ({
      platform,
      created: toDate(created),
      layers: layers.map(toLayer),
    }));
    return {
      transport,
      names: [],
      id,
      created: platforms.length === 1 ? (platforms[0]?.created ?? null) : null,
      size: contents.length === 0 ? null : (size ?? null),
      platforms,
    };
  }
  const [images, layers] = await Promise.all([
    library.listDaemonImages({ signal }),
    library.listDaemonLayers(id, { signal }),
  ]);
  const listed = images.find((image) => image.id === id);
  const created = listed === undefined || listed.created === 0 ? null : formatTime(listed.created);
  const platform = facts.subjects.find((subject) => subject.platform !== "")?.platform ?? "";
  return {
    transport,
    names: listed?.names ?? [],
    id,
    created,
    size: listed?.size ?? null,
    platforms: [{ platform, created, layers: layers.map(toLayer) }],
  };
}

function add(sum: number | undefined, size: number | undefined): number | undefined {
  return sum === undefined || size === undefined ? undefined : sum + size;
}

function toLayer({
  diffId,
  size,
  createdBy,
}: ImageContents["layers"][number]): Described["platforms"][number]["layers"][number] {
  return { diffId, size: size ?? null, createdBy: createdBy ?? null };
}

/** A date as its maker wrote it, as ours are written; what is no date is left out. */
function toDate(text: string | undefined): string | null {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) || time <= 0 ? null : formatTime(Math.floor(time / 1000));
}

/** Heads of one tag that are looked through: each organisation may claim it. */
const maxHeads = 1000;

async function readRecorded(
  context: Context,
  verdict: Verdict,
  limit: number,
  unknown: Unknown,
): Promise<Recorded> {
  const { subjects } = verdict;
  const { repository, tag } = nameOf(verdict);
  return withCatalogue(context, async (catalogue) => {
    await bringUpToDate(context, catalogue);
    const { position } = catalogue;
    // Of an image that was not read, no digest is known that a claim could name.
    const claims = subjects.length === 0 ? undefined : catalogue.naming(subjects.map(({ digest }) => digest));
    const text = `${repository}:${tag}`;
    const heads =
      repository === null || tag === null
        ? []
        : catalogue
            .find({ text, standing: "any", foreign: true }, { offset: 0, limit: maxHeads })
            .filter((entry) => entry.isHead && entry.repository === repository && entry.tag === tag);
    const organisations = new Set([...heads, ...(claims ?? [])].map(({ organisation }) => organisation));
    const history = await orUnknown(unknown, "history", () =>
      readHistory(context, organisations, { repository, tag }, limit),
    );
    return {
      claims: claims?.map(toEntryJson) ?? null,
      heads: heads.map(toEntryJson),
      history: history ?? null,
      asOf: position === undefined ? null : { block: position.block, time: formatTime(position.time) },
    };
  });
}

/** The name that the image goes by; of one that was not read, as it was typed. */
function nameOf({ image, repository, tag }: Verdict): Pick<Verdict, "repository" | "tag"> {
  if (repository !== null) return { repository, tag };
  const reference = library.parseImageReference(image);
  const named = "named" in reference ? reference.named : undefined;
  return { repository: named?.repository ?? null, tag: named?.tag || null };
}

async function readHistory(
  context: Context,
  organisations: ReadonlySet<string>,
  { repository, tag }: { readonly repository: string | null; readonly tag: string | null },
  limit: number,
): Promise<NonNullable<Recorded["history"]>> {
  if (repository === null || organisations.size === 0) return [];
  const about = tag === null ? { repository } : { repository, tag };
  const entries = await withConnection(context, async (connection) => {
    const read: (HistoryEntry & { organisation: string })[] = [];
    for (const organisation of organisations) {
      const by = await library.requireOrganisation(connection, organisation);
      for (const entry of await library.readHistory(connection, by, about, limit))
        read.push({ ...entry, organisation });
    }
    return read;
  });
  return entries
    .sort((a, b) => b.block - a.block)
    .slice(0, limit)
    .map((entry) => ({ ...entry, time: formatTime(entry.time) }));
}
