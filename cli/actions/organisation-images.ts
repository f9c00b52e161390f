import type { Catalogue, CatalogueEntry, DaemonImage, DigestKind } from "../../src/internal.ts";
import * as library from "../../src/internal.ts";
import { bringUpToDate, withCatalogue } from "../catalogue.ts";
import type { Context } from "../context.ts";
import { compareCopy, kindsOfIds, type LocalCopy } from "../docker/local-copy.ts";
import { imageOf, shortDigest, statusOf, toEntryJson } from "../output/entry.ts";
import { sanitizeLine, toJson } from "../output/sanitize.ts";
import { formatTime, table } from "../output/table.ts";

export interface ImagesOptions {
  readonly org?: string;
}

/** What the local engine has under an image's name: nothing, a copy, or nobody could be asked. */
type Local = "missing" | LocalCopy | "unknown";

const maxImages = 100_000;

/** Shows the images and tags of an organisation as the chain has them, and what the local copies are against them. */
export async function listImages(
  context: Context,
  repository: string | undefined,
  options: ImagesOptions,
): Promise<number> {
  const wanted = repository === undefined ? undefined : toRepository(repository);
  const organisation = options.org ?? (await library.readSettings(context.home)).organisation;
  if (organisation === undefined) throw library.failure("ORGANISATION_NOT_CHOSEN");
  return withCatalogue(context, async (catalogue) => {
    const [engine] = await Promise.all([askEngine(context), bringUpToDate(context, catalogue)]);
    if (catalogue.organisation(organisation) === undefined) {
      throw library.failure("ORGANISATION_NOT_FOUND", { name: JSON.stringify(organisation.slice(0, 200)) });
    }
    const entries = catalogue
      .find({ organisation, standing: "any", foreign: true, order: "name" }, { offset: 0, limit: maxImages })
      .filter((entry) => entry.isHead && (wanted === undefined || entry.repository === wanted));
    print(
      context,
      entries.map((entry) => [entry, compare(catalogue, entry, engine)]),
    );
    return 0;
  });
}

function print(context: Context, images: readonly (readonly [CatalogueEntry, Local])[]): void {
  const { catalogue: words } = context.words;
  if (context.json) {
    context.result(toJson(images.map(([entry, local]) => ({ ...toEntryJson(entry), local }))));
    return;
  }
  if (images.length === 0) {
    context.note(words.nothingSigned);
    return;
  }
  const rows = images.map(([entry, local]) => [
    imageOf(entry),
    statusOf(entry),
    local,
    formatTime(entry.issuedAt),
    shortDigest(entry),
  ]);
  const { columns } = words;
  const titles = [columns.image, columns.status, columns.local, columns.signed, columns.digest];
  for (const line of table([titles, ...rows])) context.result(line);
}

/** An engine's images by their canonical names, and what its image IDs are digests of. */
interface Engine {
  readonly images: ReadonlyMap<string, DaemonImage>;
  readonly kinds: readonly DigestKind[];
}

/** @returns undefined where no engine answers */
async function askEngine({ signal, note, words, translator }: Context): Promise<Engine | undefined> {
  try {
    const [{ store }, images] = await Promise.all([
      library.pingDocker({ signal }),
      library.listDaemonImages({ signal }),
    ]);
    const byName = images.flatMap((image) =>
      image.names.map((name): [string, DaemonImage] => [canonicalName(name), image]),
    );
    return { images: new Map(byName), kinds: kindsOfIds(store) };
  } catch (error) {
    if (!library.isDaoChainError(error) || error.outcome === "cancelled") throw error;
    note(sanitizeLine(words.catalogue.localUnknown(translator.say(error))));
    return undefined;
  }
}

function canonicalName(name: string): string {
  const reference = library.parseImageReference(`docker-daemon:${name}`);
  const named = "named" in reference ? reference.named : undefined;
  return named === undefined ? name : imageOf(named);
}

function compare(catalogue: Catalogue, entry: CatalogueEntry, engine: Engine | undefined): Local {
  if (engine === undefined) return "unknown";
  const image = engine.images.get(imageOf(entry));
  if (image === undefined) return "missing";
  return compareCopy(catalogue, entry, image.id, engine.kinds);
}

/** @throws REPOSITORY_INVALID, REFERENCE_INVALID */
function toRepository(text: string): string {
  const reference = library.parseImageReference(text);
  const named = "named" in reference ? reference.named : undefined;
  if (named === undefined || /:[^/]+$/.test(text) || named.digest !== undefined) {
    throw library.failure("REPOSITORY_INVALID", { text: JSON.stringify(text.slice(0, 100)) });
  }
  return named.repository;
}
