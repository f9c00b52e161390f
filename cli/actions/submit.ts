import * as library from "../../src/index.ts";
import { withConnection } from "../connection.ts";
import type { Context } from "../context.ts";
import { formatVerdict } from "../output/verdict.ts";
import { unlockSigner } from "../secrets.ts";
import { printResults } from "./images.ts";

export interface SubmitOptions {
  readonly account?: string;
}

/** Records a claim that was signed elsewhere. Whoever sends it needs no part in the organisation. */
export async function submit(context: Context, file: string, options: SubmitOptions): Promise<number> {
  const json = await library.readSmallFile(file);
  if (json === undefined) throw new library.DaoChainError("USAGE", `The file ${file} does not exist.`);
  const signed = library.parseSignedClaim(json);
  return withConnection(context, async (connection) => {
    const sender = await unlockSigner(context, options.account);
    const result = await library.submitClaim(connection, sender, signed);
    printResults(context, [result], (verdict) =>
      context.quiet ? [`${verdict.status} ${verdict.image}`] : formatVerdict(verdict, context),
    );
    return 0;
  });
}
