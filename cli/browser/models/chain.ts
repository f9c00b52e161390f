import type { CatalogueChange, Connection, HistoryEntry, NetworkProfile } from "../../../src/internal.ts";
import type { ChainView, Health } from "../browser.ts";
import { isCancelled, toFailure } from "../failure.ts";
import { type Block, goesOn, readBlocks, readHead } from "./blocks.ts";
import { type CatalogueReader, Follower } from "./follower.ts";
import { HealthWatch } from "./health.ts";
import { Invalidation } from "./invalidation.ts";
import { Observed } from "./observable.ts";
import type { Session, Tools } from "./session.ts";
import { WakeUp } from "./wake-up.ts";

/** How often the chain is asked for its head, and how often whether it is still the pinned one, in milliseconds. */
const interval = 1000;
const checkInterval = 30_000;
/** How long it waits before it tries to connect again, in milliseconds: twice as long each time. */
const firstWait = 500;
const longestWait = 4000;
const maxEvents = 200;

/** The chain: whether it answers, what is new on it, and the catalogue that follows it. */
export class ChainModel extends Observed implements ChainView {
  readonly #session: Session;
  readonly #watch = new HealthWatch(() => this.changed());
  readonly #wakeUp = new WakeUp();
  readonly #follower: Follower;
  readonly #own = new Set<string>();
  readonly #onIndex: (() => void)[] = [];
  readonly #onInvalidation: ((invalidation: Invalidation) => void)[] = [];
  readonly #onReturned: (() => void)[] = [];
  /** resolved once it is known whether there is a connection that may be used */
  #known = Promise.withResolvers<void>();
  #attempts = 0;
  #connection: Connection | undefined;
  #failure: unknown;
  #profile: NetworkProfile | undefined;
  #label: string | undefined;
  #blocks: readonly Block[] = [];
  #events: readonly HistoryEntry[] = [];
  #ended: Promise<void> | undefined;
  #shown: Omit<ChainView, "version" | "subscribe">;

  constructor(session: Session) {
    super();
    this.#session = session;
    this.#follower = new Follower(
      session,
      () => this.#tellIndex(),
      (change, catalogue, isFirst) => this.#onChange(change, catalogue, isFirst),
      () => this.changed(),
    );
    this.#shown = this.#snapshot();
  }

  get health(): Health {
    return this.#shown.health;
  }

  get label(): string | undefined {
    return this.#shown.label;
  }

  get id(): number | undefined {
    return this.#shown.id;
  }

  get registry(): string | undefined {
    return this.#shown.registry;
  }

  get blocks(): ChainView["blocks"] {
    return this.#shown.blocks;
  }

  get catching(): ChainView["catching"] {
    return this.#shown.catching;
  }

  get isCaughtUp(): boolean {
    return this.#shown.isCaughtUp;
  }

  get canStart(): boolean {
    return this.#shown.canStart;
  }

  get events(): readonly HistoryEntry[] {
    return this.#shown.events;
  }

  /** Asks the catalogue, which has what the chain held when it last followed. @param otherwise the answer where there is none, or it cannot be read */
  look<T>(question: (catalogue: CatalogueReader) => T, otherwise: T): T {
    return this.#follower.look(question, otherwise);
  }

  /** Calls when the index may answer otherwise than before: it was opened, or has followed. */
  onIndex(listener: () => void): void {
    this.#onIndex.push(listener);
  }

  /** Calls when something was recorded that may change verdicts. */
  onInvalidation(listener: (invalidation: Invalidation) => void): void {
    this.#onInvalidation.push(listener);
  }

  /** Calls when anything may have changed: the chain answers again after it did not, or what it tells cannot be followed. */
  onReturned(listener: () => void): void {
    this.#onReturned.push(listener);
  }

  /** A transaction of this browser's own, which is not told as an event. */
  addOwn(transaction: string): void {
    this.#own.add(transaction);
    this.#wakeUp.call();
  }

  /** Tries to connect at once, where it waits to. */
  retry(): void {
    this.#wakeUp.call();
  }

  /**
   * The connection that is there. Nobody waits for one that is not: the last reason why is thrown.
   * @throws as `connect`
   */
  async connection(): Promise<Connection> {
    await this.#known.promise;
    if (this.#connection !== undefined) return this.#connection;
    throw this.#failure;
  }

  start(): void {
    this.#ended = this.#run();
  }

  async close(): Promise<void> {
    this.silence();
    await this.#ended;
    await this.#follower.close();
  }

  protected override take(): void {
    this.#shown = this.#snapshot();
  }

  #snapshot(): Omit<ChainView, "version" | "subscribe"> {
    const health = this.#watch.current;
    const trouble = this.#follower.trouble === undefined ? undefined : toFailure(this.#follower.trouble);
    const isWell = health.state === "up" || health.state === "slow";
    return {
      // It answers, but what it holds cannot be taken in.
      health: health.state === "up" && trouble !== undefined ? { ...health, failure: trouble } : health,
      label: this.#label,
      id: this.#profile?.chainId,
      registry: this.#profile?.registry,
      blocks: this.#blocks,
      catching: this.#follower.catching,
      isCaughtUp: isWell && this.#follower.isCaughtUp,
      canStart: health.state === "down" && this.#session.canStart(health.failure),
      events: this.#events,
    };
  }

  async #run(): Promise<void> {
    const { signal } = this.#session;
    const tools = await this.#session.tools;
    for (let wait = firstWait; !signal.aborted; ) {
      try {
        const connection = await this.#watch.ask(() => this.#session.connect(signal));
        try {
          await this.#begin(connection, tools);
          wait = firstWait;
          await this.#stay(connection, tools);
        } finally {
          this.#connection = undefined;
          connection.rpc.close();
        }
      } catch (error) {
        if (signal.aborted || isCancelled(error)) break;
        this.#failure = error;
        this.#watch.fail(error);
      }
      this.#attempts++;
      this.#known.resolve();
      await this.#wakeUp.wait(wait, signal);
      wait = Math.min(2 * wait, longestWait);
    }
    this.#known.resolve();
  }

  async #begin(connection: Connection, tools: Tools): Promise<void> {
    this.#connection = connection;
    this.#profile = connection.profile;
    this.#label = connection.rpc.label;
    this.changed();
    this.#follower.open(connection.profile, tools);
    const isLate = this.#attempts > 0;
    this.#known.resolve();
    if (isLate) for (const listener of this.#onReturned) listener();
  }

  /** @returns only by what it throws */
  async #stay(connection: Connection, tools: Tools): Promise<never> {
    const { signal } = this.#session;
    let checked = performance.now();
    /** what kept the catalogue from following when it was last asked who it is */
    let doubted: unknown;
    for (;;) {
      const head = await this.#watch.ask(() => readHead(connection, tools));
      const last = this.#blocks[0];
      if (head.hash !== last?.hash) {
        const blocks = await readBlocks(connection, head, this.#blocks);
        if (last === undefined || goesOn(blocks, last)) this.#blocks = blocks;
        else {
          // It was away for long, has lost blocks, or is another chain by now: nobody asks it anything before that is clear.
          this.#connection = undefined;
          this.#known = Promise.withResolvers();
          await this.#check();
          this.#connection = connection;
          this.#known.resolve();
          this.#blocks = await readBlocks(connection, head, []);
        }
        this.changed();
      }
      const trouble = this.#follower.trouble;
      const isDoubtful = trouble !== undefined && trouble !== doubted;
      if (isDoubtful || performance.now() - checked > checkInterval) {
        await this.#check();
        doubted = trouble;
        // Without a catalogue nobody tells what an event bears on: everything is judged again from time to time.
        if (trouble !== undefined) for (const listener of this.#onReturned) listener();
        checked = performance.now();
      }
      const position = this.look((catalogue) => catalogue.position?.block, undefined);
      if (position === head.number) this.#follower.reach();
      else this.#follower.follow(connection, tools);
      await this.#wakeUp.wait(interval, signal);
      signal.throwIfAborted();
    }
  }

  /** Whether the endpoint is still the pinned chain. @throws CHAIN_NOT_PINNED, and as `connect` */
  async #check(): Promise<void> {
    const again = await this.#watch.ask(() => this.#session.connect(this.#session.signal));
    again.rpc.close();
  }

  #onChange(change: CatalogueChange, catalogue: CatalogueReader, isFirst: boolean): void {
    if (!isFirst && !change.rebuilt) {
      const others = change.acts.filter(({ transaction }) => !this.#own.has(transaction));
      this.#events = [...others.toReversed(), ...this.#events].slice(0, maxEvents);
    }
    const invalidation = new Invalidation(change, catalogue);
    for (const listener of this.#onInvalidation) listener(invalidation);
    this.#tellIndex();
  }

  #tellIndex(): void {
    for (const listener of this.#onIndex) listener();
  }
}
