import type { Digest } from "../../digest/digest.ts";
import { failure } from "../../errors.ts";
import { formatNamedReference, type NamedReference, parseNamedReference } from "../../image/reference.ts";
import type { Verdict } from "../../verdict/verdict.ts";
import { explain } from "../decisions.ts";
import type { GateRuntime } from "../gate-runtime.ts";
import { toOneLine } from "../one-line.ts";
import { type Answer, type PatchOperation, refusal } from "./answer.ts";
import type { ImageCache } from "./image-cache.ts";
import { type PlacedImage, toPointer } from "./images.ts";
import { type Review, readDemand } from "./review.ts";

/** What a webhook is asked for: whether an object may be, or what it is to become first. */
export type WebhookKind = "validate" | "mutate";

export interface KubernetesGateOptions {
  /** refuse images that are named by a tag alone */
  readonly requireDigest: boolean;
}

/** Refused images that an answer tells of. */
const maxTold = 5;

interface Judgement {
  readonly image: string;
  readonly verdict: Verdict;
  readonly allowed: boolean;
  /** undefined where the name is none, or was not found */
  readonly named?: NamedReference | undefined;
  readonly digest?: Digest | undefined;
}

/** Judges what an API server is asked to keep: pods, and what pods are made from, of verified images only. */
export class KubernetesGate {
  readonly #runtime: Pick<GateRuntime, "judge">;
  readonly #facts: Pick<ImageCache, "find">;
  readonly #options: KubernetesGateOptions;

  constructor(
    runtime: Pick<GateRuntime, "judge">,
    facts: Pick<ImageCache, "find">,
    options: KubernetesGateOptions,
  ) {
    this.#runtime = runtime;
    this.#facts = facts;
    this.#options = options;
  }

  /**
   * Both kinds of webhook refuse the same. What mutates also writes the digest that was verified behind each tag.
   * @param deadline is aborted when the answer is due
   */
  async judge(review: Review, webhook: WebhookKind, deadline: AbortSignal): Promise<Answer> {
    const demand = readDemand(review);
    if (demand.kind === "harmless") return { allowed: true, warnings: [], patch: [] };
    if (demand.kind === "refused") return refusal(`refused: ${demand.reason}`);
    const names = [...new Set(demand.images.map(({ image }) => image))];
    const judgements = await Promise.all(
      names.map((image) => this.#judge(image, review.action, webhook, deadline)),
    );
    const refused = judgements.filter(({ allowed }) => !allowed);
    if (refused.length > 0) return refuse(refused);
    if (webhook === "mutate") return { allowed: true, warnings: [], patch: pin(demand.images, judgements) };
    return { allowed: true, warnings: judgements.flatMap(warningsOf), patch: [] };
  }

  async #judge(
    image: string,
    action: string,
    webhook: WebhookKind,
    deadline: AbortSignal,
  ): Promise<Judgement> {
    let named: NamedReference | undefined;
    let digest: Digest | undefined;
    const { verdict, allowed } = await this.#runtime.judge({
      gate: "kubernetes",
      action,
      image,
      inspect: async (signal) => {
        const parsed = parseNamedReference(image);
        if (this.#options.requireDigest && parsed.digest === undefined && webhook === "validate") {
          throw failure("DIGEST_REQUIRED");
        }
        const found = await this.#facts.find(parsed, signal, deadline);
        named = parsed;
        digest = found.digest;
        return found.facts;
      },
    });
    return { image, verdict, allowed, named, digest };
  }
}

function refuse(refused: readonly Judgement[]): Answer {
  const told = refused
    .slice(0, maxTold)
    .map(
      ({ image, verdict }) =>
        `${image === "" ? "an image without a name" : toOneLine(image, 300)} is ${explain(verdict)}`,
    );
  const more = refused.length > maxTold ? [`and ${refused.length - maxTold} more`] : [];
  // Where one is known to be refused, asking again does not help.
  const isOpen = refused.every(({ verdict }) => verdict.status === "inconclusive");
  return refusal([...told, ...more].join("; "), isOpen ? 503 : 403);
}

/** Writes the digest behind each tag that was verified; what a policy lets pass all the same stays as it is. The name becomes the full one: on a node, a short one may stand for another registry's image. */
function pin(images: readonly PlacedImage[], judgements: readonly Judgement[]): PatchOperation[] {
  const pinned = new Map(
    judgements.flatMap(({ image, verdict, named, digest }) =>
      verdict.status !== "verified" || !named || !digest || named.digest !== undefined
        ? []
        : [[image, formatNamedReference({ ...named, digest })] as const],
    ),
  );
  return images.flatMap(({ image, path }) => {
    const value = pinned.get(image);
    if (value === undefined) return [];
    const at = toPointer(path);
    return [
      { op: "test", path: at, value: image },
      { op: "replace", path: at, value },
    ] as const;
  });
}

function warningsOf({ image, verdict, named }: Judgement): string[] {
  // A policy may let an image pass that is not verified.
  if (verdict.status !== "verified") return [`${image} is ${explain(verdict)}`];
  const isTag = named !== undefined && named.digest === undefined;
  return [
    ...(isTag
      ? [`${image}: what its tag stands for now is verified; a node may pull another image. Name its digest.`]
      : []),
    ...verdict.warnings.map((warning) => `${image}: ${warning}`),
  ];
}
