import type { Verdict, VerdictStatus } from "../../src/internal.ts";
import type { Context } from "../context.ts";
import { sanitizeLine } from "./sanitize.ts";
import { padEnd } from "./table.ts";

/** Digests that are shown: an image for many platforms has many. */
const shown = 8;

/** One verdict in a few lines of the reader's language: the status first, what it rests on below. */
export function formatVerdict(
  verdict: Verdict<VerdictStatus | "signed">,
  { style, words, translator }: Pick<Context, "style" | "words" | "translator">,
): string[] {
  const said = words.image.verdict;
  const line = (label: string, text: string): string =>
    `  ${style.dim(padEnd(label, 9))} ${sanitizeLine(text)}`;
  const lines = [
    `${style.status(verdict.status, verdict.status.padEnd(11))} ${style.bold(sanitizeLine(verdict.image))}`,
  ];
  for (const reason of verdict.reasons) lines.push(line(said.because, translator.say(reason)));
  for (const warning of verdict.warnings) lines.push(line(said.warning, translator.say(warning)));
  const { claim, subjects } = verdict;
  if (claim !== null) {
    const by = said.signedBy(claim.signedAt, verdict.organisation ?? "", claim.signers.join(", "));
    lines.push(line(said.signed, by + (claim.expiresAt === null ? "" : said.expires(claim.expiresAt))));
    lines.push(line(said.recorded, said.inBlock(claim.block, claim.id)));
    for (const [key, value] of Object.entries(claim.annotations))
      lines.push(line(said.note, `${key}=${value}`));
  }
  for (const { kind, digest, platform } of subjects.slice(0, shown)) {
    lines.push(line(kind, `${digest}${platform === "" ? "" : ` ${platform}`}`));
  }
  if (subjects.length > shown) lines.push(line("", said.more(subjects.length - shown)));
  if (verdict.depth !== null) lines.push(line(said.depth, said.depths[verdict.depth]));
  return lines;
}

/** The same as the command was asked to print it: one line where it is to be quiet. */
export function verdictLines(context: Context, verdict: Verdict<VerdictStatus | "signed">): string[] {
  return context.quiet
    ? [`${verdict.status} ${sanitizeLine(verdict.image)}`]
    : formatVerdict(verdict, context);
}
