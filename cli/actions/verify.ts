import type { Connection, Depth, Verdict } from "../../src/index.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { ProgressLine } from "../output/progress.ts";
import { sanitizeLine } from "../output/sanitize.ts";
import { formatVerdict } from "../output/verdict.ts";
import { collectImages, mapInParallel, printResults } from "./images.ts";

export interface VerifyOptions {
  readonly org?: string;
  readonly depth?: Depth;
  readonly file?: string;
}

/** Says of each image whether it is what its maker signed. */
export async function verify(
  context: Context,
  arguments_: readonly string[],
  options: VerifyOptions,
): Promise<number> {
  const { library } = context;
  const images = await collectImages(context, arguments_, options.file);
  const policy = { ...library.defaultPolicy, organisation: options.org };
  const progress = new ProgressLine(context.quiet);
  let connection: Promise<Connection> | undefined;
  const connect = (): Promise<Connection> => {
    connection ??= library.connect(context.home, {
      rpcUrl: context.env["DAOCHAIN_RPC_URL"] || undefined,
      signal: context.signal,
    });
    return connection;
  };
  const verdicts = await mapInParallel(images, (image) =>
    library
      .verifyImage(image, () => library.openImage(image), connect, policy, {
        depth: options.depth,
        signal: context.signal,
        onProgress: ({ bytes, total }) => progress.bytes(image, bytes, total),
      })
      .finally(() => progress.done(image)),
  ).finally(() => progress.clear());
  (await connection?.catch(() => undefined))?.rpc.close();

  printResults(context, verdicts, (verdict) =>
    context.quiet
      ? [`${verdict.status} ${sanitizeLine(verdict.image)}`]
      : formatVerdict(verdict, context.style),
  );
  return exitCodeOf(context, verdicts);
}

/** The first denial's code; else 20 if any was inconclusive; else 0. */
export function exitCodeOf({ library }: Context, verdicts: readonly Verdict[]): number {
  const codes = verdicts.map(({ status }) => library.verdictStatuses[status]);
  const denial = codes.find((code) => code !== exitCodes.success && code !== exitCodes.inconclusive);
  return denial ?? codes.find((code) => code !== exitCodes.success) ?? exitCodes.success;
}
