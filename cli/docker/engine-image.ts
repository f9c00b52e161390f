import type { ImageFacts, ImageSource } from "../../src/internal.ts";
import * as library from "../../src/internal.ts";

/** An image of the local Docker Engine and no other, under the name that a person knows it by. */
export class EngineImage {
  readonly #image: string;
  readonly #reference: string;
  readonly #environment: Readonly<Record<string, string | undefined>>;
  /** what was learnt of it when it was last read */
  facts: ImageFacts | undefined;

  /**
   * @param image a name or an ID, with or without `docker-daemon:`
   * @param environment by which the engine is found
   * @param reference what the engine is asked for, where that is not what the image goes by
   */
  constructor(
    image: string,
    environment: Readonly<Record<string, string | undefined>>,
    reference: string = image,
  ) {
    this.#image = image;
    this.#reference = reference;
    this.#environment = environment;
  }

  /** The image as a source, as `verifyImage` takes it. @throws REFERENCE_INVALID, IMAGE_OUTSIDE_ENGINE */
  async open(): Promise<ImageSource> {
    const image = this.#image;
    const reference = library.parseImageReference(this.#reference);
    if (reference.transport !== "docker-daemon") throw library.failure("IMAGE_OUTSIDE_ENGINE", { image });
    const local = reference.explicit ? this.#reference : `docker-daemon:${this.#reference}`;
    const source = await library.openImage(local, { docker: { environment: this.#environment } });
    const inspect: ImageSource["inspect"] = async (inspection) => {
      const facts = await source.inspect(inspection).catch((error: unknown) => {
        throw withPullHint(error, image);
      });
      this.facts = { ...facts, image };
      return this.facts;
    };
    return { image, transport: source.transport, inspect };
  }
}

function withPullHint(error: unknown, image: string): unknown {
  if (!library.isDaoChainError(error, "IMAGE_NOT_FOUND")) return error;
  return library.failure("IMAGE_NOT_IN_ENGINE", { image }, { cause: error });
}
