import { addClaim, approve, count, voidApprovals } from "./claims.ts";
import { type Database, fromText } from "./database.ts";
import type { CatalogueEvent, Hex } from "./events.ts";
import { blob, type EventOf, Inconsistent, IndexWriter, type KnownIds } from "./index-writer.ts";
import { changeNamespace } from "./namespaces.ts";
import { revoke } from "./revocations.ts";
import { updateShownClaim } from "./shown-claim.ts";

/** A claim whose subjects' events are still to come; they tell its id. */
interface Announced {
  readonly event: EventOf<"claim">;
  claim: Hex | undefined;
  subjects: number;
}

/** Nothing that takes long. */
const done: Iterable<void> = [];

/** One step of following: events in their order, written in one transaction that the caller begins and ends. */
export class EventApplier {
  readonly #writer: IndexWriter;
  readonly #blockTimes: ReadonlyMap<number, number>;
  #announced: Announced | undefined;

  /**
   * @param change number of this change
   * @param blockTimes of those blocks in which something was revoked, or a record counted that was recorded before, in seconds
   *   since 1970
   */
  constructor(database: Database, known: KnownIds, change: number, blockTimes: ReadonlyMap<number, number>) {
    this.#writer = new IndexWriter(database, known, change);
    this.#blockTimes = blockTimes;
  }

  /** @returns what takes long: to be gone through to its end, pausing where one likes @throws Inconsistent */
  apply(event: CatalogueEvent): Iterable<void> {
    if ((event.kind === "subject") !== (this.#announced !== undefined))
      throw new Inconsistent("a claim and its subjects do not stand together");
    const writer = this.#writer;
    switch (event.kind) {
      case "namespace":
        return changeNamespace(writer, event);
      case "voided":
        return voidApprovals(writer, event);
      case "revoked":
        return revoke(writer, event, this.#blockTimes.get(event.block));
      case "admitted":
        this.#admit(event);
        return done;
      case "renamed":
      case "threshold":
      case "member":
        this.#changeOrganisation(event);
        return done;
      case "claim":
        this.#announced = { event, claim: undefined, subjects: 0 };
        return done;
      case "subject":
        this.#addSubject(event);
        return done;
      case "approved":
        approve(writer, event);
        return done;
      case "counted":
        count(writer, event, this.#blockTimes.get(event.block));
        return done;
    }
  }

  /** What remains to be done after the last event, as `apply` returns it. @throws Inconsistent */
  *end(): Iterable<void> {
    if (this.#announced !== undefined) throw new Inconsistent("a claim's subjects are missing");
    const { database, touched, change } = this.#writer;
    for (const record of touched) {
      updateShownClaim(database, record, change);
      yield;
    }
  }

  #admit({ organisation, name, displayName }: EventOf<"admitted">): void {
    const { id } = this.#writer.database.run(
      "INSERT INTO organisations (hash, name, display_name, threshold) VALUES (?, ?, ?, 1)",
      blob(organisation),
      name,
      fromText(displayName),
    );
    this.#writer.known.organisations.set(organisation, id);
  }

  #changeOrganisation(event: EventOf<"renamed"> | EventOf<"threshold"> | EventOf<"member">): void {
    const writer = this.#writer;
    const id = writer.organisation(event.organisation);
    switch (event.kind) {
      case "renamed":
        writer.changeOne(
          "UPDATE organisations SET display_name = ? WHERE id = ?",
          fromText(event.displayName),
          id,
        );
        break;
      case "threshold":
        writer.changeOne("UPDATE organisations SET threshold = ? WHERE id = ?", event.threshold, id);
        break;
      case "member":
        writer.changeOne(
          event.added
            ? "INSERT INTO members (organisation, role, address) VALUES (?, ?, ?)"
            : "DELETE FROM members WHERE organisation = ? AND role = ? AND address = ?",
          id,
          event.role,
          blob(event.address),
        );
    }
  }

  #addSubject({ organisation, record, claim, digest }: EventOf<"subject">): void {
    const announced = this.#announced;
    if (announced === undefined) return;
    const { event } = announced;
    const { content, subjectCount } = event.claim;
    const expected = content?.subjects[announced.subjects]?.digest;
    announced.claim ??= claim;
    const isOfIt =
      organisation === event.organisation && record === event.record && claim === announced.claim;
    if (!isOfIt || (expected !== undefined && expected !== digest))
      throw new Inconsistent("a claim and its subjects do not go together");
    announced.subjects++;
    if (announced.subjects === subjectCount) {
      this.#announced = undefined;
      addClaim(this.#writer, event, claim);
    }
  }
}
