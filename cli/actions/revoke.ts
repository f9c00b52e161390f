import type { Digest, Revocable } from "../../src/index.ts";
import * as library from "../../src/index.ts";
import { currentOrganisation, withConnection } from "../connection.ts";
import type { Context } from "../context.ts";
import { sanitizeLine, toJson } from "../output/sanitize.ts";
import { confirm, unlockSigner } from "../secrets.ts";

export interface RevokeOptions {
  readonly reason: string;
  readonly org?: string;
  readonly account?: string;
  readonly yes?: boolean;
}

/** Takes an organisation's word back for good: every digest under which it claimed the image, or one claim. */
export async function revoke(context: Context, target: string, options: RevokeOptions): Promise<number> {
  if (/^0x[0-9a-f]{64}$/i.test(target)) return revokeOne(context, target, options);
  return withConnection(context, async (connection) => {
    const organisation = await currentOrganisation(context, connection, options.org);
    const found = await library.findRevocable(connection, organisation, await identify(context, target));
    const names = [
      ...new Set(
        found.claims.map(({ claim }) => `${claim.repository}${claim.tag === "" ? "" : `:${claim.tag}`}`),
      ),
    ];
    if (found.digests.length === 0) return report(context, target, organisation.name, found, [], null);
    if (options.yes !== true) {
      context.note(`${organisation.name} would revoke, for good:`);
      for (const digest of found.digests) context.note(`  ${digest}`);
      context.note(
        names.length === 0
          ? "No claim names them."
          : `They are claimed as ${sanitizeLine(names.join(", "))}.`,
      );
    }
    await confirm(context, "Revoke?", options.yes);
    const signer = await unlockSigner(context, options.account);
    const { block, transaction } = await library.revokeDigests(
      connection,
      signer,
      organisation,
      found.digests,
      options.reason,
    );
    return report(context, target, organisation.name, found, found.digests, { block, transaction });
  });
}

function report(
  context: Context,
  target: string,
  organisation: string,
  found: Revocable,
  revoked: readonly Digest[],
  confirmation: { block: number; transaction: string } | null,
): number {
  if (revoked.length === 0 && found.alreadyRevoked.length === 0) {
    throw new library.DaoChainError("USAGE", `${organisation} has claimed nothing of the name ${target}.`, {
      hint: "Name an image that is at hand, or a digest. daochain log shows what was claimed.",
    });
  }
  if (context.json) {
    const block = confirmation?.block ?? null;
    const transaction = confirmation?.transaction ?? null;
    const { alreadyRevoked } = found;
    context.result(
      toJson({
        image: target,
        status: "revoked",
        organisation,
        digests: revoked,
        alreadyRevoked,
        block,
        transaction,
      }),
    );
  } else if (!context.quiet) {
    for (const digest of revoked) context.result(`revoked ${digest}`);
    for (const digest of found.alreadyRevoked) context.result(`revoked ${digest} (before)`);
  }
  return 0;
}

/** One claim; its digests may be claimed again. */
async function revokeOne(context: Context, target: string, options: RevokeOptions): Promise<number> {
  return withConnection(context, async (connection) => {
    const organisation = await currentOrganisation(context, connection, options.org);
    const id = target.toLowerCase() as `0x${string}`;
    const claim = await library.readClaim(connection, organisation, id);
    if (claim === undefined) {
      throw new library.DaoChainError("USAGE", `${organisation.name} has no claim ${id}.`, {
        hint: "daochain log shows what was claimed.",
      });
    }
    const { repository, tag } = claim.claim;
    const before = claim.revokedAt !== 0;
    if (!before) {
      const name = sanitizeLine(`${repository}${tag === "" ? "" : `:${tag}`}`);
      await confirm(
        context,
        `${organisation.name} will not stand by its claim on ${name} any more. Revoke?`,
        options.yes,
      );
      const sender = await unlockSigner(context, options.account);
      await library.revokeClaim(connection, sender, organisation, claim, options.reason);
    }
    if (context.json) {
      context.result(
        toJson({
          image: target,
          status: "revoked",
          organisation: organisation.name,
          claim: id,
          alreadyRevoked: before,
        }),
      );
    } else if (!context.quiet) context.result(`revoked ${id}${before ? " (before)" : ""}`);
    return 0;
  });
}

/** A digest as such; an image by what lies at hand; an image that cannot be read by what its tag was claimed for. */
async function identify(
  { signal, note }: Context,
  target: string,
): Promise<{ digests: readonly Digest[]; name?: { repository: string; tag: string } | undefined }> {
  if (library.isDigest(target)) return { digests: [target] };
  try {
    const { name, subjects } = await (await library.openImage(target)).inspect({ signal });
    return { digests: subjects.map(({ digest }) => digest), name };
  } catch (error) {
    if (!library.isDaoChainError(error) || error.outcome !== "inconclusive") throw error;
    const reference = library.parseImageReference(target);
    const named = "named" in reference ? reference.named : undefined;
    if (named === undefined) throw error;
    if (named.digest !== undefined) return { digests: [named.digest] };
    note(`${error.message} What was last claimed as ${named.repository}:${named.tag} is looked up instead.`);
    return { digests: [], name: named };
  }
}
