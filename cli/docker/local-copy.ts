import type { Catalogue, CatalogueEntry, DaemonImage, DigestKind, DockerStatus } from "../../src/internal.ts";

/** What an engine has under a claimed name: what its tag means now, what it once meant, or what was never signed under this name. */
export type LocalCopy = "current" | "superseded" | "other";

/** What the IDs of an engine's images are digests of. */
export function kindsOfIds(store: DockerStatus["store"]): readonly DigestKind[] {
  return store === "classic" ? ["config"] : ["manifest", "index"];
}

/** @param entry the newest claim of the name under which the engine has the image */
export function compareCopy(
  catalogue: Pick<Catalogue, "naming">,
  entry: CatalogueEntry,
  id: DaemonImage["id"],
  kinds: readonly DigestKind[],
): LocalCopy {
  const names = ({ subjects }: CatalogueEntry): boolean =>
    subjects.some(({ kind, digest }) => digest === id && kinds.includes(kind));
  if (names(entry)) return "current";
  const isEarlier = catalogue
    .naming([id])
    .some(
      (other) =>
        names(other) &&
        other.organisation === entry.organisation &&
        other.repository === entry.repository &&
        other.tag === entry.tag,
    );
  return isEarlier ? "superseded" : "other";
}
