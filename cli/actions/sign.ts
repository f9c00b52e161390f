import type { Annotations, Connection, Depth, ImageFacts, Organisation, Signer } from "../../src/internal.ts";
import * as library from "../../src/internal.ts";
import { currentOrganisation, withConnection } from "../connection.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { ProgressDisplay } from "../output/progress.ts";
import { sanitizeLine } from "../output/sanitize.ts";
import { unlockSigner } from "../secrets.ts";
import { attempt, type ClaimOptions, type Outcome, toAnnotations, toExpiry } from "./claim-options.ts";
import { collectImages, mapInParallel } from "./images.ts";
import { printWhenApproved, type UntilOptions } from "./until.ts";

export interface SignOptions extends ClaimOptions, UntilOptions {
  readonly depth?: Depth;
  readonly file?: string;
  /** one signature for all images */
  readonly batch?: boolean;
  /** write the signed claim here instead of recording it */
  readonly output?: string;
  /** show what would be signed, and leave it at that */
  readonly dryRun?: boolean;
}

/** What is signed beside an image's digests. */
export interface ClaimDetails {
  readonly annotations: Annotations;
  /** seconds since 1970, 0 for never */
  readonly expiresAt: number;
}

/** Reads each image, signs what was found in it, and records it on the chain. */
export async function sign(
  context: Context,
  arguments_: readonly string[],
  options: SignOptions,
): Promise<number> {
  const { org, account, depth, output, until } = options;
  const images = await collectImages(context, arguments_, options.file);
  const details = {
    annotations: toAnnotations(options.annotation ?? []),
    expiresAt: toExpiry(options.expires),
  };
  if (output !== undefined && images.length > 1) throw library.failure("OUTPUT_OF_ONE_IMAGE");
  if (output !== undefined && until !== undefined) throw library.failure("OUTPUT_IS_NOT_RECORDED");
  if (options.dryRun === true)
    return (await import("./sign-dry-run.ts")).dryRun(context, images, options, details);
  if (output !== undefined) return signOffline(context, images[0] ?? "", output, options, details);
  return withConnection(context, async (connection) => {
    const organisation = await currentOrganisation(context, connection, org);
    const signer = await unlockSigner(context, account);
    const progress = new ProgressDisplay(context);
    const isOnly = images.length === 1;
    const record = options.batch === true ? recordTogether : recordAsTheyCome;
    const recording = { connection, signer, organisation, details, depth };
    const outcomes = await record(context, images, progress, isOnly, recording).finally(() =>
      progress.clear(),
    );
    return printWhenApproved(context, connection, outcomes, options);
  });
}

/** Whom and what a recording is for. */
interface Recording {
  readonly connection: Connection;
  readonly signer: Signer;
  readonly organisation: Organisation;
  readonly details: ClaimDetails;
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
    const facts = readToSign(context, image, progress, depth);
    await facts.catch(() => {});
    const outcome = attempt(context, image, isOnly, async () => signing.sign(await facts)).finally(() =>
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
    readToSign(context, image, progress, depth).then(
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
      attempt(context, image, isOnly, async () => {
        const result = settled[at];
        if (result !== undefined && "value" in result) return result.value;
        throw result?.reason;
      }),
    ),
  );
}

/** Reads all of an image that is to be signed: what nobody has looked at must not be. */
export async function readToSign(
  { signal, words }: Context,
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
  progress.words(image, words.image.waitingForChain);
  return facts;
}

/** The registry and the organisation's name that a claim is for, without asking a chain. @throws OFFLINE_PLACE_UNKNOWN */
export async function offlinePlace(
  { home }: Context,
  org: string | undefined,
): Promise<{ readonly place: ReturnType<typeof library.placeOf>; readonly organisation: string }> {
  const profile = await library.readNetworkProfile(home);
  const organisation = org ?? (await library.readSettings(home)).organisation;
  if (profile === undefined || organisation === undefined)
    throw library.failure("OFFLINE_PLACE_UNKNOWN", { file: home.network });
  return { place: library.placeOf({ profile }), organisation };
}

/** Signs one image without asking a chain, and writes the claim for `daochain submit` to record. */
async function signOffline(
  context: Context,
  image: string,
  output: string,
  options: SignOptions,
  details: ClaimDetails,
): Promise<number> {
  const { place, organisation } = await offlinePlace(context, options.org);
  const signer = await unlockSigner(context, options.account);
  const progress = new ProgressDisplay(context);
  const found = await readToSign(context, image, progress, options.depth).finally(() => progress.done(image));
  const facts = found.corruptions.length > 0 ? found : library.signable(found);
  const id = library.organisationId(organisation);
  const signed = await library.signImageOffline(place, signer, id, facts, details);
  const json = library.formatSignedClaim(signed);
  await library.writeFileAtomic(output, json, { mode: 0o644 });
  if (context.json) context.result(json.trimEnd());
  else if (!context.quiet) {
    for (const note of facts.notes) context.note(sanitizeLine(`${image}: ${context.translator.say(note)}`));
    context.result(context.words.image.signedIntoFile(sanitizeLine(image), sanitizeLine(output)));
  }
  return exitCodes.success;
}
