import type { DaoChainError, Depth, ImageClaim, ImageFacts, Message, Subject } from "../../src/internal.ts";
import * as library from "../../src/internal.ts";
import { currentOrganisation, withConnection } from "../connection.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { ProgressDisplay } from "../output/progress.ts";
import { sanitizeLine } from "../output/sanitize.ts";
import { formatTime, padEnd } from "../output/table.ts";
import { accountInForce } from "../secrets.ts";
import { toTold } from "../time.ts";
import { mapInParallel, printResults } from "./images.ts";
import { type ClaimDetails, offlinePlace, readToSign, type SignOptions } from "./sign.ts";

/** What `sign` would do with one image. Its keys are the JSON that `sign --dry-run --json` prints. */
interface DryRun {
  readonly image: string;
  readonly dryRun: true;
  /** whether nothing that is known stands in the way */
  readonly signable: boolean;
  readonly organisation: string;
  /** signatures that a claim of it takes; null where no chain was asked */
  readonly threshold: number | null;
  /** address of the account that would sign */
  readonly signer: string;
  readonly repository: string | null;
  readonly tag: string | null;
  readonly depth: Depth | null;
  readonly subjects: readonly Subject[];
  readonly expiresAt: string | null;
  readonly annotations: Readonly<Record<string, string>>;
  /** what was looked at and is not signed */
  readonly passedOver: readonly Message[];
  /** what stands in the way */
  readonly reasons: readonly (Message | string)[];
  readonly warnings: readonly (Message | string)[];
}

/** What was found out about one image, and the exit code that it asks for. */
interface Trial {
  readonly result: DryRun;
  readonly code: number;
}

/** What the claims would be, as far as the chain was asked. */
interface Prospect {
  readonly organisation: string;
  readonly threshold: number | null;
  readonly draft: (facts: readonly ImageFacts[]) => Promise<PromiseSettledResult<ImageClaim>[]>;
  /** what stands in the way of every image */
  readonly reasons: readonly (Message | string)[];
  readonly warnings: readonly (Message | string)[];
}

/**
 * Shows what `sign` would sign: reads the images as it does, asks the chain what it would refuse, and leaves it at that. No key is opened
 * and nothing is recorded.
 */
export async function dryRun(
  context: Context,
  images: readonly string[],
  options: SignOptions,
  details: ClaimDetails,
): Promise<number> {
  const signer = await signerAddress(context, options.account);
  const progress = new ProgressDisplay(context);
  const read = await mapInParallel(images, (image) =>
    readToSign(context, image, progress, options.depth)
      .then(
        (value) => ({ status: "fulfilled", value }) as const,
        (reason: unknown) => ({ status: "rejected", reason: told(context, reason) }) as const,
      )
      .finally(() => progress.done(image)),
  ).finally(() => progress.clear());
  const facts = read.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const isOffline = options.output !== undefined;
  const trials = await prospect(context, options.org, signer, details, isOffline, async (found) => {
    const drafts = (await found.draft(facts))[Symbol.iterator]();
    return read.map((one, at): Trial => {
      const claim = one.status === "fulfilled" ? drafts.next().value : one;
      const error = claim?.status === "rejected" ? told(context, claim.reason) : undefined;
      const value = claim?.status === "fulfilled" ? (claim.value as ImageClaim) : undefined;
      return trial(images[at] ?? "", one.status === "fulfilled" ? one.value : undefined, value, error, {
        found,
        signer,
        details,
      });
    });
  });
  printResults(
    context,
    trials.map(({ result }) => result),
    (result) => format(context, result),
  );
  context.note(context.words.image.dryRun.nothingRecorded);
  const codes = new Set(trials.map(({ code }) => code));
  return (
    [exitCodes.corrupt, exitCodes.usage, exitCodes.inconclusive].find((code) => codes.has(code)) ??
    exitCodes.success
  );
}

/** The account that `sign` would use, without opening it. */
async function signerAddress(context: Context, name: string | undefined): Promise<string> {
  const inForce = await accountInForce(context, name);
  return inForce.source === "environment" ? inForce.signer.address : inForce.account.address;
}

/** Asks the chain; where it cannot be asked, or need not be, what is known without it has to do. */
async function prospect<T>(
  context: Context,
  org: string | undefined,
  signer: string,
  details: ClaimDetails,
  isOffline: boolean,
  task: (found: Prospect) => Promise<T>,
): Promise<T> {
  const withoutChain = async (warnings: Prospect["warnings"]): Promise<T> => {
    const { organisation } = await offlinePlace(context, org);
    const id = library.organisationId(organisation);
    const draft: Prospect["draft"] = (facts) =>
      Promise.allSettled(facts.map(async (one) => library.draftClaim(id, one, details)));
    return task({ organisation, threshold: null, draft, reasons: [], warnings });
  };
  if (isOffline) return withoutChain([]);
  let isAsked = false;
  try {
    return await withConnection(context, async (connection) => {
      const organisation = await currentOrganisation(context, connection, org);
      isAsked = true;
      const { name, threshold, signers } = organisation;
      const isSigner = signers.includes(signer);
      return task({
        organisation: name,
        threshold,
        draft: (facts) => library.draftClaims(connection, organisation, facts, details),
        reasons: isSigner ? [] : [library.say("not-a-signer", { signer, organisation: name })],
        warnings: [],
      });
    });
  } catch (error) {
    if (isAsked || !library.isDaoChainError(error) || error.outcome !== "inconclusive") throw error;
    return withoutChain([library.say("chain-not-asked", { error })]);
  }
}

function trial(
  image: string,
  facts: ImageFacts | undefined,
  claim: ImageClaim | undefined,
  error: DaoChainError | undefined,
  { found, signer, details }: { found: Prospect; signer: string; details: ClaimDetails },
): Trial {
  const { organisation, threshold, warnings } = found;
  const reasons = [...found.reasons, ...(error === undefined ? [] : [library.reasonOf(error)])];
  const name = claim ?? facts?.name;
  const { expiresAt, annotations } = details;
  const result: DryRun = {
    image,
    dryRun: true,
    signable: reasons.length === 0,
    organisation,
    threshold,
    signer,
    repository: name?.repository ?? null,
    tag: name?.tag || null,
    depth: facts?.depth ?? null,
    subjects: claim?.subjects ?? facts?.subjects ?? [],
    expiresAt: expiresAt === 0 ? null : formatTime(expiresAt),
    annotations,
    // What a claim may hold of an index, and what it leaves out.
    passedOver: (facts !== undefined && claim !== undefined ? library.signable(facts) : facts)?.notes ?? [],
    reasons,
    warnings,
  };
  const code = error === undefined ? exitCodes.usage : exitCodes[error.outcome];
  return { result, code: reasons.length === 0 ? exitCodes.success : code };
}

function format({ words, translator, style, quiet }: Context, result: DryRun): string[] {
  const said = words.image.dryRun;
  const { because, warning, note, depth, depths } = words.image.verdict;
  const line = (label: string, text: string): string =>
    `  ${style.dim(padEnd(label, 12))} ${sanitizeLine(text)}`;
  const status = result.signable
    ? style.status("signed", said.wouldSign)
    : style.status("untrusted", said.cannotSign);
  const head = `${status} ${style.bold(sanitizeLine(result.image))}`;
  if (quiet) return [head];
  const { repository, tag, organisation, threshold, signer, expiresAt } = result;
  return [
    head,
    ...result.reasons.map((reason) => line(because, translator.say(reason))),
    ...result.warnings.map((text) => line(warning, translator.say(text))),
    ...(repository === null ? [] : [line(said.claim, `${repository}${tag === null ? "" : `:${tag}`}`)]),
    line(said.organisation, threshold === null ? organisation : said.needs(organisation, threshold)),
    line(said.signer, signer),
    line(said.expires, expiresAt ?? said.never),
    ...Object.entries(result.annotations).map(([key, value]) => line(note, `${key}=${value}`)),
    ...result.subjects.map(({ kind, digest, platform }) =>
      line(kind, `${digest}${platform === "" ? "" : ` ${platform}`}`),
    ),
    ...result.passedOver.map((note) => line(said.passedOver, translator.say(note))),
    ...(result.depth === null ? [] : [line(depth, depths[result.depth])]),
  ];
}

/** @throws what is a defect, and where it was cancelled */
function told({ signal, sent }: Context, cause: unknown): DaoChainError {
  const error = toTold(cause, signal, sent);
  if (!library.isDaoChainError(error) || error.outcome === "cancelled") throw error;
  return error;
}
