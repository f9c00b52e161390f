import type { Connection, ImageFacts, Organisation, RecordedClaim } from "../../src/internal.ts";
import * as library from "../../src/internal.ts";
import { currentOrganisation, withConnection } from "../connection.ts";
import type { Context } from "../context.ts";
import { ProgressDisplay } from "../output/progress.ts";
import { unlockSigner } from "../secrets.ts";
import { requireReference } from "./images.ts";
import { printWhenApproved, type UntilOptions } from "./until.ts";

export interface ApproveOptions extends UntilOptions {
  readonly org?: string;
  readonly account?: string;
}

/** Adds one's signature to the newest claim that waits for it: of an image that is at hand, or by the claim's id. */
export async function approve(context: Context, target: string, options: ApproveOptions): Promise<number> {
  return withConnection(context, async (connection) => {
    const organisation = await currentOrganisation(context, connection, options.org);
    const isClaim = /^0x[0-9a-f]{64}$/i.test(target);
    if (!isClaim) await requireReference(target);
    const facts = isClaim ? undefined : await inspect(context, target);
    const pending = await requirePending(connection, organisation, target, facts);
    const signer = await unlockSigner(context, options.account);
    const result = await library.approveClaim(connection, signer, pending, facts);
    return printWhenApproved(context, connection, [{ result, code: 0 }], options);
  });
}

/**
 * The newest claim that waits for a signature.
 * @param target a claim's id, or the image that the facts are about
 * @throws NOTHING_PENDING; CHAIN_REFUSED, CHAIN_UNREACHABLE, TOO_MANY_CLAIMS
 */
export async function requirePending(
  connection: Connection,
  organisation: Organisation,
  target: string,
  facts?: ImageFacts,
): Promise<RecordedClaim> {
  const [pending] = await library.findPending(
    connection,
    organisation,
    facts === undefined
      ? { claim: target.toLowerCase() as `0x${string}` }
      : { digests: facts.subjects.map(({ digest }) => digest) },
  );
  if (pending !== undefined) return pending;
  throw library.failure("NOTHING_PENDING", { organisation: organisation.name, target });
}

async function inspect(context: Context, image: string): Promise<ImageFacts> {
  const { signal } = context;
  const progress = new ProgressDisplay(context);
  const facts = await (await library.openImage(image))
    .inspect({ thorough: true, signal, onProgress: (step) => progress.update(image, step) })
    .finally(() => progress.done(image));
  const corruption = facts.corruptions[0];
  if (corruption === undefined) return facts;
  throw library.failure("APPROVED_IMAGE_CORRUPT", { image, at: corruption.at, detail: corruption.detail });
}
