import type { Confirmation } from "../../src/internal.ts";
import * as library from "../../src/internal.ts";
import { currentOrganisation, withConnection } from "../connection.ts";
import type { Context } from "../context.ts";
import { sanitizeLine, toJson } from "../output/sanitize.ts";
import { confirm, unlockSigner } from "../secrets.ts";
import { carryOut, fallingNames, findRevocation, hasFallen, type Revocation } from "./revocation.ts";

export interface RevokeOptions {
  readonly reason: string;
  readonly org?: string;
  readonly account?: string;
  readonly yes?: boolean;
}

/** Takes an organisation's word back for good: every digest under which it claimed the image, or one claim. */
export async function revoke(context: Context, target: string, options: RevokeOptions): Promise<number> {
  if (options.reason.trim() === "") throw library.failure("REASON_EMPTY");
  return withConnection(context, async (connection) => {
    const organisation = await currentOrganisation(context, connection, options.org);
    const revocation = await findRevocation(context, connection, organisation, target);
    let confirmation: Confirmation | undefined;
    if (!hasFallen(revocation)) {
      await confirm(context, question(context, organisation.name, revocation, options.yes), options.yes);
      const sender = await unlockSigner(context, options.account);
      confirmation = await carryOut(revocation, connection, sender, organisation, options.reason);
    }
    report(context, target, organisation.name, revocation, confirmation);
    return 0;
  });
}

/** Says what falls, if anybody is asked, and returns what is asked. */
function question(
  context: Context,
  organisation: string,
  revocation: Revocation,
  yes: boolean | undefined,
): string {
  const words = context.words.image.revoke;
  const names = sanitizeLine(fallingNames(revocation).join(", "));
  if (revocation.kind === "claim") return words.claimFalls(organisation, names);
  if (yes !== true) {
    context.note(words.digestsFall(organisation));
    for (const digest of revocation.digests) context.note(`  ${digest}`);
    context.note(names === "" ? words.unclaimed : words.claimedAs(names));
  }
  return words.question;
}

function report(
  context: Context,
  target: string,
  organisation: string,
  revocation: Revocation,
  confirmation: Confirmation | undefined,
): void {
  const { revoked, revokedBefore } = context.words.image.revoke;
  const about = { image: target, status: "revoked", organisation };
  if (revocation.kind === "claim") {
    const { id } = revocation.claim;
    const { before } = revocation;
    if (context.json) context.result(toJson({ ...about, claim: id, alreadyRevoked: before }));
    else if (!context.quiet) context.result(before ? revokedBefore(id) : revoked(id));
    return;
  }
  const { digests, alreadyRevoked } = revocation;
  if (context.json) {
    const block = confirmation?.block ?? null;
    const transaction = confirmation?.transaction ?? null;
    context.result(toJson({ ...about, digests, alreadyRevoked, block, transaction }));
  } else if (!context.quiet) {
    for (const digest of digests) context.result(revoked(digest));
    for (const digest of alreadyRevoked) context.result(revokedBefore(digest));
  }
}
