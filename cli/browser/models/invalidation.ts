import type { CatalogueChange, CatalogueEntry, Digest, Verdict } from "../../../src/internal.ts";
import type { CatalogueReader } from "./follower.ts";

/** Events that bear only on the claims and digests that they name; what others bear on is everything of their organisation. */
const narrowEvents = new Set(["claimed", "approved", "revoked claim", "revoked digest"]);
/** Events that bear on who owns a repository, whoever owned it before. */
const wideEvents = new Set(["organisation admitted", "namespace added", "namespace removed"]);
/** Where there are so many events at once, not all of them may be told. */
const manyEvents = 1000;
/** What is looked up of one change: beyond that it would keep the thread too long, and the change bears on all of its organisations. */
const maxDigests = 300;
const maxRecords = 10;

/** What is new on the chain, and whose verdicts it bears on. */
export class Invalidation {
  readonly #organisations: ReadonlySet<string>;
  readonly #digests: ReadonlySet<Digest>;
  /** repositories with tags of which something was claimed, approved or revoked */
  readonly #names: ReadonlySet<string>;
  /** whether it bears on no more than those */
  readonly #isNarrow: boolean;
  /** whether it may bear on anything */
  readonly #isWide: boolean;
  /** whether it brings nothing: the catalogue began, or knew it all */
  readonly #isEmpty: boolean;

  constructor(
    { acts: events, digests, organisations, rebuilt }: CatalogueChange,
    catalogue: CatalogueReader,
  ) {
    const records = new Set(events.flatMap(({ act, claim }) => (act === "approved" && claim ? [claim] : [])));
    const isFew = digests.size <= maxDigests && records.size <= maxRecords;
    let approved: readonly CatalogueEntry[] = [];
    let claimed: readonly CatalogueEntry[] = [];
    let isLookedUp = false;
    try {
      if (isFew) {
        approved = [...records].flatMap((record) => catalogue.inRecord(record));
        claimed = digests.size === 0 ? [] : catalogue.naming([...digests]);
        isLookedUp = true;
      }
    } catch {
      // A catalogue that cannot be read must not keep a revocation from being seen.
    }
    this.#organisations = organisations;
    this.#digests = new Set([
      ...digests,
      ...approved.flatMap(({ subjects }) => subjects.map(({ digest }) => digest)),
    ]);
    this.#names = new Set([...claimed, ...approved].map(({ repository, tag }) => `${repository}:${tag}`));
    this.#isNarrow =
      isLookedUp && events.length < manyEvents && events.every(({ act }) => narrowEvents.has(act));
    this.#isEmpty = !rebuilt && events.length === 0 && digests.size === 0;
    this.#isWide = rebuilt || events.some(({ act }) => wideEvents.has(act));
  }

  /** Whether it may change the verdict about an image. @param id the engine's @param verdict the last one */
  concerns(id: Digest, verdict: Verdict | undefined): boolean {
    if (this.#isEmpty) return false;
    if (this.#isWide || verdict === undefined || verdict.status === "inconclusive") return true;
    if (this.#digests.has(id) || verdict.subjects.some(({ digest }) => this.#digests.has(digest)))
      return true;
    if (this.#names.has(`${verdict.repository}:${verdict.tag ?? ""}`)) return true;
    return !this.#isNarrow && verdict.organisation !== null && this.#organisations.has(verdict.organisation);
  }
}
