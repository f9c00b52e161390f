import { type Database, fromText, prefixOf, type Row, toText, type Value } from "./database.ts";
import type { CatalogueEvent, Hex } from "./events.ts";
import { hasDigest, packSubjects } from "./subjects.ts";

/** Events that do not go together with what is recorded: something is missing, or was told twice. */
export class Inconsistent extends Error {
  override readonly name = "Inconsistent";
}

/** Ids that were looked up; they stay as long as nothing is thrown away. */
export interface KnownIds {
  readonly organisations: Map<Hex, number>;
  readonly repositories: Map<string, number>;
  /** whether an organisation has revoked anything yet */
  readonly revoking: Map<number, boolean>;
}

const maxKnown = 50_000;
/** Rows that are looked at before the thread may be left to others. */
const rowsAtOnce = 500;
/** Comes after every repository's name. */
const lastName = "\u{10ffff}".repeat(64);

type Of<Kind extends CatalogueEvent["kind"]> = Extract<CatalogueEvent, { readonly kind: Kind }>;

/** A claim whose subjects' events are still to come; they tell its id. */
interface Announced {
  readonly event: Of<"claim">;
  claim: Hex | undefined;
  subjects: number;
}

/** One step of following: events in their order, written in one transaction that the caller begins and ends. */
export class Step {
  readonly #database: Database;
  readonly #known: KnownIds;
  /** number of this change */
  readonly #change: number;
  readonly #blockTimes: ReadonlyMap<number, number>;
  /** records whose standing has changed */
  readonly #touched = new Set<number>();
  #announced: Announced | undefined;

  /**
   * @param blockTimes of those blocks in which something was revoked, or a record counted that was recorded before, in seconds
   *   since 1970
   */
  constructor(database: Database, known: KnownIds, change: number, blockTimes: ReadonlyMap<number, number>) {
    this.#database = database;
    this.#known = known;
    this.#change = change;
    this.#blockTimes = blockTimes;
  }

  /** @returns what is long to do: to be gone through to its end, pausing where one likes @throws Inconsistent */
  apply(event: CatalogueEvent): Iterable<void> {
    if ((event.kind === "subject") !== (this.#announced !== undefined))
      throw new Inconsistent("a claim and its subjects do not stand together");
    switch (event.kind) {
      case "admitted":
        return this.#admit(event);
      case "renamed":
        return this.#changeOne(
          "UPDATE organisations SET display_name = ? WHERE id = ?",
          fromText(event.displayName),
          this.#organisation(event.organisation),
        );
      case "threshold":
        return this.#changeOne(
          "UPDATE organisations SET threshold = ? WHERE id = ?",
          event.threshold,
          this.#organisation(event.organisation),
        );
      case "namespace":
        return this.#changeNamespace(event);
      case "member":
        return this.#changeMember(event);
      case "voided":
        return this.#void(event);
      case "claim":
        this.#announced = { event, claim: undefined, subjects: 0 };
        return [];
      case "subject":
        return this.#addSubject(event);
      case "approved":
        return this.#approve(event);
      case "counted":
        return this.#count(event);
      case "revoked":
        return this.#revoke(event);
    }
  }

  /** What remains to be done after the last event, as `apply` returns it. @throws Inconsistent */
  *end(): Iterable<void> {
    if (this.#announced !== undefined) throw new Inconsistent("a claim's subjects are missing");
    for (const record of this.#touched) {
      settle(this.#database, record, this.#change);
      yield;
    }
  }

  // ------------------------------------------------------------------ organisations

  #admit({ organisation, name, displayName }: Of<"admitted">): Iterable<void> {
    const { id } = this.#database.run(
      "INSERT INTO organisations (hash, name, display_name, threshold) VALUES (?, ?, ?, 1)",
      blob(organisation),
      name,
      fromText(displayName),
    );
    this.#known.organisations.set(organisation, id);
    return [];
  }

  #changeMember({ organisation, role, address, added }: Of<"member">): Iterable<void> {
    return this.#changeOne(
      added
        ? "INSERT INTO members (organisation, role, address) VALUES (?, ?, ?)"
        : "DELETE FROM members WHERE organisation = ? AND role = ? AND address = ?",
      this.#organisation(organisation),
      role,
      blob(address),
    );
  }

  *#changeNamespace({ organisation, namespace, added }: Of<"namespace">): Iterable<void> {
    this.#changeOne(
      added
        ? "INSERT INTO namespaces (name, organisation) VALUES (?, ?)"
        : "DELETE FROM namespaces WHERE name = ? AND organisation = ?",
      namespace,
      this.#organisation(organisation),
    );
    this.#changeOwner(namespace);
    // In the order of bytes, nothing stands between a slash and the digit 0.
    const [first, end] = namespace === "" ? ["", lastName] : [`${namespace}/`, `${namespace}0`];
    for (let after = first; ; ) {
      const held = this.#database.all(
        `SELECT name FROM repositories WHERE name > ? AND name < ? ORDER BY name LIMIT ${rowsAtOnce}`,
        fromText(after),
        fromText(end),
      );
      for (const { name } of held) this.#changeOwner(toText(name));
      if (held.length < rowsAtOnce) return;
      after = toText(held.at(-1)?.["name"]);
      yield;
    }
  }

  #changeOwner(repository: string): void {
    const owner = this.#findOwner(repository) ?? null;
    this.#database.run(
      "UPDATE repositories SET owner = ?, changed = ? WHERE name = ? AND owner IS NOT ?",
      owner,
      this.#change,
      fromText(repository),
      owner,
    );
  }

  /** The owner of the longest namespace that holds a repository: it ends where a component does. */
  #findOwner(repository: string): number | undefined {
    for (let end = repository.length; ; end = repository.lastIndexOf("/", end - 1)) {
      const prefix = repository.slice(0, Math.max(end, 0));
      const owner = this.#database.get("SELECT organisation FROM namespaces WHERE name = ?", prefix);
      if (owner !== undefined) return Number(owner["organisation"]);
      if (end <= 0) return undefined;
    }
  }

  /** What a void leaves of approvals is for the contract to say: the records that it may touch are read again at the end. */
  *#void({ organisation, signer }: Of<"voided">): Iterable<void> {
    const own = this.#organisation(organisation);
    const last = Number(this.#database.get("SELECT max(id) AS last FROM records")?.["last"] ?? 0);
    for (let from = 1; from <= last; from += rowsAtOnce) {
      this.#database.run(
        "UPDATE records SET stale = 1 WHERE id BETWEEN ? AND ? AND organisation = ? AND instr(signers, ?) > 0",
        from,
        from + rowsAtOnce - 1,
        own,
        blob(signer),
      );
      yield;
    }
    for (const { id } of this.#database.all("SELECT id FROM records WHERE stale = 1"))
      this.#touched.add(Number(id));
  }

  // ------------------------------------------------------------------ claims

  #addSubject({ organisation, record, claim, digest }: Of<"subject">): Iterable<void> {
    const announced = this.#announced;
    if (announced === undefined) return [];
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
      this.#addClaim(event, claim);
    }
    return [];
  }

  #addClaim({ organisation, record, claim, block, transaction }: Of<"claim">, id: Hex): void {
    const database = this.#database;
    const own = this.#organisation(organisation);
    const recordId = this.#recordFor(record, own);
    const { content, tagKey } = claim;
    const [hash, prefix] = [blob(id), prefixOf(id)];
    const same = database.all("SELECT record, head FROM claims WHERE prefix = ? AND hash = ?", prefix, hash);
    // The same claim twice in one batch.
    if (same.some((other) => other["record"] === recordId)) return;
    const digests = [...new Set(content?.subjects.map(({ digest }) => digest))];
    const { id: row } = database.run(
      `INSERT INTO claims (hash, prefix, record, repository, tag, tag_key, tag_prefix, issued_at, expires_at, block, "transaction",
        annotations, subjects, head, revoked, changed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      hash,
      prefix,
      recordId,
      content === undefined ? 0 : this.#repository(content.repository),
      fromText(content?.tag ?? ""),
      tagKey === undefined ? null : blob(tagKey),
      tagKey === undefined ? null : prefixOf(tagKey),
      clamp(claim.issuedAt),
      clamp(claim.expiresAt),
      block,
      blob(transaction),
      fromText(content?.annotations ?? ""),
      packSubjects(content?.subjects ?? []),
      Number(same[0]?.["head"] ?? 0),
      this.#isRevoked(own, [id, record], digests) ? 1 : 0,
      this.#change,
    );
    if (digests.length > 0) {
      database.run(
        `INSERT OR IGNORE INTO subjects (prefix, claim) VALUES ${digests.map(() => "(?, ?)").join(", ")}`,
        ...digests.flatMap((digest) => [prefixOf(digest), row]),
      );
    }
    if (same.length > 0) {
      for (const sharing of [recordId, ...same.map((other) => Number(other["record"]))]) {
        database.run("UPDATE records SET shared = 1 WHERE id = ?", sharing);
      }
    }
    // One claim that nobody can read keeps its whole record from being believed (readRecord in the registry's claims).
    if (content === undefined) database.run("UPDATE records SET readable = 0 WHERE id = ?", recordId);
    this.#touched.add(recordId);
  }

  #recordFor(hash: Hex, organisation: number): number {
    const found = this.#findRecord(hash);
    if (found === undefined) {
      return this.#database.run(
        "INSERT INTO records (hash, prefix, organisation) VALUES (?, ?, ?)",
        blob(hash),
        prefixOf(hash),
        organisation,
      ).id;
    }
    if (found["organisation"] !== organisation) throw new Inconsistent("a record of two organisations");
    return Number(found["id"]);
  }

  #findRecord(hash: Hex): Row | undefined {
    return this.#database.get(
      "SELECT id, organisation, signers FROM records WHERE prefix = ? AND hash = ?",
      prefixOf(hash),
      blob(hash),
    );
  }

  #isRevoked(organisation: number, ids: readonly Hex[], digests: readonly Hex[]): boolean {
    const { revoking } = this.#known;
    let hasRevoked = revoking.get(organisation);
    if (hasRevoked === undefined) {
      const any = this.#database.get(
        "SELECT 1 FROM revocations WHERE organisation = ? LIMIT 1",
        organisation,
      );
      hasRevoked = any !== undefined;
      revoking.set(organisation, hasRevoked);
    }
    if (!hasRevoked) return false;
    const find = (what: string, hash: Hex): boolean =>
      this.#database.get(
        "SELECT 1 FROM revocations WHERE organisation = ? AND what = ? AND hash = ?",
        organisation,
        what,
        blob(hash),
      ) !== undefined;
    return ids.some((id) => find("claim", id)) || digests.some((digest) => find("digest", digest));
  }

  #approve({ organisation, record, signer }: Of<"approved">): Iterable<void> {
    const { id, signers } = this.#record(organisation, record);
    this.#database.run(
      "UPDATE records SET approvals = approvals + 1, signers = ? WHERE id = ?",
      Buffer.concat([signers, blob(signer)]),
      id,
    );
    this.#touched.add(id);
    return [];
  }

  /** The tags of the record's claims move to them, by the rule that IDaoChainRegistry.sol states at RecordCounted. */
  #count({ organisation, record, threshold, block }: Of<"counted">): Iterable<void> {
    const database = this.#database;
    const { id, own } = this.#record(organisation, record);
    database.run("UPDATE records SET threshold = ? WHERE id = ?", threshold, id);
    const claims = database.all(
      "SELECT hash, prefix, tag_key, tag_prefix, issued_at, expires_at FROM claims WHERE record = ? AND tag_key IS NOT NULL ORDER BY id",
      id,
    );
    const time = this.#blockTimes.get(block);
    for (const claim of claims) {
      const hash = toBlob(claim["hash"]);
      const [issuedAt, expiresAt] = [Number(claim["issued_at"]), Number(claim["expires_at"])];
      // A record that counts in the block in which it was recorded has no expired claims.
      if (time !== undefined && expiresAt !== 0 && expiresAt <= time) continue;
      if (this.#isRevoked(own, [hash.toString("hex")], [])) continue;
      const head = database.get(
        "SELECT hash, prefix, issued_at FROM claims WHERE tag_prefix = ? AND head = 1 AND tag_key = ?",
        Number(claim["tag_prefix"]),
        toBlob(claim["tag_key"]),
      );
      if (head !== undefined) {
        if (Number(head["issued_at"]) >= issuedAt) continue;
        this.#setHead(head, 0);
      }
      this.#setHead(claim, 1);
    }
    this.#touched.add(id);
    return [];
  }

  /** @param claim in all records that it stands in */
  #setHead(claim: Row, head: number): void {
    this.#database.run(
      "UPDATE claims SET head = ?, changed = ? WHERE prefix = ? AND hash = ?",
      head,
      this.#change,
      Number(claim["prefix"]),
      toBlob(claim["hash"]),
    );
  }

  *#revoke({ organisation, what, id, reason, block }: Of<"revoked">): Iterable<void> {
    const own = this.#organisation(organisation);
    const hash = blob(id);
    this.#changeOne(
      "INSERT INTO revocations (organisation, what, hash, reason, time) VALUES (?, ?, ?, ?, ?)",
      own,
      what,
      hash,
      fromText(reason),
      this.#timeOf(block),
    );
    this.#known.revoking.set(own, true);
    const finds =
      what === "digest"
        ? [
            `SELECT c.id, c.record, c.subjects FROM subjects s JOIN claims c ON c.id = s.claim JOIN records r ON r.id = c.record
              WHERE s.prefix = ? AND s.claim > ? AND r.organisation = ? ORDER BY s.claim LIMIT ${rowsAtOnce}`,
          ]
        : [
            `SELECT c.id, c.record, c.hash FROM claims c JOIN records r ON r.id = c.record
              WHERE c.prefix = ? AND c.id > ? AND r.organisation = ? ORDER BY c.id LIMIT ${rowsAtOnce}`,
            `SELECT c.id, c.record, r.hash FROM records r JOIN claims c ON c.record = r.id
              WHERE r.prefix = ? AND c.id > ? AND r.organisation = ? ORDER BY c.id LIMIT ${rowsAtOnce}`,
          ];
    for (const find of finds) {
      for (let after = 0, isMore = true; isMore; ) {
        const claims = this.#database.all(find, prefixOf(id), after, own);
        for (const claim of claims) {
          if (what === "digest" ? !hasDigest(claim["subjects"], id) : !hash.equals(toBlob(claim["hash"])))
            continue;
          this.#database.run("UPDATE claims SET revoked = 1 WHERE id = ?", Number(claim["id"]));
          this.#touched.add(Number(claim["record"]));
        }
        after = Number(claims.at(-1)?.["id"] ?? 0);
        isMore = claims.length === rowsAtOnce;
        yield;
      }
    }
  }

  // ------------------------------------------------------------------ looking up

  #organisation(hash: Hex): number {
    const known = this.#known.organisations.get(hash);
    if (known !== undefined) return known;
    const found = this.#database.get("SELECT id FROM organisations WHERE hash = ?", blob(hash));
    if (found === undefined) throw new Inconsistent("an organisation that was never admitted");
    const id = Number(found["id"]);
    this.#known.organisations.set(hash, id);
    return id;
  }

  #repository(name: string): number {
    const { repositories } = this.#known;
    const known = repositories.get(name);
    if (known !== undefined) return known;
    const found = this.#database.get("SELECT id FROM repositories WHERE name = ?", fromText(name));
    const id =
      found === undefined
        ? this.#database.run(
            "INSERT INTO repositories (name, owner, changed) VALUES (?, ?, ?)",
            fromText(name),
            this.#findOwner(name) ?? null,
            this.#change,
          ).id
        : Number(found["id"]);
    if (repositories.size >= maxKnown) repositories.clear();
    repositories.set(name, id);
    return id;
  }

  #record(organisation: Hex, record: Hex): { id: number; own: number; signers: Buffer } {
    const own = this.#organisation(organisation);
    const found = this.#findRecord(record);
    if (found === undefined || found["organisation"] !== own)
      throw new Inconsistent("a record that was never told of");
    return { id: Number(found["id"]), own, signers: toBlob(found["signers"]) };
  }

  #timeOf(block: number): number {
    const time = this.#blockTimes.get(block);
    if (time === undefined) throw new Inconsistent("a revocation in a block of which nothing is told");
    return time;
  }

  /** A statement that must change one thing. */
  #changeOne(sql: string, ...values: Value[]): Iterable<void> {
    if (this.#database.run(sql, ...values).changes !== 1)
      throw new Inconsistent("something changed that was not there");
    return [];
  }
}

/**
 * Marks a record's claims as changed, and of a claim that stands in several records shows the one that a verdict would rest on: a good one,
 * else a revoked one, else one that is untrusted, else the newest.
 * @param change number of the change
 */
export function settle(database: Database, record: number, change: number): void {
  database.run("UPDATE claims SET changed = ? WHERE record = ? AND changed <> ?", change, record, change);
  const { readable, shared } =
    database.get("SELECT readable, shared FROM records WHERE id = ?", record) ?? {};
  if (readable !== 1) database.run("UPDATE claims SET shown = 0 WHERE record = ?", record);
  if (shared !== 1) return;
  for (const claim of database.all("SELECT hash, prefix FROM claims WHERE record = ?", record)) {
    const rows = database.all(
      `SELECT c.id, CASE
          WHEN c.revoked THEN 1
          WHEN r.approvals = 0 THEN 2
          WHEN r.threshold = 0 OR r.approvals < r.threshold THEN 3
          ELSE 0 END AS rank
        FROM claims c JOIN records r ON r.id = c.record
        WHERE c.prefix = ? AND c.hash = ? AND r.readable = 1 ORDER BY rank, c.id DESC`,
      Number(claim["prefix"]),
      toBlob(claim["hash"]),
    );
    rows.forEach((row, at) => {
      database.run(
        "UPDATE claims SET shown = ?, changed = ? WHERE id = ?",
        at === 0 ? 1 : 0,
        change,
        Number(row["id"]),
      );
    });
  }
}

function blob(hex: Hex): Buffer {
  return Buffer.from(hex, "hex");
}

function toBlob(value: unknown): Buffer {
  if (!(value instanceof Uint8Array)) throw new Inconsistent("a hash that is none");
  return Buffer.from(value.buffer, value.byteOffset, value.length);
}

/** The largest time that is stored; a claim with a later one is not read. */
function clamp(seconds: number): number {
  return Math.min(seconds, Number.MAX_SAFE_INTEGER);
}
