import type { Catalogue, CatalogueChange, Connection, NetworkProfile } from "../../../src/internal.ts";
import type { ChainView } from "../browser.ts";
import { isCancelled } from "../failure.ts";
import type { Session, Tools } from "./session.ts";

/** What is asked of the catalogue apart from following. */
export type CatalogueReader = Omit<Catalogue, "follow" | "close">;

/** Blocks that the catalogue may be behind without anybody being told. */
const nearHead = 50;

/** Keeps the catalogue open, and has it follow the chain. */
export class Follower {
  readonly #session: Session;
  readonly #onOpen: () => void;
  readonly #onChange: (change: CatalogueChange, catalogue: CatalogueReader, isFirst: boolean) => void;
  readonly #onState: () => void;
  #catalogue: Catalogue | undefined;
  /** of which chain */
  #identity: string | undefined;
  #connection: Connection | undefined;
  #following: Promise<void> | undefined;
  #isBehind = false;
  #isCaughtUp = false;
  #trouble: unknown;
  #catching: ChainView["catching"];

  /**
   * @param onOpen told when there is an index to ask: it may be at the head already
   * @param onChange told of what is new, of which the first is what happened before the browser was there
   * @param onState told when `trouble` or `catching` changed
   */
  constructor(
    session: Session,
    onOpen: () => void,
    onChange: (change: CatalogueChange, catalogue: CatalogueReader, isFirst: boolean) => void,
    onState: () => void,
  ) {
    this.#session = session;
    this.#onOpen = onOpen;
    this.#onChange = onChange;
    this.#onState = onState;
  }

  /** Why it does not follow. */
  get trouble(): unknown {
    return this.#trouble;
  }

  /** Whether it has been at the head since it was opened. */
  get isCaughtUp(): boolean {
    return this.#isCaughtUp;
  }

  /** How far it is, where it is far behind. */
  get catching(): ChainView["catching"] {
    return this.#catching;
  }

  /** Opens the catalogue of a chain, unless it is open. */
  open(profile: NetworkProfile, tools: Tools): void {
    const identity = JSON.stringify([profile.chainId, profile.genesisHash, profile.registry]);
    if (identity === this.#identity) return;
    try {
      this.#catalogue?.close();
      this.#catalogue = undefined;
      this.#catalogue = tools.Catalogue.open(this.#session.context.home.catalogue, profile);
      this.#identity = identity;
      this.#isCaughtUp = false;
      this.#trouble = undefined;
      this.#onOpen();
    } catch (error) {
      this.#identity = undefined;
      this.#trouble = error;
    }
    this.#onState();
  }

  /** Asks the catalogue. @param otherwise the answer where there is none, or it cannot be read */
  look<T>(question: (catalogue: CatalogueReader) => T, otherwise: T): T {
    const catalogue = this.#catalogue;
    if (catalogue === undefined) return otherwise;
    try {
      return question(catalogue);
    } catch (error) {
      this.#trouble = error;
      // It is opened again before it follows the next time.
      this.#identity = undefined;
      if (this.#following === undefined) {
        this.#catalogue = undefined;
        catalogue.close();
      }
      this.#onState();
      return otherwise;
    }
  }

  /** Has the catalogue follow; where it is about to already, it goes on to the newest head. */
  follow(connection: Connection, tools: Tools): void {
    this.#connection = connection;
    this.#isBehind = true;
    this.#following ??= this.#run(tools).finally(() => {
      this.#following = undefined;
    });
  }

  /** The index is at the head, and has nothing to follow. */
  reach(): void {
    if (this.#isCaughtUp) return;
    this.#isCaughtUp = true;
    this.#onState();
  }

  async close(): Promise<void> {
    await this.#following;
    this.#catalogue?.close();
    this.#catalogue = undefined;
  }

  async #run(tools: Tools): Promise<void> {
    const { signal } = this.#session;
    while (this.#isBehind && !signal.aborted) {
      this.#isBehind = false;
      const connection = this.#connection;
      if (connection === undefined) return;
      this.open(connection.profile, tools);
      const catalogue = this.#catalogue;
      if (catalogue === undefined) return;
      try {
        const change = await catalogue.follow(connection, {
          signal,
          search: true,
          onProgress: (at) => this.#catch(at.head - at.block > nearHead ? at : undefined),
        });
        this.#trouble = undefined;
        const isFirst = !this.#isCaughtUp;
        this.#isCaughtUp = true;
        const isNew = change.rebuilt || change.acts.length > 0 || change.digests.size > 0;
        if (isNew || isFirst) this.#onChange(change, catalogue, isFirst);
      } catch (error) {
        if (signal.aborted || isCancelled(error)) return;
        this.#trouble = error;
      } finally {
        this.#catching = undefined;
        this.#onState();
      }
    }
  }

  #catch(at: ChainView["catching"]): void {
    this.#catching = at;
    this.#onState();
  }
}
