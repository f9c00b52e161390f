import { setTimeout as sleep } from "node:timers/promises";
import type { ImageFacts } from "../image.ts";
import type { DockerClient } from "./client.ts";

/** Names that are remembered. */
const maxNames = 1000;
/** How long to wait until events are asked for again, in milliseconds. */
const pause = 1000;

/**
 * What an engine said of images by their names, for as long as it tells of no change to any image. While its events do not come, nothing is
 * remembered.
 */
export class DockerNames {
  readonly #client: DockerClient;
  #known: Map<string, ImageFacts> | undefined;

  constructor(client: DockerClient) {
    this.#client = client;
  }

  /** Follows the engine's events until the signal aborts. */
  async follow(signal: AbortSignal): Promise<void> {
    const filters = JSON.stringify({ type: ["image"] });
    while (!signal.aborted) {
      try {
        // Of no event it is said that none came.
        const idle = 2 ** 31 - 1;
        const { status, body } = await this.#client.open("/events", { query: { filters }, signal, idle });
        if (status === 200) {
          this.#known = new Map();
          for await (const _ of body) this.#known = new Map();
        } else body.destroy();
      } catch {
        // Whoever asks the engine next is told what is wrong with it.
      }
      this.#known = undefined;
      await sleep(pause, undefined, { signal }).catch(() => {});
    }
  }

  get(name: string): ImageFacts | undefined {
    return this.#known?.get(name);
  }

  /** Has what the engine is asked for by `ask` remembered, unless an image changes meanwhile. */
  async learn(name: string, ask: () => Promise<ImageFacts>): Promise<ImageFacts> {
    const known = this.#known;
    const facts = await ask();
    if (known === undefined) return facts;
    known.set(name, facts);
    const [oldest] = known.keys();
    if (known.size > maxNames && oldest !== undefined) known.delete(oldest);
    return facts;
  }

  forget(name: string): void {
    this.#known?.delete(name);
  }
}
