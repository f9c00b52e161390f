import type { Connection } from "../contract/connection.ts";
import { readBlock } from "../contract/contract.ts";
import type { ImageFacts, ImageSource, InspectOptions } from "../image/image.ts";
import { inParallel } from "../parallel.ts";
import type { Policy } from "../policy/policy.ts";
import { TrustPolicies } from "../policy/trust-policy.ts";
import { SharedRpc } from "../rpc/batching-rpc.ts";
import { gatherAsOf } from "./chain-evidence.ts";
import { decideCorrupt } from "./decide.ts";
import { verdictOfFailure } from "./failure.ts";
import { judgeNames, questionsAbout } from "./names.ts";
import type { Verdict } from "./verdict.ts";

/** An image of several that are judged together. */
export interface ImageQuestion {
  /** as the caller calls it */
  readonly image: string;
  readonly open: () => Promise<ImageSource>;
}

export interface VerifyImagesOptions extends Omit<InspectOptions, "onProgress"> {
  /** images that are read at a time */
  readonly parallel?: number | undefined;
  readonly onProgress?:
    | ((question: ImageQuestion, progress: Parameters<NonNullable<InspectOptions["onProgress"]>>[0]) => void)
    | undefined;
  /** told of each image that was read, or could not be, and of how many there are in all */
  readonly onRead?: ((question: ImageQuestion, count: number) => void) | undefined;
}

/** Images about which the chain is asked at once. */
const wave = 500;

/** What was learnt of one image so far: what was read of it, or already its verdict. */
type Outcome =
  | {
      readonly facts: ImageFacts;
      readonly source: ImageSource;
      readonly questions: Parameters<typeof judgeNames>[0];
    }
  | { readonly verdict: Verdict };

/**
 * Judges many images as `verifyImage` does each, and asks the chain about all of them together: the images are read first, then the registry
 * as of one block, in a number of requests that hardly grows with theirs. Images of which the verdict hangs on their layers are read again
 * and asked about once more, together.
 * @param policy one for everything, or several by the repositories that they are for
 * @param connect the chain; asked for only once the images have been read
 * @returns a verdict for each question, in their order. What cannot be asked makes a verdict inconclusive; it is not thrown.
 * @throws only what the caller must change (outcome `usage`) and CANCELLED
 */
export async function verifyImages(
  questions: readonly ImageQuestion[],
  connect: () => Promise<Connection>,
  policy: Policy | TrustPolicies,
  options: VerifyImagesOptions = {},
): Promise<Verdict[]> {
  const { depth, platform, signal, parallel = 2, onProgress, onRead } = options;
  const policies = policy instanceof TrustPolicies ? policy : TrustPolicies.of(policy);
  const read = async (question: ImageQuestion, source: ImageSource, thorough: boolean): Promise<Outcome> => {
    const progress = onProgress === undefined ? {} : { onProgress: onProgress.bind(undefined, question) };
    const facts = await source.inspect({ depth, platform, signal, thorough, ...progress });
    if (facts.corruptions.length > 0) return { verdict: decideCorrupt(facts, now()) };
    const asked = questionsAbout(facts, policies, now());
    return "verdict" in asked ? asked : { facts, source, questions: asked.questions };
  };
  const outcomes = await inParallel(questions, parallel, (question) =>
    question
      .open()
      .then((source) => read(question, source, false))
      .catch((error): Outcome => ({ verdict: verdictOfFailure(error, question.image, undefined) }))
      .finally(() => onRead?.(question, questions.length)),
  );
  const judged = await judgeAll(outcomes, connect);
  const again = await inParallel(
    judged,
    parallel,
    async ({ verdict, hangsOnLayers }, at): Promise<Outcome> => {
      const [outcome, question] = [outcomes[at], questions[at]];
      if (!hangsOnLayers || outcome === undefined || question === undefined || !("source" in outcome))
        return { verdict };
      return read(question, outcome.source, true)
        .catch((error): Outcome => ({ verdict: verdictOfFailure(error, question.image, outcome.facts) }))
        .finally(() => onRead?.(question, questions.length));
    },
  );
  return (await judgeAll(again, connect)).map(({ verdict }) => verdict);
}

type Judged = Awaited<ReturnType<typeof judgeNames>>;

/** Asks the chain about all images that are still to be judged. */
async function judgeAll(outcomes: readonly Outcome[], connect: () => Promise<Connection>): Promise<Judged[]> {
  const open = outcomes.flatMap((outcome, at) => ("facts" in outcome ? [{ at, ...outcome }] : []));
  const judged = new Map<number, Judged>();
  const settle = (at: number, facts: ImageFacts, error: unknown): void => {
    judged.set(at, { verdict: verdictOfFailure(error, facts.image, facts), hangsOnLayers: false });
  };
  if (open.length > 0) {
    try {
      const connection = await connect();
      const block = await readBlock(connection.rpc);
      const shared = { ...connection, rpc: new SharedRpc(connection.rpc) };
      for (let from = 0; from < open.length; from += wave) {
        await Promise.all(
          open.slice(from, from + wave).map(async ({ at, facts, questions }) => {
            try {
              judged.set(
                at,
                await judgeNames(questions, (seen, policy) => gatherAsOf(shared, seen, policy, block)),
              );
            } catch (error) {
              settle(at, facts, error);
            }
          }),
        );
      }
    } catch (error) {
      for (const { at, facts } of open) if (!judged.has(at)) settle(at, facts, error);
    }
  }
  return outcomes.map((outcome, at) => {
    const found = "verdict" in outcome ? { verdict: outcome.verdict, hangsOnLayers: false } : judged.get(at);
    if (found === undefined) throw new Error("an image was not judged");
    return found;
  });
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}
