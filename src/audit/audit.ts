import type { Connection } from "../contract/connection.ts";
import { say } from "../messages/message.ts";
import type { Policy } from "../policy/policy.ts";
import type { TrustPolicies } from "../policy/trust-policy.ts";
import { decideInconclusive } from "../verdict/decide.ts";
import type { Verdict } from "../verdict/verdict.ts";
import { type ImageQuestion, type VerifyImagesOptions, verifyImages } from "../verdict/verify.ts";
import type { Finding, Place } from "./place.ts";

/** A verdict, and every place where its image stands. */
export interface AuditedImage {
  readonly verdict: Verdict;
  readonly where: readonly Place[];
  /** whether it is a service that names no image because compose builds it */
  readonly isBuilt: boolean;
}

/**
 * Judges everything that was found, each image once, as of one block of the chain. What could not be read is inconclusive.
 * @returns in the order in which the images were found
 * @throws as `verifyImages`
 */
export async function audit(
  findings: readonly Finding[],
  connect: () => Promise<Connection>,
  policy: Policy | TrustPolicies,
  options: VerifyImagesOptions = {},
): Promise<AuditedImage[]> {
  const local = localKeys(findings);
  const entries = new Map<string, { readonly finding: Finding; readonly where: Place[] }>();
  for (const [at, finding] of findings.entries()) {
    const key = "key" in finding ? (local.get(finding.key) ?? finding.key) : `${at}`;
    const known = entries.get(key);
    if (known === undefined) entries.set(key, { finding, where: [finding.place] });
    else known.where.push(finding.place);
  }
  const all = [...entries.values()];
  const questions = all.flatMap(({ finding }): ImageQuestion[] => ("key" in finding ? [finding] : []));
  const verdicts = (await verifyImages(questions, connect, policy, options))[Symbol.iterator]();
  const now = Math.floor(Date.now() / 1000);
  return all.map(({ finding, where }) => {
    if ("reason" in finding) {
      const verdict = decideInconclusive(
        finding.image,
        undefined,
        say("failure", { error: finding.reason }),
        now,
      );
      return { verdict, where, isBuilt: finding.isBuilt === true };
    }
    const { value } = verdicts.next();
    if (value === undefined) throw new Error("an image was not judged");
    return { verdict: value, where, isBuilt: false };
  });
}

/** A name that is typed without a transport means the engine's image, where the engine has one of that name. */
function localKeys(findings: readonly Finding[]): ReadonlyMap<string, string> {
  return new Map(
    findings.flatMap((finding) => {
      if (finding.place.kind !== "image" || !("key" in finding)) return [];
      const [, name = ""] = finding.key.split(" ");
      return name === "" ? [] : [[name, finding.key] as const];
    }),
  );
}
