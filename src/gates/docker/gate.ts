import { failure, isDaoChainError } from "../../errors.ts";
import type { DockerEngine, EngineDepth, StartingContainer } from "../../image/docker/engine.ts";
import { explain } from "../decisions.ts";
import type { GateRuntime } from "../gate-runtime.ts";
import { toOneLine } from "../one-line.ts";
import { type EngineRequest, readRequest, type UnjudgedWay, unjudgedWays } from "./requests.ts";

/** Whether a request may pass; `reason` is for whoever sent it. */
export type Answer = { readonly allow: true } | { readonly allow: false; readonly reason: string };

const allowed: Answer = { allow: true };
/** Images that one request may name. */
const maxImages = 20;

export interface DockerGateOptions {
  readonly depth: EngineDepth;
  /** ways that are let although they cannot be judged */
  readonly allow: ReadonlySet<UnjudgedWay>;
}

/** Judges requests to a Docker Engine: a container is made, and started, of verified images only. */
export class DockerGate {
  readonly #runtime: GateRuntime;
  readonly #engine: DockerEngine;
  readonly #options: DockerGateOptions;

  constructor(runtime: GateRuntime, engine: DockerEngine, options: DockerGateOptions) {
    this.#runtime = runtime;
    this.#engine = engine;
    this.#options = options;
  }

  async judge(request: EngineRequest): Promise<Answer> {
    const meaning = readRequest(request);
    switch (meaning.kind) {
      case "harmless":
        return allowed;
      case "refused":
        return { allow: false, reason: `refused: ${meaning.reason}` };
      case "unjudged":
        if (this.#options.allow.has(meaning.way)) return allowed;
        return {
          allow: false,
          reason: `refused: ${unjudgedWays[meaning.way]} (this host's administrator may let it: --allow ${meaning.way})`,
        };
      case "create":
        return this.#judgeImages(meaning.images);
      case "start":
        return this.#judgeContainer(meaning.action, meaning.container);
    }
  }

  async #judgeImages(images: readonly string[]): Promise<Answer> {
    if (images.length > maxImages)
      return { allow: false, reason: `refused: it names more than ${maxImages} images` };
    for (const image of images) {
      let isMissing = false;
      const { verdict, allowed: may } = await this.#runtime.judge({
        gate: "docker",
        action: "create",
        image,
        inspect: (signal) =>
          this.#engine.image(image, this.#options.depth, signal).catch((error) => {
            isMissing = isDaoChainError(error, "IMAGE_NOT_FOUND");
            throw error;
          }),
      });
      // The engine says so itself, which is how its client learns that it must pull. Should the image come to be there
      // in this moment, the container does not start: that is judged again.
      if (isMissing) continue;
      if (may) continue;
      // Should it have changed in a way of which the engine tells nothing, the next question finds out.
      this.#engine.forget(image);
      return refuse(image, explain(verdict));
    }
    return allowed;
  }

  async #judgeContainer(action: string, name: string): Promise<Answer> {
    let called = name;
    let refused: StartingContainer | undefined;
    const { verdict, allowed: may } = await this.#runtime.judge({
      gate: "docker",
      action,
      image: name,
      inspect: async (signal) => {
        const container = await this.#engine.container(name, signal);
        refused = container;
        if (container.calledImage === "") throw failure("CONTAINER_WITHOUT_IMAGE");
        called = container.calledImage;
        return this.#engine.containerImage(container, this.#options.depth, signal);
      },
    });
    if (may) return allowed;
    // docker run --rm waits for a container that did not start to be gone, which the engine sees to only once it has tried.
    if (refused?.isFleeting === true) this.#engine.removeContainer(refused.id).catch(() => {});
    return refuse(called, explain(verdict));
  }
}

function refuse(image: string, why: string): Answer {
  return { allow: false, reason: `${toOneLine(image, 300)} is ${why}` };
}
