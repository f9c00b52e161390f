import { failure } from "../errors.ts";
import type { ImageFacts } from "../image/image.ts";
import type { TrustPolicies, TrustPolicy } from "../policy/trust-policy.ts";
import { decideInconclusive } from "../verdict/decide.ts";
import { reasonOf, verdictOfFailure } from "../verdict/failure.ts";
import { judge } from "../verdict/judge.ts";
import { mayRun } from "../verdict/levels.ts";
import type { Verdict } from "../verdict/verdict.ts";
import type { Follower } from "./follower.ts";
import type { DecisionLog } from "./log.ts";
import type { GateMetrics } from "./metrics.ts";
import { toOneLine } from "./one-line.ts";

/** An image that is about to run somewhere. */
export interface Question {
  /** the kind of gate, such as `docker` */
  readonly gate: string;
  /** what is about to happen, such as `create` */
  readonly action: string;
  /** the image as whoever wants to run it calls it */
  readonly image: string;
  readonly inspect: (signal: AbortSignal) => Promise<ImageFacts>;
}

/** What was decided about an image. */
export interface Decision {
  readonly verdict: Verdict;
  /** whether it may run: it is verified, or its policy's level lets it pass */
  readonly allowed: boolean;
}

/** How long a decision may take, in milliseconds: less than what asks for one waits. */
const usualTime = 10_000;

/** Decides about images that are about to run, from what a follower knows. Whatever goes wrong is a no. */
export class DecisionMaker {
  readonly #follower: Follower;
  readonly #policies: () => TrustPolicies;
  readonly #log: DecisionLog;
  readonly #metrics: GateMetrics;
  readonly #time: number;

  /**
   * @param policies those that hold now
   * @param time milliseconds that a decision may take
   */
  constructor(
    follower: Follower,
    policies: () => TrustPolicies,
    log: DecisionLog,
    metrics: GateMetrics,
    time: number = usualTime,
  ) {
    this.#follower = follower;
    this.#policies = policies;
    this.#log = log;
    this.#metrics = metrics;
    this.#time = time;
  }

  /** Decides about an image. Nothing is thrown. */
  async judge(question: Question): Promise<Decision> {
    const start = performance.now();
    const { gate, action, image } = question;
    const { verdict, facts, trust, staleness } = await this.#decide(question);
    // Where it is not known which policy holds, the strictest does.
    const allowed = mayRun(verdict, trust?.level ?? "strict");
    const milliseconds = performance.now() - start;
    this.#metrics.count(gate, verdict.status, allowed, milliseconds / 1000);
    this.#log.write({
      time: new Date().toISOString(),
      gate,
      action,
      image: toOneLine(image),
      id: facts?.id ?? null,
      status: verdict.status,
      allowed,
      policy: trust?.name ?? null,
      level: trust?.level ?? null,
      reason: toOneLine(verdict.reasons.join("; "), 1000),
      organisation: verdict.organisation,
      claim: verdict.claim?.id ?? null,
      depth: verdict.depth,
      block: verdict.chain?.block ?? null,
      staleness: staleness === undefined ? null : Math.round(staleness * 1000) / 1000,
      milliseconds: Math.round(milliseconds * 1000) / 1000,
    });
    return { verdict, allowed };
  }

  async #decide({ image, inspect }: Question): Promise<{
    verdict: Verdict;
    facts?: ImageFacts | undefined;
    trust?: TrustPolicy | undefined;
    staleness?: number | undefined;
  }> {
    const policies = this.#policies();
    const stop = new AbortController();
    let facts: ImageFacts | undefined;
    let staleness: number | undefined;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(failure("GATE_TIMEOUT", { seconds: this.#time / 1000 }));
        stop.abort();
      }, this.#time);
    });
    try {
      facts = await Promise.race([inspect(stop.signal), late]);
      const { verdict, trust } = await judge(facts, policies, (seen, question) => {
        const gathered = this.#follower.gather(seen, question);
        staleness ??= gathered.staleness;
        return gathered.evidence;
      });
      return { verdict, facts, trust, staleness };
    } catch (error) {
      return { verdict: toVerdict(error, image, facts), facts, trust: facts && policies.for(facts) };
    } finally {
      clearTimeout(timer);
      late.catch(() => {});
    }
  }
}

/** What went wrong as a verdict, whoever is to blame. */
function toVerdict(error: unknown, image: string, facts: ImageFacts | undefined): Verdict {
  try {
    return verdictOfFailure(error, image, facts);
  } catch {
    return decideInconclusive(image, facts, reasonOf(error), Math.floor(Date.now() / 1000));
  }
}

/** A verdict in one line, for whoever is refused. */
export function explain({ status, reasons }: Verdict): string {
  return toOneLine([status, ...reasons.slice(0, 1)].join(": "));
}
