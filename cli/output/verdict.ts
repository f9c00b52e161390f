import type { Verdict, VerdictStatus } from "../../src/index.ts";
import type { Context } from "../context.ts";
import { sanitizeLine } from "./sanitize.ts";

/** One verdict in a few lines: the status first, what it rests on below. */
export function formatVerdict(
  verdict: Verdict<VerdictStatus | "signed">,
  { style, translator }: Pick<Context, "style" | "translator">,
): string[] {
  const line = (label: string, text: string): string =>
    `  ${style.dim(label.padEnd(9))} ${sanitizeLine(text)}`;
  const lines = [
    `${style.status(verdict.status, verdict.status.padEnd(11))} ${style.bold(sanitizeLine(verdict.image))}`,
  ];
  for (const reason of verdict.reasons) lines.push(line("because", translator.say(reason)));
  for (const warning of verdict.warnings) lines.push(line("warning", translator.say(warning)));
  const { claim, subjects } = verdict;
  if (claim !== null) {
    const signers = claim.signers.join(", ");
    const expiry = claim.expiresAt === null ? "" : `, expires ${claim.expiresAt}`;
    lines.push(line("signed", `${claim.signedAt} by ${verdict.organisation} (${signers})${expiry}`));
    lines.push(line("recorded", `in block ${claim.block}, claim ${claim.id}`));
    for (const [key, value] of Object.entries(claim.annotations)) lines.push(line("note", `${key}=${value}`));
  }
  for (const { kind, digest, platform } of subjects.slice(0, 8)) {
    lines.push(line(kind, `${digest}${platform === "" ? "" : ` ${platform}`}`));
  }
  if (subjects.length > 8) lines.push(line("", `and ${subjects.length - 8} more`));
  if (verdict.depth !== null) lines.push(line("depth", depthWords[verdict.depth]));
  return lines;
}

const depthWords = {
  id: "id (the engine's word for its image ID)",
  manifest: "manifest (manifest and config, no layers)",
  content: "content (every layer's bytes)",
  runtime: "runtime (what a container would run)",
} as const;
