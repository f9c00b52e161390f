import type { ImageFacts } from "../image/image.ts";
import type { Policy } from "./policy.ts";
import { scopeMatcher, specificity } from "./scope.ts";

/** How strictly a policy is kept where images start; `src/verdict/levels.ts` says what each lets pass. */
export const levels = ["strict", "permissive", "audit", "skip"] as const;
/** One of `levels`. */
export type Level = (typeof levels)[number];

/** What is demanded of the images in some repositories, and how strictly. */
export interface TrustPolicy {
  readonly name: string;
  /** globs over canonical repositories; `*` alone holds everything, images without a name too */
  readonly registryScopes: readonly string[];
  readonly level: Level;
  /** organisations whose claims count; empty: the one that owns the repository */
  readonly organisations: readonly string[];
  /** how many of them must have claimed the image */
  readonly needed: number;
  readonly newest: boolean;
  /** seconds after it was issued in which a claim is good; undefined: for as long as it says itself */
  readonly maxAge: number | undefined;
}

interface Scope {
  readonly specificity: number;
  readonly holds: (repository: string | undefined) => boolean;
  readonly policy: TrustPolicy;
}

/** Policies by the repositories that they are for. */
export class TrustPolicies {
  readonly all: readonly TrustPolicy[];
  readonly #scopes: readonly Scope[];

  constructor(all: readonly TrustPolicy[]) {
    this.all = all;
    this.#scopes = all
      .flatMap((policy) =>
        policy.registryScopes.map((scope) => ({
          specificity: specificity(scope),
          holds: scopeMatcher(scope),
          policy,
        })),
      )
      .sort((a, b) => b.specificity - a.specificity);
  }

  /** One policy for everything. */
  static of({ organisation, newest, maxAge }: Policy): TrustPolicies {
    return new TrustPolicies([
      {
        name: "default",
        registryScopes: ["*"],
        level: "strict",
        organisations: organisation === undefined ? [] : [organisation],
        needed: 1,
        newest,
        maxAge,
      },
    ]);
  }

  /**
   * The policy whose most specific scope holds an image's repository. A name that was only made from a file's is none.
   * @returns undefined where none does
   */
  for({ name }: Pick<ImageFacts, "name">): TrustPolicy | undefined {
    const repository = name?.carried === true ? name.repository : undefined;
    return this.#scopes.find(({ holds }) => holds(repository))?.policy;
  }
}

/** What is asked for each organisation of a policy, one after the other. */
export function questionsOf({ organisations, newest, maxAge }: TrustPolicy): Policy[] {
  if (organisations.length === 0) return [{ organisation: undefined, newest, maxAge }];
  return organisations.map((organisation) => ({ organisation, newest, maxAge }));
}
