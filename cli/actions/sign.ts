import type { Annotations, Connection, Depth, ImageFacts, Organisation, Signer } from "../../src/index.ts";
import * as library from "../../src/index.ts";
import { currentOrganisation, withConnection } from "../connection.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { ProgressDisplay } from "../output/progress.ts";
import { sanitizeLine } from "../output/sanitize.ts";
import { unlockSigner } from "../secrets.ts";
import {
  attempt,
  type ClaimOptions,
  type Outcome,
  printOutcomes,
  toAnnotations,
  toExpiry,
} from "./claim-options.ts";
import { collectImages, mapInParallel } from "./images.ts";

export interface SignOptions extends ClaimOptions {
  readonly depth?: Depth;
  readonly file?: string;
  /** one signature for all images */
  readonly batch?: boolean;
  /** write the signed claim here instead of recording it */
  readonly output?: string;
}

/** Reads each image, signs what was found in it, and records it on the chain. */
export async function sign(
  context: Context,
  arguments_: readonly string[],
  options: SignOptions,
): Promise<number> {
  const images = await collectImages(arguments_, options.file);
  const annotations = toAnnotations(options.annotation ?? []);
  const expiresAt = toExpiry(options.expires);
  if (options.output !== undefined) {
    return signOffline(context, images, options.output, options, { annotations, expiresAt });
  }
  const outcomes = await withConnection(context, async (connection) => {
    const organisation = await currentOrganisation(context, connection, options.org);
    const signer = await unlockSigner(context, options.account);
    const details = { annotations, expiresAt };
    const progress = new ProgressDisplay(context);
    const isOnly = images.length === 1;
    const record = options.batch === true ? recordTogether : recordAsTheyCome;
    return record(context, images, progress, isOnly, {
      connection,
      signer,
      organisation,
      details,
      depth: options.depth,
    }).finally(() => progress.clear());
  });
  return printOutcomes(context, outcomes);
}

/** Whom and what a recording is for. */
interface Recording {
  readonly connection: Connection;
  readonly signer: Signer;
  readonly organisation: Organisation;
  readonly details: { readonly annotations: Annotations; readonly expiresAt: number };
  readonly depth: Depth | undefined;
}

/** Images are read a few at a time; none waits for the one before it to be recorded. */
async function recordAsTheyCome(
  context: Context,
  images: readonly string[],
  progress: ProgressDisplay,
  isOnly: boolean,
  { connection, signer, organisation, details, depth }: Recording,
): Promise<Outcome[]> {
  const signing = new library.ImageSigning(connection, signer, organisation, details);
  const recorded = await mapInParallel(images, async (image) => {
    const facts = read(context, image, progress, depth);
    await facts.catch(() => {});
    const outcome = attempt(image, isOnly, async () => signing.sign(await facts)).finally(() =>
      progress.done(image),
    );
    // Looked at below, all together.
    outcome.catch(() => {});
    if (context.signal.aborted) await outcome;
    return { outcome };
  });
  return Promise.all(recorded.map(({ outcome }) => outcome));
}

/** All images are read first; then one signature is asked for. */
async function recordTogether(
  context: Context,
  images: readonly string[],
  progress: ProgressDisplay,
  isOnly: boolean,
  { connection, signer, organisation, details, depth }: Recording,
): Promise<Outcome[]> {
  const facts = await mapInParallel(images, (image) =>
    read(context, image, progress, depth).then(
      (value) => ({ value }),
      (reason: unknown) => ({ reason }),
    ),
  );
  const readable = facts.flatMap((one) => ("value" in one ? [one.value] : []));
  const results = await library.signBatch(connection, signer, organisation, readable, details);
  const next = results[Symbol.iterator]();
  const settled = facts.map((one) => ("value" in one ? next.next().value : one));
  return Promise.all(
    images.map((image, at) =>
      attempt(image, isOnly, async () => {
        const result = settled[at];
        if (result !== undefined && "value" in result) return result.value;
        throw result?.reason;
      }),
    ),
  );
}

async function read(
  { signal }: Context,
  image: string,
  progress: ProgressDisplay,
  depth: Depth | undefined,
): Promise<ImageFacts> {
  const source = await library.openImage(image);
  const facts = await source.inspect({
    depth,
    thorough: true,
    signal,
    onProgress: (step) => progress.update(image, step),
  });
  progress.words(image, "waiting for the chain");
  return facts;
}

/** Signs one image without asking a chain, and writes the claim for `daochain submit` to record. */
async function signOffline(
  context: Context,
  images: readonly string[],
  output: string,
  options: SignOptions,
  details: { annotations: Annotations; expiresAt: number },
): Promise<number> {
  const { home } = context;
  const [image = "", ...more] = images;
  if (more.length > 0)
    throw new library.DaoChainError("USAGE", "With --output, one image is signed at a time.");
  const profile = await library.readNetworkProfile(home);
  const organisation = options.org ?? (await library.readSettings(home)).organisation;
  if (profile === undefined || organisation === undefined) {
    throw new library.DaoChainError(
      "CONFIGURATION_INVALID",
      "To sign without a chain, the registry and the organisation must be known.",
      { hint: `Copy ${home.network} from where daochain up was run, and name the organisation with --org.` },
    );
  }
  const signer = await unlockSigner(context, options.account);
  const progress = new ProgressDisplay(context);
  const found = await (await library.openImage(image))
    .inspect({
      depth: options.depth,
      thorough: true,
      signal: context.signal,
      onProgress: (step) => progress.update(image, step),
    })
    .finally(() => progress.done(image));
  const facts = found.corruptions.length > 0 ? found : library.signable(found);
  const place = library.placeOf({ profile });
  const signed = await library.signImageOffline(
    place,
    signer,
    library.organisationId(organisation),
    facts,
    details,
  );
  const json = library.formatSignedClaim(signed);
  await library.writeFileAtomic(output, json, { mode: 0o644 });
  if (context.json) context.result(json.trimEnd());
  else if (!context.quiet) {
    for (const note of facts.notes) context.note(sanitizeLine(`${image}: ${note}`));
    context.result(`signed ${sanitizeLine(image)} into ${sanitizeLine(output)}; daochain submit records it`);
  }
  return exitCodes.success;
}
