import type { ImageFacts } from "../image/image.ts";
import type { TrustPolicy } from "../policy/trust-policy.ts";
import { aboutImage } from "./decide.ts";
import type { Verdict, VerdictStatus } from "./verdict.ts";

/** Of several denials the one to tell of, from the gravest. */
const gravest: readonly VerdictStatus[] = [
  "corrupt",
  "revoked",
  "mismatch",
  "denied",
  "expired",
  "superseded",
  "pending",
  "untrusted",
  "unsigned",
  "inconclusive",
];

/**
 * One verdict of those that were given for each organisation of a policy (docs/specs/verdict.md, "Several organisations").
 * @param verdicts in the order of the policy's organisations
 */
export function combine({ name, organisations, needed }: TrustPolicy, verdicts: readonly Verdict[]): Verdict {
  const [only] = verdicts;
  if (only === undefined) throw new RangeError("There is nothing to combine.");
  if (organisations.length <= 1) return only;
  const good = verdicts.filter(({ status }) => status === "verified");
  const [first] = good;
  if (first !== undefined && good.length >= needed) {
    return {
      ...first,
      reasons: [...new Set(good.flatMap(({ reasons }) => reasons))],
      warnings: [...new Set(good.flatMap(({ warnings }) => warnings))],
    };
  }
  const others = verdicts
    .filter(({ status }) => status !== "verified")
    .sort((a, b) => gravest.indexOf(a.status) - gravest.indexOf(b.status));
  const open = others.filter(({ status }) => status === "inconclusive").length;
  const isOpen = good.length + open >= needed && others[0]?.status !== "corrupt";
  const shown = (isOpen ? others.find(({ status }) => status === "inconclusive") : others[0]) ?? only;
  const asks = `the policy ${name} asks for ${needed} of ${organisations.join(", ")}, and ${good.length} of them verified it`;
  // It is claimed, but not by as many as the policy asks for.
  const status = first !== undefined && shown.status === "unsigned" ? "untrusted" : shown.status;
  return { ...shown, status, reasons: [...shown.reasons, asks] };
}

/**
 * One verdict of those that were given about an image for each of its names: verified only where all are
 * (docs/specs/verdict.md, "Several names").
 * @param verdicts in the order of the names
 */
export function combineNames(verdicts: readonly Verdict[]): Verdict {
  const [first] = verdicts;
  if (first === undefined) throw new RangeError("There is nothing to combine.");
  if (verdicts.length === 1) return first;
  const [worst] = verdicts
    .filter(({ status }) => status !== "verified")
    .sort((a, b) => gravest.indexOf(a.status) - gravest.indexOf(b.status));
  if (worst === undefined) {
    return {
      ...first,
      reasons: [...new Set(verdicts.flatMap(({ reasons }) => reasons))],
      warnings: [...new Set(verdicts.flatMap(({ warnings }) => warnings))],
    };
  }
  const name = [worst.repository, worst.tag].filter((part) => part !== null).join(":");
  const about = `the image has ${verdicts.length} names in its archive, all of which loading it sets; this is about ${name}`;
  return { ...worst, reasons: [...worst.reasons, about] };
}

/** The verdict about an image for which no policy is there. No claim can change it, so no chain is asked. */
export function decideUnscoped(facts: ImageFacts, now: number): Verdict {
  const about = facts.name?.carried === true ? facts.name.repository : "an image without a name";
  return {
    ...aboutImage(facts.image, facts, now),
    status: "denied",
    reasons: [`no policy's registry scopes hold ${about}`],
  };
}
