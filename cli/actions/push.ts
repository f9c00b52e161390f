import * as library from "../../src/index.ts";
import { currentOrganisation, withConnection } from "../connection.ts";
import type { Context } from "../context.ts";
import { ProgressDisplay } from "../output/progress.ts";
import { unlockSigner } from "../secrets.ts";
import { attempt, type ClaimOptions, printOutcomes, toAnnotations, toExpiry } from "./claim-options.ts";
import { collectImages, mapInParallel } from "./images.ts";

export interface PushOptions extends ClaimOptions {
  readonly file?: string;
}

/** Sends each image to its registry, reads back what is served there, and signs that together with what lies here. */
export async function push(
  context: Context,
  arguments_: readonly string[],
  options: PushOptions,
): Promise<number> {
  const images = await collectImages(arguments_, options.file);
  const details = {
    annotations: toAnnotations(options.annotation ?? []),
    expiresAt: toExpiry(options.expires),
  };
  const { signal } = context;
  const isOnly = images.length === 1;
  const outcomes = await withConnection(context, async (connection) => {
    // Whoever cannot sign has nothing pushed.
    const organisation = await currentOrganisation(context, connection, options.org);
    const signer = await unlockSigner(context, options.account);
    const signing = new library.ImageSigning(connection, signer, organisation, details);
    const progress = new ProgressDisplay(context);
    return mapInParallel(images, (image) =>
      attempt(image, isOnly, async () => {
        const facts = await library.pushImage(image, {
          signal,
          onProgress: (step) => progress.update(image, step),
        });
        progress.words(image, "waiting for the chain");
        return signing.sign(facts).catch((error: unknown) => {
          throw unsigned(image, error);
        });
      }).finally(() => progress.done(image)),
    ).finally(() => progress.clear());
  });
  return printOutcomes(context, outcomes);
}

/** Says what stands half done. */
function unsigned(image: string, error: unknown): unknown {
  if (!library.isDaoChainError(error)) return error;
  const again = `Then run daochain push ${image} again: what the registry has is not sent twice.`;
  return new library.DaoChainError(error.code, `${image} is pushed, but not signed: ${error.message}`, {
    hint: error.hint === undefined ? again : `${error.hint} ${again}`,
    cause: error,
  });
}
