import { setTimeout as sleep } from "node:timers/promises";
import type { Context } from "../context.ts";
import { sanitizeLine } from "../output/sanitize.ts";
import { toCommand } from "./command-hook.ts";
import { toWebhook } from "./webhook.ts";

/** Hands one message over. @throws where it could not be */
export type Deliver = (message: string, signal: AbortSignal) => Promise<void>;

/** Messages that wait at most; and how long those that wait may take at the end, in milliseconds. */
const maxWaiting = 1000;
const grace = 5000;

/** What is said of hooks. */
export type HookWords = Context["words"]["catalogue"]["hooks"];

export interface HookOptions {
  readonly exec?: string | undefined;
  readonly webhook?: string | undefined;
}

/** Whoever is told of acts beside the one who reads the lines: a command, a server. One message after the other, in their order. */
export class Hooks {
  readonly #channels: readonly Channel[];

  /** @throws WEBHOOK_URL_INVALID, WEBHOOK_NOT_ENCRYPTED, WEBHOOK_URL_WITH_PASSWORD */
  constructor(context: Context, { exec, webhook }: HookOptions) {
    const url = webhook ?? context.env["DAOCHAIN_WEBHOOK_URL"];
    const { hooks: words } = context.words.catalogue;
    this.#channels = [
      ...(exec === undefined
        ? []
        : [new Channel(words.command, toCommand(exec, context.env, words), context)]),
      ...(url === undefined || url === ""
        ? []
        : [
            new Channel(
              words.webhook,
              toWebhook(url, context.env["DAOCHAIN_WEBHOOK_SECRET"], words),
              context,
            ),
          ]),
    ];
  }

  get isEmpty(): boolean {
    return this.#channels.length === 0;
  }

  tell(message: string): void {
    for (const channel of this.#channels) channel.push(message);
  }

  /** Waits a moment for what is still to be told. */
  async close(): Promise<void> {
    await Promise.all(this.#channels.map((channel) => channel.close()));
  }
}

class Channel {
  readonly #name: string;
  readonly #deliver: Deliver;
  readonly #note: Context["note"];
  readonly #words: HookWords;
  readonly #stop = new AbortController();
  #waiting: string[] = [];
  #running: Promise<void> | undefined;
  #lost = 0;

  constructor(name: string, deliver: Deliver, { note, words }: Context) {
    this.#name = name;
    this.#deliver = deliver;
    this.#note = note;
    this.#words = words.catalogue.hooks;
  }

  push(message: string): void {
    if (this.#waiting.length >= maxWaiting) {
      if (this.#lost++ === 0) this.#note(this.#words.tooSlow(this.#name));
      return;
    }
    this.#waiting.push(message);
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    for (let message = this.#waiting[0]; message !== undefined; message = this.#waiting[0]) {
      if (this.#stop.signal.aborted) break;
      try {
        await this.#deliver(message, this.#stop.signal);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        this.#note(sanitizeLine(this.#words.notDelivered(this.#name, reason.slice(0, 300))));
      }
      this.#waiting.shift();
    }
    this.#running = undefined;
  }

  async close(): Promise<void> {
    if (this.#running !== undefined) {
      const late = new AbortController();
      await Promise.race([this.#running, sleep(grace, undefined, { signal: late.signal }).catch(() => {})]);
      late.abort();
    }
    const left = this.#waiting.length;
    this.#stop.abort();
    await this.#running;
    if (left + this.#lost > 0) this.#note(this.#words.undelivered(this.#name, left + this.#lost));
  }
}
