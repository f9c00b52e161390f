import type { Verdict, VerdictStatus } from "../../../src/internal.ts";

/** What the verdicts about an image have come to while the browser is open. */
export interface Judgement {
  /** the one that is shown */
  readonly shown: Verdict | undefined;
  /** the last one for which the image's bytes were read */
  readonly deep: Verdict | undefined;
  /** the last status that was an answer */
  readonly settled: VerdictStatus | undefined;
  readonly turned: { readonly from: VerdictStatus; readonly at: number } | undefined;
}

export const unjudged: Judgement = {
  shown: undefined,
  deep: undefined,
  settled: undefined,
  turned: undefined,
};

/**
 * What a new verdict changes. One for which bytes were read is not replaced by one that took the engine's word and says the same; and what was
 * found corrupt stays so until its bytes are read again, since neither the chain nor the engine's word can cure it.
 * @param at milliseconds since 1970
 */
export function judgeAgain(before: Judgement, verdict: Verdict, at: number): Judgement {
  const isAnswer = verdict.status !== "inconclusive";
  const isDeep = isAnswer && (verdict.depth === "content" || verdict.depth === "runtime");
  const deep = isDeep ? verdict : before.deep;
  const isKept = !isDeep && deep !== undefined && (deep.status === "corrupt" || saysTheSame(verdict, deep));
  const shown = isKept ? deep : verdict;
  const { status } = shown;
  const settled = status === "inconclusive" ? before.settled : status;
  const from = before.settled;
  return {
    shown,
    // An outage takes nothing from what was read; another answer does.
    deep: isDeep || isKept || !isAnswer ? deep : undefined,
    settled,
    turned: from !== undefined && settled !== undefined && from !== settled ? { from, at } : before.turned,
  };
}

/** Reasons, warnings or signers: two that say the same are the same. */
type Said = readonly { toString(): string }[];

/** Whether a verdict by the engine's word finds nothing new beside one for which bytes were read. */
function saysTheSame(verdict: Verdict, deep: Verdict): boolean {
  const isSame = (a: Said, b: Said): boolean =>
    a.length === b.length && a.every((said, i) => `${said}` === `${b[i]}`);
  const warned = new Set(deep.warnings.map(String));
  return (
    verdict.status === deep.status &&
    verdict.claim?.id === deep.claim?.id &&
    isSame(verdict.claim?.signers ?? [], deep.claim?.signers ?? []) &&
    isSame(verdict.reasons, deep.reasons) &&
    verdict.warnings.every((warning) => warned.has(`${warning}`))
  );
}
