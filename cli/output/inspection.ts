import type { Inspection, Unknown } from "../actions/inspect.ts";
import type { Context } from "../context.ts";
import { formatBytes } from "./bytes.ts";
import type { EntryJson } from "./entry.ts";
import { sanitizeLine } from "./sanitize.ts";
import { padEnd, table } from "./table.ts";
import { formatVerdict } from "./verdict.ts";

/** Columns of the names on the left, and claims that are shown. */
const labelWidth = 13;
const maxClaims = 100;

/**
 * Everything that is known of an image, in sections: its verdict, itself, its layers, its claims, its history.
 */
export function inspectionLines(
  context: Context,
  inspection: Inspection,
  unknown: Readonly<Pick<Unknown, "get">>,
): string[] {
  const { words, translator } = context;
  const why = (what: "image" | "claims" | "history"): string => translator.say(unknown.get(what) ?? "");
  const said = words.image.inspect;
  const page = new Page(context);
  page.lines.push(...formatVerdict({ ...inspection.verdict, subjects: [], depth: null }, context));
  imageSection(page, context, inspection);
  if (why("image") !== "") page.text(said.describedNot(why("image")));
  for (const { platform, layers } of inspection.platforms) {
    page.heading(said.layers(platform));
    page.rows(
      layers.map(({ diffId, size, createdBy }) => [
        diffId,
        size === null ? said.unknown : formatBytes(size),
        createdBy ?? "",
      ]),
    );
  }
  page.heading(said.claims);
  const { claims, asOf, history } = inspection;
  const isAsked = why("claims") === "";
  if (!isAsked) page.text(said.claimsUnknown(why("claims")));
  else if (claims === null) page.text(said.unread);
  else if (claims.length === 0) page.text(said.noClaims);
  for (const [at, claim] of (claims ?? []).slice(0, maxClaims).entries()) {
    if (at > 0) page.lines.push("");
    claimFacts(page, context, claim);
  }
  if ((claims?.length ?? 0) > maxClaims)
    page.text(words.image.verdict.more((claims?.length ?? 0) - maxClaims));
  if (isAsked) {
    if (asOf !== null) page.text(said.asOf(asOf.block, asOf.time));
    page.heading(said.history);
    if (history === null) page.text(said.historyUnknown(why("history")));
    else if (history.length === 0) page.text(said.noHistory);
    page.rows(
      (history ?? []).map(({ time, block, act, subject, by, reason }) => {
        const done = by === null ? subject : words.image.log.by(subject, by);
        return [time, `#${block}`, act, reason === null ? done : words.image.log.because(done, reason)];
      }),
    );
  }
  return page.lines;
}

function imageSection(page: Page, { words }: Context, inspection: Inspection): void {
  const said = words.image.inspect;
  const { transport, names, id, created, size, platforms, heads, verdict } = inspection;
  page.heading(said.image);
  if (transport !== null) page.fact(said.transport, said.transports[transport]);
  if (names.length > 0) page.fact(said.names, names.join(", "));
  if (id !== null) page.fact(said.id, id);
  if (transport !== null) {
    page.fact(said.created, created ?? said.unknown);
    page.fact(said.size, size === null ? said.unknown : formatBytes(size));
  }
  if (platforms.length > 0) page.fact(said.platforms, platforms.map(({ platform }) => platform).join(", "));
  for (const { kind, digest, platform } of verdict.subjects)
    page.fact(kind, `${digest}${platform === "" ? "" : ` ${platform}`}`);
  if (verdict.depth !== null) page.fact(words.image.verdict.depth, words.image.verdict.depths[verdict.depth]);
  for (const head of heads ?? []) {
    const { labels } = said;
    page.fact(said.head, `${head.subjects[0]?.digest ?? said.none} ${head.status}`);
    page.fact("", `${labels.signedAt} ${head.claim.signedAt}, ${head.organisation}`);
  }
}

function claimFacts(page: Page, { words, style }: Context, entry: EntryJson): void {
  const { labels, notOwner, approvals, never, inBlock } = words.image.inspect;
  const { claim, organisation, byOwner, revocation } = entry;
  const status = style.status(entry.status as "verified", entry.status);
  page.lines.push(`  ${status} ${style.bold(sanitizeLine(entry.image))}`);
  page.fact(labels.organisation, byOwner ? organisation : notOwner(organisation));
  page.fact(labels.signatures, approvals(claim.approvals, claim.threshold));
  page.fact(labels.signers, claim.signers.join(", "));
  page.fact(labels.signedAt, claim.signedAt);
  page.fact(labels.expires, claim.expiresAt ?? never);
  for (const [key, value] of Object.entries(claim.annotations)) page.fact(labels.note, `${key}=${value}`);
  if (revocation !== null) {
    page.fact(labels.revoked, revocation.reason);
    for (const digest of revocation.digests) page.fact("", digest);
  }
  page.fact(labels.recorded, inBlock(claim.block));
  page.fact(labels.transaction, claim.transaction);
  page.fact(labels.claim, claim.id);
}

/** Lines in sections, the names of facts on the left. */
class Page {
  readonly lines: string[] = [];
  readonly #style: Context["style"];

  constructor({ style }: Context) {
    this.#style = style;
  }

  heading(text: string): void {
    this.lines.push("", this.#style.bold(text));
  }

  fact(label: string, text: string): void {
    this.lines.push(`  ${this.#style.dim(padEnd(label, labelWidth))} ${sanitizeLine(text)}`);
  }

  text(text: string): void {
    this.lines.push(`  ${sanitizeLine(text)}`);
  }

  rows(rows: readonly (readonly string[])[]): void {
    for (const line of table(rows)) this.lines.push(`  ${line}`);
  }
}
