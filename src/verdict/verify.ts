import type { Connection } from "../contract/connection.ts";
import { readBlock, readBlockAt } from "../contract/contract.ts";
import type { ImageFacts, ImageSource, InspectOptions } from "../image/image.ts";
import { inParallel } from "../parallel.ts";
import type { Policy } from "../policy/policy.ts";
import { TrustPolicies } from "../policy/trust-policy.ts";
import { SharedRpc } from "../rpc/batching-rpc.ts";
import { type ChainMoment, gatherAsOf, newestMoment, pastMoment } from "./chain-evidence.ts";
import { verdictOfFailure } from "./failure.ts";
import { type Gatherer, judge } from "./judge.ts";
import type { Verdict } from "./verdict.ts";

/** A moment in the chain's past: a block's number, or seconds since 1970. */
export type Moment = { readonly block: number } | { readonly time: number };

/** How an image is verified. */
export interface VerifyOptions extends Omit<InspectOptions, "thorough"> {
  /** judge as of then; undefined: now */
  readonly at?: Moment | undefined;
}

/** An image of several that are judged together. */
export interface ImageQuestion {
  /** as the caller calls it */
  readonly image: string;
  readonly open: () => Promise<ImageSource>;
}

/** How many images are verified. */
export interface VerifyImagesOptions extends Omit<VerifyOptions, "onProgress"> {
  /** images that are read at a time */
  readonly parallel?: number | undefined;
  readonly onProgress?:
    | ((question: ImageQuestion, progress: Parameters<NonNullable<InspectOptions["onProgress"]>>[0]) => void)
    | undefined;
  /** told of each image that was read, or could not be, and of how many there are in all */
  readonly onRead?: ((question: ImageQuestion, count: number) => void) | undefined;
}

/** Images that are read before the chain is asked about them at once: what was read of more would not be held in memory. */
const wave = 500;

/**
 * Reads one image, asks the chain, decides. What cannot be asked makes the verdict inconclusive; it is not thrown.
 * @param open the image, as `openImage` gives it
 * @param connect the chain, as `connect` gives it; asked for only once the image has been read
 * @param policy one for everything, or several by the repositories that they are for
 * @throws only what the caller must change (outcome `usage`) and CANCELLED
 */
export async function verifyImage(
  image: string,
  open: () => Promise<ImageSource>,
  connect: () => Promise<Connection>,
  policy: Policy | TrustPolicies,
  { onProgress, ...options }: VerifyOptions = {},
): Promise<Verdict> {
  const progress =
    onProgress && ((_: ImageQuestion, step: Parameters<typeof onProgress>[0]) => onProgress(step));
  const [verdict] = await verifyImages([{ image, open }], connect, policy, {
    ...options,
    onProgress: progress,
  });
  return verdict as Verdict;
}

/**
 * Judges many images as `verifyImage` does each, and asks the chain about all of them together: some hundreds are read, then the registry is
 * asked as of one block, in a number of requests that hardly grows with theirs. Images of which the verdict hangs on their layers are read again
 * and asked about once more, together.
 * @param policy one for everything, or several by the repositories that they are for
 * @param connect the chain; asked for only once images have been read
 * @returns a verdict for each question, in their order. What cannot be asked makes a verdict inconclusive; it is not thrown.
 * @throws only what the caller must change (outcome `usage`) and CANCELLED
 */
export async function verifyImages(
  questions: readonly ImageQuestion[],
  connect: () => Promise<Connection>,
  policy: Policy | TrustPolicies,
  options: VerifyImagesOptions = {},
): Promise<Verdict[]> {
  const policies = policy instanceof TrustPolicies ? policy : TrustPolicies.of(policy);
  const verification = new Verification(connect, policies, options, questions.length);
  const verdicts: Verdict[] = [];
  for (let from = 0; from < questions.length; from += wave)
    verdicts.push(...(await verification.judge(questions.slice(from, from + wave))));
  return verdicts;
}

/** An image that is to be judged, or its verdict. */
type Candidate =
  | { readonly question: ImageQuestion; readonly source: ImageSource; readonly facts: ImageFacts }
  | { readonly verdict: Verdict };

class Verification {
  readonly #connect: () => Promise<Connection>;
  readonly #policies: TrustPolicies;
  readonly #options: VerifyImagesOptions;
  readonly #count: number;
  #past: Promise<ChainMoment> | undefined;

  constructor(
    connect: () => Promise<Connection>,
    policies: TrustPolicies,
    options: VerifyImagesOptions,
    count: number,
  ) {
    this.#connect = connect;
    this.#policies = policies;
    this.#options = options;
    this.#count = count;
  }

  /** The verdicts of some images about which the chain is asked together. */
  async judge(questions: readonly ImageQuestion[]): Promise<Verdict[]> {
    const { parallel = 2 } = this.#options;
    const read = await inParallel(questions, parallel, (question) => this.#read(question));
    const first = await this.#judgeAll(read);
    const again = await inParallel(
      first,
      parallel,
      async ({ candidate, verdict, hangsOnLayers }): Promise<Candidate> =>
        hangsOnLayers && "facts" in candidate ? this.#readAgain(candidate) : { verdict },
    );
    return (await this.#judgeAll(again)).map(({ verdict }) => verdict);
  }

  /** No more than the verdict turns out to need. */
  async #read(question: ImageQuestion): Promise<Candidate> {
    try {
      const source = await question.open();
      return { question, source, facts: await this.#inspect(question, source, false) };
    } catch (error) {
      return { verdict: verdictOfFailure(error, question.image, undefined) };
    } finally {
      this.#options.onRead?.(question, this.#count);
    }
  }

  /** To the last layer. */
  async #readAgain({
    question,
    source,
    facts,
  }: Extract<Candidate, { facts: ImageFacts }>): Promise<Candidate> {
    try {
      return { question, source, facts: await this.#inspect(question, source, true) };
    } catch (error) {
      return { verdict: verdictOfFailure(error, question.image, facts) };
    } finally {
      this.#options.onRead?.(question, this.#count);
    }
  }

  #inspect(question: ImageQuestion, source: ImageSource, thorough: boolean): Promise<ImageFacts> {
    const { depth, platform, signal, onProgress } = this.#options;
    const progress = onProgress === undefined ? {} : { onProgress: onProgress.bind(undefined, question) };
    return source.inspect({ depth, platform, signal, thorough, ...progress });
  }

  /** Judges those that have no verdict yet, all as of one moment. */
  #judgeAll(
    candidates: readonly Candidate[],
  ): Promise<{ candidate: Candidate; verdict: Verdict; hangsOnLayers: boolean }[]> {
    const gather = this.#gatherer();
    return Promise.all(
      candidates.map(async (candidate) => {
        if ("verdict" in candidate) return { candidate, verdict: candidate.verdict, hangsOnLayers: false };
        const { facts, question } = candidate;
        try {
          return { candidate, ...(await judge(facts, this.#policies, gather)) };
        } catch (error) {
          return { candidate, verdict: verdictOfFailure(error, question.image, facts), hangsOnLayers: false };
        }
      }),
    );
  }

  /** Asks the chain, once there is something to ask of it. */
  #gatherer(): Gatherer {
    let opening: Promise<{ connection: Connection; moment: ChainMoment }> | undefined;
    const open = async () => {
      const own = await this.#connect();
      const moment = await this.#moment(own);
      return { connection: { ...own, rpc: new SharedRpc(own.rpc) }, moment };
    };
    return async (facts, question) => {
      opening ??= open();
      const { connection, moment } = await opening;
      return gatherAsOf(connection, facts, question, moment);
    };
  }

  /** The past does not change; what is newest does. */
  #moment(connection: Connection): Promise<ChainMoment> {
    const { at } = this.#options;
    if (at === undefined) return newestMoment(connection);
    this.#past ??= findMoment(connection, at);
    this.#past.catch(() => {
      this.#past = undefined;
    });
    return this.#past;
  }
}

async function findMoment(connection: Connection, at: Moment): Promise<ChainMoment> {
  const { rpc } = connection;
  return pastMoment(connection, await ("block" in at ? readBlock(rpc, at.block) : readBlockAt(rpc, at.time)));
}
