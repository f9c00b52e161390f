import type { ImageFacts } from "../image/image.ts";
import { type Message, say } from "../messages/message.ts";
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
      reasons: distinct(good.flatMap(({ reasons }) => reasons)),
      warnings: distinct(good.flatMap(({ warnings }) => warnings)),
    };
  }
  const others = verdicts
    .filter(({ status }) => status !== "verified")
    .sort((a, b) => gravest.indexOf(a.status) - gravest.indexOf(b.status));
  const open = others.filter(({ status }) => status === "inconclusive").length;
  const isOpen = good.length + open >= needed && others[0]?.status !== "corrupt";
  const shown = (isOpen ? others.find(({ status }) => status === "inconclusive") : others[0]) ?? only;
  const asks = say("too-few-organisations", {
    policy: name,
    needed,
    organisations: organisations.join(", "),
    count: good.length,
  });
  // It is claimed, but not by as many as the policy asks for.
  const status = first !== undefined && shown.status === "unsigned" ? "untrusted" : shown.status;
  return { ...shown, status, reasons: [...shown.reasons, asks] };
}

/** Each that says something of its own. */
function distinct(messages: readonly Message[]): Message[] {
  return [...new Map(messages.map((message) => [`${message}`, message])).values()];
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
      reasons: distinct(verdicts.flatMap(({ reasons }) => reasons)),
      warnings: distinct(verdicts.flatMap(({ warnings }) => warnings)),
    };
  }
  const name = [worst.repository, worst.tag].filter((part) => part !== null).join(":");
  const about = say("one-of-names", { count: verdicts.length, name });
  return { ...worst, reasons: [...worst.reasons, about] };
}

/** The verdict about an image for which no policy is there. No claim can change it, so no chain is asked. */
export function decideUnscoped(facts: ImageFacts, now: number): Verdict {
  const reason =
    facts.name?.carried === true
      ? say("no-policy", { repository: facts.name.repository })
      : say("no-policy-without-name");
  return { ...aboutImage(facts.image, facts, now), status: "denied", reasons: [reason] };
}
