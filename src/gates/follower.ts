import { setTimeout as sleep } from "node:timers/promises";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { CatalogueChange } from "../catalogue/follow.ts";
import type { RegistrySnapshot, SnapshotClaim } from "../catalogue/snapshot.ts";
import type { Connection, NetworkProfile } from "../contract/connection.ts";
import { readBlock } from "../contract/contract.ts";
import type { Digest } from "../digest/digest.ts";
import { DaoChainError, failure, isDaoChainError } from "../errors.ts";
import type { ImageFacts } from "../image/image.ts";
import { type Message, say } from "../messages/message.ts";
import type { Value } from "../messages/template.ts";
import type { Policy } from "../policy/policy.ts";
import type { Evidence } from "../verdict/evidence.ts";
import { findContradiction } from "./cross-check.ts";
import { gatherLocally } from "./index-evidence.ts";

/** Milliseconds between two times of following. */
const usualInterval = 1000;
/** Seconds by which a chain's newest block may be ahead of this machine's clock. */
const maxAhead = 900;
/** Blocks by which one node behind an endpoint may lag behind another. */
const maxLag = 100;
/** Claims that are compared with the contract each time: that have changed, that decisions rested on, and of all the others. */
const changedAtOnce = 40;
const usedAtOnce = 10;
const othersAtOnce = 6;
const maxChanged = 5000;
const maxUsed = 500;
/** Milliseconds between two times of reading everything anew because of a contradiction, at first and at most. */
const firstPause = 1000;
const longestPause = 300_000;

export interface FollowerOptions {
  /** seconds for which the last state is good when the chain cannot be asked */
  readonly staleness: number;
  /** seconds after which a chain whose newest block is older is not believed; undefined: a chain may rest for as long as it likes */
  readonly maxHeadAge?: number | undefined;
  /** milliseconds between two times of following */
  readonly interval?: number | undefined;
  /** is told what keeps the chain from being followed, once, and that nothing does any more (undefined) */
  readonly onTrouble?: ((trouble: unknown) => void) | undefined;
}

/** What was found in order, and when. */
interface Confirmed {
  readonly epoch: number;
  readonly block: number;
  /** when the chain was asked, by a clock that only goes on, and by the machine's, both in milliseconds */
  readonly steady: number;
  readonly wall: number;
}

/** How the follower stands. */
export interface FollowerStatus {
  /** the newest block whose state was found in order; undefined where no answer is given */
  readonly block: number | undefined;
  /** seconds since the chain was asked; undefined where no answer is given */
  readonly staleness: number | undefined;
  readonly isReady: boolean;
}

/** Evidence about an image for one organisation, and the state of the index that it was gathered from. */
interface Gathered {
  readonly epoch: number;
  readonly changes: number;
  readonly organisation: string | undefined;
  readonly evidence: Evidence;
  /** claims that name the image */
  readonly rows: readonly number[];
  /** the time of following after which the index was looked at */
  readonly pass?: object;
}

/** The endpoint says what a chain that is in order would not: no state is good while it does. */
class Distrust extends Error {
  override readonly name = "Distrust";
  readonly why: DaoChainError;

  constructor(why: DaoChainError) {
    super(why.message, { cause: why });
    this.why = why;
  }
}

/**
 * Keeps an index of the registry at the chain's head, compares it with the contract, and gathers evidence from it without asking the
 * chain. Whatever is out of order makes it refuse to answer; it goes on trying, so that it answers again by itself.
 */
export class Follower {
  readonly #catalogue: Catalogue;
  readonly #profile: NetworkProfile;
  readonly #connect: (signal: AbortSignal) => Promise<Connection>;
  readonly #options: FollowerOptions;
  readonly #closing = new AbortController();
  #running: Promise<void> | undefined;
  #confirmed: Confirmed | undefined;
  #trouble: unknown;
  #highest = 0;
  /** rows of claims that are to be compared with the contract */
  readonly #changed = new Set<number>();
  readonly #used = new Set<number>();
  readonly #gathered = new WeakMap<ImageFacts, Gathered>();
  /** another after each time of following */
  #pass = {};
  #next = 0;
  /** what a claim names of which the index and the contract said different things */
  #doubted: readonly Digest[] = [];
  #pause = firstPause;
  #clearAfter = 0;

  /**
   * @param connect opens a connection to the chain that the profile pins; it is closed by the follower
   */
  constructor(
    catalogue: Catalogue,
    profile: NetworkProfile,
    connect: (signal: AbortSignal) => Promise<Connection>,
    options: FollowerOptions,
  ) {
    this.#catalogue = catalogue;
    this.#profile = profile;
    this.#connect = connect;
    this.#options = options;
  }

  /** Begins to follow, until it is closed. */
  start(): void {
    this.#running ??= this.#run();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
    this.#confirmed = undefined;
  }

  get status(): FollowerStatus {
    const confirmed = this.#confirmed;
    const staleness = confirmed && ageOf(confirmed);
    return {
      block: confirmed?.block,
      staleness,
      isReady: staleness !== undefined && staleness <= this.#options.staleness,
    };
  }

  /**
   * The evidence about an image as of the last block that was followed.
   * @throws GATE_STATE_OLD where that is longer ago than the state is good for; GATE_NOT_FOLLOWING, GATE_CANNOT_FOLLOW where the chain cannot
   *   be asked or is not to be believed; GATE_INDEX_REBUILT, INDEX_FAILED; ORGANISATION_NOT_FOUND, TOO_MANY_CLAIMS
   */
  gather(facts: ImageFacts, policy: Policy): { readonly evidence: Evidence; readonly staleness: number } {
    const confirmed = this.#confirmed;
    if (confirmed === undefined) {
      const trouble = this.#trouble;
      if (trouble === undefined) throw failure("GATE_NOT_FOLLOWING");
      throw failure("GATE_CANNOT_FOLLOW", { trouble: toValue(trouble) }, { cause: trouble });
    }
    const staleness = ageOf(confirmed);
    if (staleness > this.#options.staleness) {
      const trouble = this.#trouble === undefined ? say("chain-silent") : toValue(this.#trouble);
      throw failure(
        "GATE_STATE_OLD",
        { age: Math.floor(staleness), limit: this.#options.staleness, trouble },
        { cause: this.#trouble },
      );
    }
    const known = this.#gathered.get(facts);
    // The index is looked at once after each time of following: nothing else writes into it.
    if (
      known?.pass === this.#pass &&
      known.epoch === confirmed.epoch &&
      known.organisation === policy.organisation
    )
      return { evidence: atTime(known.evidence, known.evidence.block.time), staleness };
    return this.#catalogue.look((snapshot) => {
      if (
        snapshot === undefined ||
        snapshot.epoch !== confirmed.epoch ||
        snapshot.position.block < confirmed.block
      ) {
        throw failure("GATE_INDEX_REBUILT");
      }
      const gathered = this.#gatherFrom(snapshot, facts, policy);
      const { evidence, rows } = gathered;
      this.#gathered.set(facts, { ...gathered, pass: this.#pass });
      // What a decision rested on is compared with the contract soon.
      for (const row of rows) addTo(this.#used, row, maxUsed);
      return { evidence: atTime(evidence, snapshot.position.time), staleness };
    });
  }

  /** The evidence but for the moment, gathered once for as long as the index stays as it is. */
  #gatherFrom(snapshot: RegistrySnapshot, facts: ImageFacts, policy: Policy): Gathered {
    const { epoch, changes } = snapshot;
    const { organisation } = policy;
    const known = this.#gathered.get(facts);
    if (known?.epoch === epoch && known.changes === changes && known.organisation === organisation)
      return known;
    const evidence = gatherLocally(snapshot, this.#profile, facts, policy, 0);
    const digests = facts.subjects.map(({ digest }) => digest);
    const rows = this.#naming(snapshot, digests)
      .slice(-usedAtOnce)
      .map(({ row }) => row);
    return { epoch, changes, organisation, evidence, rows };
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    let connection: Connection | undefined;
    while (!signal.aborted) {
      try {
        connection ??= await this.#connect(signal);
        await this.#follow(connection);
        if (this.#trouble !== undefined) this.#options.onTrouble?.(undefined);
        this.#trouble = undefined;
      } catch (error) {
        connection?.rpc.close();
        connection = undefined;
        if (signal.aborted) break;
        if (error instanceof Distrust || isDaoChainError(error, "CHAIN_NOT_PINNED", "CONTRACT_NOT_PINNED"))
          this.#confirmed = undefined;
        const trouble = error instanceof Distrust ? error.why : error;
        const isNew = messageOf(trouble) !== messageOf(this.#trouble);
        this.#trouble = trouble;
        if (isNew) this.#options.onTrouble?.(trouble);
      }
      await sleep(this.#options.interval ?? usualInterval, undefined, { signal }).catch(() => {});
    }
    connection?.rpc.close();
  }

  async #follow(connection: Connection): Promise<void> {
    const [steady, wall] = [performance.now(), Date.now()];
    const { signal } = this.#closing;
    const change = await this.#catalogue.follow(connection, { signal }).finally(() => {
      this.#pass = {};
    });
    const head = await readBlock(connection.rpc);
    this.#checkHead(head, change.to);
    const { epoch, block, claims } = this.#select(change);
    const contradiction = await findContradiction(connection, claims, block);
    if (contradiction !== undefined) this.#distrust(contradiction.claim, contradiction.about);
    this.#doubted = [];
    this.#pause = firstPause;
    this.#highest = block.number;
    for (const { row } of claims) this.#changed.delete(row);
    this.#confirmed = { epoch, block: block.number, steady, wall };
  }

  #checkHead(head: { readonly number: number; readonly time: number }, followed: number): void {
    const least = Math.max(this.#highest, followed);
    if (head.number < least) {
      const back = failure("GATE_CHAIN_WENT_BACK", { block: head.number, before: least });
      // Of several nodes behind one endpoint one may lag: what was known stays good, and grows old.
      throw !this.#profile.embedded && least - head.number <= maxLag ? back : new Distrust(back);
    }
    // The embedded chain gives each block a second of its own, however many there are in one.
    const ahead = head.time - Date.now() / 1000;
    if (!this.#profile.embedded && ahead > maxAhead)
      throw new Distrust(failure("GATE_CHAIN_AHEAD", { seconds: Math.floor(ahead) }));
    const { maxHeadAge } = this.#options;
    if (maxHeadAge !== undefined && -ahead > maxHeadAge)
      throw new Distrust(failure("GATE_CHAIN_OLD", { seconds: Math.floor(-ahead), limit: maxHeadAge }));
  }

  /** The claims that are compared this time. */
  #select(change: CatalogueChange): {
    epoch: number;
    block: { number: number; time: number };
    claims: readonly SnapshotClaim[];
  } {
    return this.#catalogue.look((snapshot) => {
      if (snapshot === undefined) throw failure("GATE_INDEX_REBUILT");
      const { epoch, position } = snapshot;
      if (epoch !== this.#confirmed?.epoch) {
        // Rows have other numbers now.
        this.#changed.clear();
        this.#used.clear();
      }
      for (const digest of change.digests) {
        for (const { row } of this.#naming(snapshot, [digest])) addTo(this.#changed, row, maxChanged);
      }
      const used = [...this.#used].slice(0, usedAtOnce);
      // Those that were compared go to the end.
      for (const row of used) addTo(this.#used, row, maxUsed);
      const others = snapshot.from(this.#next, othersAtOnce).map(({ row }) => row);
      this.#next = others.length < othersAtOnce ? 0 : (others.at(-1) ?? 0) + 1;
      const doubted = this.#naming(snapshot, this.#doubted).map(({ row }) => row);
      const rows = new Set([...doubted, ...[...this.#changed].slice(0, changedAtOnce), ...used, ...others]);
      const claims = snapshot.claims([...rows].map((row) => ({ row })));
      for (const row of rows) if (!claims.some((claim) => claim.row === row)) this.#changed.delete(row);
      return { epoch, block: { number: position.block, time: position.time }, claims };
    });
  }

  /** Where too many name a digest, they are compared when their turn among all comes. */
  #naming(snapshot: RegistrySnapshot, digests: readonly Digest[]): { readonly row: number }[] {
    try {
      return snapshot.naming(digests);
    } catch (error) {
      if (isDaoChainError(error, "TOO_MANY_CLAIMS")) return [];
      throw error;
    }
  }

  /** The index, or what it was made of, is false: nothing stands on it any more, and it is made anew. */
  #distrust({ id, claim }: SnapshotClaim, about: Message): never {
    this.#confirmed = undefined;
    this.#doubted = claim.subjects.map(({ digest }) => digest);
    if (performance.now() >= this.#clearAfter) {
      this.#catalogue.clear();
      this.#clearAfter = performance.now() + this.#pause;
      this.#pause = Math.min(this.#pause * 2, longestPause);
    }
    throw new Distrust(failure("GATE_INDEX_WRONG", { claim: id, about }));
  }
}

/** Adds, or moves to the end; the first falls out where there are too many. */
function addTo(set: Set<number>, value: number, limit: number): void {
  set.delete(value);
  set.add(value);
  const [first] = set;
  if (set.size > limit && first !== undefined) set.delete(first);
}

/**
 * Seconds since the chain was asked. A clock that is set forward makes it older: what cannot be told apart from a machine that slept, in
 * which the steady clock may stand still.
 */
function ageOf({ steady, wall }: Confirmed): number {
  return Math.max(performance.now() - steady, Date.now() - wall) / 1000;
}

/** The evidence as of now, which is not before the block that it is of. */
function atTime(evidence: Evidence, block: number): Evidence {
  return { ...evidence, now: Math.max(Math.floor(Date.now() / 1000), block) };
}

function toValue(error: unknown): Value {
  return error instanceof DaoChainError ? error : (messageOf(error) ?? "");
}

function messageOf(error: unknown): string | undefined {
  return error === undefined ? undefined : String(error instanceof Error ? error.message : error);
}
