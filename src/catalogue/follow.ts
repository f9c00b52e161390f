import type { Connection } from "../contract/connection.ts";
import { toQuantity } from "../contract/contract.ts";
import { requirePinnedChain } from "../contract/pinned.ts";
import type { Digest } from "../digest/digest.ts";
import { type DaoChainError, failure } from "../errors.ts";
import { identifyChain } from "../rpc/identify.ts";
import { TimeSlices } from "../time-slices.ts";
import { Malformed } from "./abi.ts";
import { EventApplier } from "./apply-events.ts";
import { Changes } from "./changes.ts";
import { type Database, isConstraint } from "./database.ts";
import { type CatalogueEvent, decodeEvent } from "./events.ts";
import type { CatalogueFile, State } from "./file.ts";
import { type CatalogueHistoryEntry, readBlockTimes } from "./history.ts";
import { forget, Inconsistent, type KnownIds } from "./index-writer.ts";
import { type Answer, LogReader, type Position, toPosition } from "./logs.ts";
import { findRecordsToRecount, readApprovals } from "./recount-approvals.ts";
import { updateShownClaim } from "./shown-claim.ts";
import { transaction } from "./transaction.ts";

/** Blocks by which an endpoint may lag behind another before what was followed is held to be gone. */
const maxLag = 100;
/** How often a chain may become another while it is followed. */
const maxReplaced = 3;

export interface FollowOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((at: { readonly block: number; readonly head: number }) => void) | undefined;
  /** gets all acts, in their order, a few at a time; what it awaits is awaited */
  readonly onActs?: ((acts: readonly CatalogueHistoryEntry[]) => void | Promise<void>) | undefined;
  /** the first block whose acts are told; undefined: the first after those of the last time */
  readonly since?: number | undefined;
}

/** What following brought. */
export interface CatalogueChange {
  /** the last block that was known before; undefined where nothing was */
  readonly from: number | undefined;
  readonly to: number;
  /** oldest first, of what is new since the last time this process followed: the newest thousand; none where nothing was known before */
  readonly acts: readonly CatalogueHistoryEntry[];
  /** that claims or revocations named; where everything is new, none */
  readonly digests: ReadonlySet<Digest>;
  /** names of those that did something or to which something was done; where everything is new, none */
  readonly organisations: ReadonlySet<string>;
  /** whether everything was thrown away and made anew: anything may have changed */
  readonly rebuilt: boolean;
}

/** What is remembered between two times of following. */
export interface FollowResult {
  readonly known: KnownIds;
  /** of which everything was thrown away since, if it is another now */
  epoch: number | undefined;
  /** the last block whose acts were told */
  seen: number | undefined;
}

/** One time of following: from where the catalogue is to where the chain is. */
export class Following {
  readonly #file: CatalogueFile;
  readonly #connection: Connection;
  readonly #options: FollowOptions;
  readonly #followed: FollowResult;
  readonly #slices: TimeSlices;
  readonly #reader: LogReader;
  /** what was asked for ahead of time */
  #ahead:
    | {
        readonly from: number;
        readonly end: number;
        readonly known: number;
        readonly answer: Promise<Answer>;
      }
    | undefined;
  readonly #changes: Changes;
  #resets = 0;

  constructor(file: CatalogueFile, connection: Connection, followed: FollowResult, options: FollowOptions) {
    this.#file = file;
    this.#connection = connection;
    this.#followed = followed;
    this.#options = options;
    this.#slices = new TimeSlices(options.signal);
    this.#reader = new LogReader(connection, this.#slices);
    this.#changes = new Changes(connection);
  }

  /** @param between has time for other work after each step */
  async run(between: (slices: TimeSlices) => Promise<void>): Promise<CatalogueChange> {
    const followed = this.#followed;
    const { since } = this.#options;
    const start = this.#file.state();
    let rebuilt = followed.epoch !== undefined && followed.epoch !== start.epoch;
    if (rebuilt) this.#forget();
    followed.epoch = start.epoch;
    followed.seen = since === undefined ? (followed.seen ?? start.position?.block) : Math.max(0, since) - 1;
    const from = followed.seen;
    const head = await this.#readHead();
    for (;;) {
      const state = this.#file.state();
      if (state.epoch !== followed.epoch) {
        this.#forget();
        followed.epoch = state.epoch;
        rebuilt = true;
      }
      const { position } = state;
      if (
        position !== undefined &&
        position.block >= head.block &&
        (followed.seen ?? head.block) >= head.block
      ) {
        if (await this.#isStillThere(position)) break;
        await this.#reset(state, new Replaced());
        continue;
      }
      try {
        await this.#advance(state, head);
      } catch (error) {
        if (!(error instanceof Replaced) && !(error instanceof Inconsistent)) throw error;
        await this.#reset(state, error);
        continue;
      }
      await between(this.#slices);
    }
    await this.#settleVoids();
    const { position } = this.#file.state();
    const { reader } = this.#file;
    followed.seen = Math.max(followed.seen ?? 0, head.block);
    const isAnew = rebuilt || from === undefined;
    return {
      from,
      to: position?.block ?? head.block,
      acts: isAnew ? [] : await this.#changes.acts(reader),
      digests: isAnew ? new Set() : this.#changes.digests(),
      organisations: isAnew ? new Set() : this.#changes.organisations(reader),
      rebuilt,
    };
  }

  /** Takes one window of blocks into the catalogue, or tells what happened in one that another process has taken in. */
  async #advance(state: State, head: Position): Promise<void> {
    const { position } = state;
    const { seen } = this.#followed;
    const isBehind = seen !== undefined && (position === undefined ? false : seen < position.block);
    const from = isBehind ? seen + 1 : (position?.block ?? -1) + 1;
    const end = isBehind ? Math.min(position?.block ?? head.block, head.block) : head.block;
    const answer = await this.#read(from, end, position?.block ?? 0);
    if (position !== undefined && answer.known?.hash !== position.hash && position.block <= head.block)
      throw new Replaced();
    const events = await this.#decode(answer);
    if (!isBehind) {
      const isTaken = await this.#write(state, answer.to, events, await this.#readTimes(events));
      if (!isTaken) return;
      await this.#slices.rest();
      this.#file.checkpoint(events.length);
      this.#options.onProgress?.({ block: answer.to.block, head: head.block });
    }
    // What lies before the first block whose acts are asked for is followed, but not told.
    if (seen === undefined || answer.to.block <= seen) return;
    await this.#changes.add(this.#file.reader, answer, events, seen, this.#options.onActs);
    this.#followed.seen = answer.to.block;
  }

  /** While what it brings is written, the chain puts together what comes next. */
  async #read(from: number, end: number, known: number): Promise<Answer> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    const answer =
      ahead?.from === from && ahead.end === end && ahead.known === known
        ? await ahead.answer
        : await this.#reader.read(from, end, known);
    const { block } = answer.to;
    if (block < end) {
      const next = this.#reader.read(block + 1, end, block);
      // Nobody may come to ask for it.
      next.catch(() => {});
      this.#ahead = { from: block + 1, end, known: block, answer: next };
    }
    return answer;
  }

  async #decode(answer: Answer): Promise<CatalogueEvent[]> {
    const events: CatalogueEvent[] = [];
    for (const log of answer.logs) {
      try {
        const event = decodeEvent(log);
        if (event !== undefined) events.push(event);
      } catch (error) {
        if (error instanceof Malformed) throw this.#failed(error);
        throw error;
      }
      if (this.#slices.isOver) await this.#slices.rest();
    }
    return events;
  }

  /**
   * Times of the blocks in which something was revoked, or a record counted that was recorded in an earlier transaction: some of its
   * claims may have expired since.
   */
  async #readTimes(events: readonly CatalogueEvent[]): Promise<Map<number, number>> {
    const recorded = new Map<string, string>();
    const blocks = new Set<number>();
    for (const event of events) {
      if (event.kind === "claim") recorded.set(event.record, event.transaction);
      else if (event.kind === "revoked") blocks.add(event.block);
      else if (event.kind === "counted" && recorded.get(event.record) !== event.transaction)
        blocks.add(event.block);
    }
    return blocks.size === 0 ? new Map() : readBlockTimes(this.#connection, blocks);
  }

  /** @returns whether nobody else took the step first */
  async #write(
    { epoch, changes, position }: State,
    to: Position,
    events: readonly CatalogueEvent[],
    times: ReadonlyMap<number, number>,
  ): Promise<boolean> {
    return this.#transaction(async (database) => {
      const now = this.#file.state(database);
      const isWhere =
        now.epoch === epoch &&
        now.position?.block === position?.block &&
        now.position?.hash === position?.hash;
      if (!isWhere) return false;
      const change = Math.max(now.changes, changes) + 1;
      const step = new EventApplier(database, this.#followed.known, change, times);
      try {
        for (const event of events) {
          for (const _ of step.apply(event)) await this.#pause();
          await this.#pause();
        }
        for (const _ of step.end()) await this.#pause();
      } catch (error) {
        throw isConstraint(error) ? new Inconsistent("something was told twice", { cause: error }) : error;
      }
      database.run(
        "UPDATE state SET block = ?, hash = ?, time = ?, changes = ?",
        to.block,
        to.hash,
        to.time,
        change,
      );
      return true;
    });
  }

  /** Lets the contract say what voids left of approvals, as of the block that was followed to. */
  async #settleVoids(): Promise<void> {
    for (;;) {
      const { epoch, position } = this.#file.state();
      const toRecount = findRecordsToRecount(this.#file.reader);
      if (toRecount.length === 0 || position === undefined) return;
      const approvals = await readApprovals(this.#connection, toRecount, { number: position.block, time: 0 });
      await this.#transaction(async (database) => {
        const now = this.#file.state(database);
        // Where somebody went on meanwhile, they are asked for again.
        if (now.epoch !== epoch || now.position?.hash !== position.hash) return;
        for (const [id, count] of approvals) {
          database.run("UPDATE records SET approvals = ?, stale = 0 WHERE id = ?", count, id);
          updateShownClaim(database, id, now.changes + 1);
          await this.#pause();
        }
        database.run("UPDATE state SET changes = ?", now.changes + 1);
      });
    }
  }

  // ------------------------------------------------------------------ the chain

  async #readHead(): Promise<Position> {
    const head = toPosition(await this.#ask("eth_getBlockByNumber", "latest", false));
    if (head === undefined)
      throw failure("BLOCK_UNTOLD", { endpoint: this.#connection.rpc.label, block: "latest" });
    return head;
  }

  /** What is behind the endpoint may have become another chain altogether since it was connected to. */
  async #requirePinned(): Promise<void> {
    const { rpc, profile } = this.#connection;
    requirePinnedChain(rpc, profile, await identifyChain(rpc));
  }

  /** Whether the chain still has the block that was followed to, or is only behind. */
  async #isStillThere(position: Position): Promise<boolean> {
    const find = async () =>
      toPosition(await this.#ask("eth_getBlockByNumber", toQuantity(position.block), false));
    let found = await find();
    if (found === undefined) {
      // Another process may have followed further than the chain was when this one asked for its head.
      const { block } = await this.#readHead();
      if (block < position.block)
        return !this.#connection.profile.embedded && position.block - block <= maxLag;
      found = await find();
    }
    return found?.hash === position.hash;
  }

  async #ask(method: string, ...params: unknown[]): Promise<unknown> {
    const [answer] = await this.#connection.rpc.callAll([[method, ...params]]);
    return answer;
  }

  #failed(cause: Error): DaoChainError {
    const endpoint = this.#connection.rpc.label;
    return cause instanceof Replaced
      ? failure("CHAIN_KEEPS_CHANGING", { endpoint }, { cause })
      : failure("HISTORY_IMPOSSIBLE", { endpoint, detail: cause.message }, { cause });
  }

  // ------------------------------------------------------------------ the file

  /** Throws away everything that was read, unless somebody else did. @throws HISTORY_IMPOSSIBLE, CHAIN_KEEPS_CHANGING where that does not help */
  async #reset({ epoch }: State, why: Error): Promise<void> {
    // What does not go together may be the fault of what was recorded; after that it is the chain's.
    if (++this.#resets > (why instanceof Replaced ? maxReplaced : 1)) throw this.#failed(why);
    await this.#requirePinned();
    await this.#transaction(async (database) => {
      if (this.#file.state(database).epoch === epoch) this.#file.empty();
    });
    this.#forget();
  }

  #forget(): void {
    forget(this.#followed.known);
    this.#changes.clear();
    if (this.#options.since === undefined) this.#followed.seen = undefined;
  }

  async #transaction<T>(task: (database: Database) => Promise<T>): Promise<T> {
    const { writer } = this.#file;
    try {
      return await transaction(writer, this.#slices, () => task(writer));
    } catch (error) {
      // What was looked up may have been written by what was taken back.
      forget(this.#followed.known);
      throw error;
    }
  }

  async #pause(): Promise<void> {
    if (this.#slices.isOver) await this.#slices.rest();
  }
}

/** The chain is no longer the one that was followed. */
class Replaced extends Error {}
