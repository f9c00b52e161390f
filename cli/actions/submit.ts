import * as library from "../../src/internal.ts";
import { withConnection } from "../connection.ts";
import type { Context } from "../context.ts";
import { unlockSigner } from "../secrets.ts";
import { printWhenApproved, type UntilOptions } from "./until.ts";

export interface SubmitOptions extends UntilOptions {
  readonly account?: string;
}

/** Records a claim that was signed elsewhere. Whoever sends it needs no part in the organisation. */
export async function submit(context: Context, file: string, options: SubmitOptions): Promise<number> {
  const json = await library.readSmallFile(file);
  if (json === undefined) throw library.failure("CLAIM_FILE_MISSING", { file });
  const signed = library.parseSignedClaim(json);
  return withConnection(context, async (connection) => {
    const sender = await unlockSigner(context, options.account);
    const result = await library.submitClaim(connection, sender, signed);
    return printWhenApproved(context, connection, [{ result, code: 0 }], options);
  });
}
