import type { AuditedImage, Depth, Finding } from "../../src/internal.ts";
import * as library from "../../src/internal.ts";
import { withConnectionAhead } from "../connection.ts";
import type { Context } from "../context.ts";
import { countStatuses, formatAudit, toAuditJson, worstFirst } from "../output/audit.ts";
import { toHtml } from "../output/html.ts";
import { ProgressDisplay } from "../output/progress.ts";
import { showReading } from "../output/reading.ts";
import { sanitizeLine, toJson } from "../output/sanitize.ts";
import { toSarif } from "../output/sarif.ts";
import { exitCodeOf, toPolicy } from "./verify.ts";

export interface AuditOptions {
  readonly images?: boolean;
  readonly containers?: boolean;
  readonly all?: boolean;
  readonly compose?: readonly string[];
  readonly kubernetes?: readonly string[];
  readonly file?: readonly string[];
  readonly ignoreBuilt?: boolean;
  readonly org?: string;
  /** a file of policies */
  readonly policy?: string;
  readonly depth?: Depth;
  readonly sarif?: string;
  readonly html?: string;
}

const maxInput = 4 << 20;
const stdin = "stdin";

/** Judges everything that runs or could run. */
export async function auditAll(context: Context, options: AuditOptions): Promise<number> {
  requireOneOutput(context, options);
  const policy = await toPolicy(options);
  const findings = (await find(context, options)).filter(
    (finding) => !(options.ignoreBuilt === true && "reason" in finding && finding.isBuilt === true),
  );
  const progress = new ProgressDisplay(context);
  const audited = await withConnectionAhead(context, (connect) =>
    library.audit(findings, connect, policy, {
      depth: options.depth,
      signal: context.signal,
      ...showReading(context, progress),
    }),
  ).finally(() => progress.clear());

  const sorted = worstFirst(audited);
  await write(options.sarif, context, () => toSarif(sorted));
  await write(options.html, context, () => toHtml(sorted, new Date(), context));
  if (context.json) context.result(toJson(sorted.map(toAuditJson)));
  else if (options.sarif !== "-" && options.html !== "-") print(context, sorted);
  if (findings.length === 0) context.note(context.words.audit.nothing);
  else context.note(sanitizeLine(countStatuses(sorted, context)));
  return exitCodeOf(sorted.map(({ verdict }) => verdict));
}

function print(context: Context, audited: readonly AuditedImage[]): void {
  if (context.quiet) {
    for (const { verdict } of audited) context.result(`${verdict.status} ${sanitizeLine(verdict.image)}`);
  } else for (const line of formatAudit(audited, context)) context.result(line);
}

function requireOneOutput(context: Context, { sarif, html }: AuditOptions): void {
  const wanted = [context.json, sarif === "-", html === "-"].filter((is) => is);
  if (wanted.length > 1) throw library.failure("STDOUT_TAKEN_TWICE");
}

async function find(context: Context, options: AuditOptions): Promise<Finding[]> {
  const { compose = [], kubernetes = [], file = [], all = false } = options;
  const isNothing =
    options.images !== true &&
    options.containers !== true &&
    compose.length + kubernetes.length + file.length === 0;
  const images = options.images === true || isNothing;
  const containers = options.containers === true || isNothing;
  const findings: Finding[] = [];
  if ([...compose, ...kubernetes, ...file].filter((path) => path === "-").length > 1)
    throw library.failure("AUDIT_STDIN_TAKEN_TWICE");
  for (const path of file) findings.push(...library.readImageList(await readList(path), nameOf(path)));
  for (const path of compose) {
    const own = path === "-" ? library.readCompose(await readInput(), stdin, context.env) : undefined;
    findings.push(...(own ?? (await library.readComposeFile(path, context.env))));
  }
  for (const path of kubernetes) {
    const own = path === "-" ? library.readManifestText(await readInput(), stdin) : undefined;
    findings.push(...(own ?? (await library.readManifests(path))));
  }
  if (images || containers)
    findings.push(...(await library.readEngine({ images, containers, all }, { signal: context.signal })));
  return findings;
}

function nameOf(path: string): string {
  return path === "-" ? stdin : path;
}

async function readList(list: string): Promise<string> {
  if (list === "-") return readInput();
  const text = await library.readSmallFile(list, maxInput);
  if (text === undefined) throw library.failure("LIST_MISSING", { file: list });
  return text;
}

async function readInput(): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of process.stdin as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > maxInput) throw library.failure("STDIN_TOO_LARGE", { limit: maxInput });
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

async function write(file: string | undefined, context: Context, make: () => string): Promise<void> {
  if (file === undefined) return;
  const text = make();
  if (file === "-") context.result(text.trimEnd());
  else await library.writeFileAtomic(file, text, { mode: 0o644 });
}
