import * as library from "../../src/internal.ts";
import { currentOrganisation, withConnection } from "../connection.ts";
import type { Context } from "../context.ts";
import { ProgressDisplay } from "../output/progress.ts";
import { unlockSigner } from "../secrets.ts";
import { toTold } from "../time.ts";
import { attempt, type ClaimOptions, toAnnotations, toExpiry } from "./claim-options.ts";
import { collectImages, mapInParallel } from "./images.ts";
import { printWhenApproved, type UntilOptions } from "./until.ts";

export interface PushOptions extends ClaimOptions, UntilOptions {
  readonly file?: string;
}

/** Sends each image to its registry, reads back what is served there, and signs that together with what lies here. */
export async function push(
  context: Context,
  arguments_: readonly string[],
  options: PushOptions,
): Promise<number> {
  const images = await collectImages(context, arguments_, options.file);
  const details = {
    annotations: toAnnotations(options.annotation ?? []),
    expiresAt: toExpiry(options.expires),
  };
  const { signal } = context;
  const isOnly = images.length === 1;
  return withConnection(context, async (connection) => {
    // Whoever cannot sign has nothing pushed.
    const organisation = await currentOrganisation(context, connection, options.org);
    const signer = await unlockSigner(context, options.account);
    const signing = new library.ImageSigning(connection, signer, organisation, details);
    const progress = new ProgressDisplay(context);
    const outcomes = await mapInParallel(images, (image) =>
      attempt(context, image, isOnly, async () => {
        const facts = await library.pushImage(image, {
          signal,
          onProgress: (step) => progress.update(image, step),
        });
        progress.words(image, context.words.image.waitingForChain);
        return signing.sign(facts).catch((error: unknown) => {
          throw unsigned(context, image, error);
        });
      }).finally(() => progress.done(image)),
    ).finally(() => progress.clear());
    return printWhenApproved(context, connection, outcomes, options);
  });
}

const halfDone = {
  inconclusive: "PUSHED_UNSIGNED",
  corrupt: "PUSHED_UNSIGNED",
  usage: "PUSHED_SIGNING_REFUSED",
  cancelled: "PUSHED_SIGNING_CANCELLED",
} as const;

/** Says what stands half done. */
function unsigned({ signal, sent }: Context, image: string, cause: unknown): unknown {
  const error = toTold(cause, signal, sent);
  if (!library.isDaoChainError(error)) return error;
  return library.failure(halfDone[error.outcome], { image, error }, { cause: error });
}
