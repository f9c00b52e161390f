import type { Connection } from "../../../src/internal.ts";
import type { Context } from "../../context.ts";
import type { Failure } from "../failure.ts";

/** What is loaded after the first paint. */
export type Tools = typeof import("./loaded-later.ts");

/** What all models of one open browser share. */
export class Session {
  /** no command in it asks on the terminal, or prints to it: the browser has both */
  readonly context: Context;
  /** aborted when the browser closes */
  readonly signal: AbortSignal;
  readonly #closing = new AbortController();
  readonly #tools = Promise.withResolvers<Tools>();

  constructor(context: Context) {
    this.signal = AbortSignal.any([context.signal, this.#closing.signal]);
    this.context = this.contextFor(this.signal, () => {}, context);
  }

  /** Loads what the models use. */
  start(): void {
    void import("./loaded-later.ts").then(this.#tools.resolve);
  }

  close(): void {
    this.#closing.abort();
  }

  /** There once the browser has started. */
  get tools(): Promise<Tools> {
    return this.#tools.promise;
  }

  /** By which the engine and registries are found. */
  get environment(): Context["env"] {
    return this.context.env;
  }

  /** Whether what kept it from connecting is that this home has no chain of its own yet, or one that does not run. */
  canStart(failure: Failure | undefined): boolean {
    const isMissing = failure?.code === "CHAIN_MISSING" || failure?.code === "CHAIN_NOT_RUNNING";
    return isMissing && (this.environment["DAOCHAIN_RPC_URL"] ?? "") === "";
  }

  /** Connects to this home's chain. @throws as `connect` */
  async connect(signal: AbortSignal): Promise<Connection> {
    const { connect } = await this.tools;
    return connect(this.context.home, { rpcUrl: this.environment["DAOCHAIN_RPC_URL"] || undefined, signal });
  }

  /** Runs a task on a connection of its own, which ends with the signal. @throws as `connect` and the task */
  async withConnection<T>(
    signal: AbortSignal,
    task: (connection: Connection, tools: Tools) => Promise<T>,
  ): Promise<T> {
    const connection = await this.connect(signal);
    try {
      return await task(connection, await this.tools);
    } finally {
      connection.rpc.close();
    }
  }

  /** A context in which something is done for a person who cannot be asked and sees what is noted elsewhere. */
  contextFor(signal: AbortSignal, note: (line: string) => void, base: Context = this.context): Context {
    return { ...base, interactive: false, json: false, quiet: false, signal, note, result: note };
  }
}
