import type { AuditedImage, Place, VerdictStatus } from "../../src/internal.ts";
import type { Context } from "../context.ts";
import { table } from "./table.ts";

/** Statuses from the one to look at first to the one that needs no look. */
const order: readonly VerdictStatus[] = [
  "corrupt",
  "revoked",
  "mismatch",
  "untrusted",
  "denied",
  "expired",
  "superseded",
  "unsigned",
  "pending",
  "inconclusive",
  "verified",
];

const maxPlaces = 3;

export function worstFirst(audited: readonly AuditedImage[]): AuditedImage[] {
  const rank = ({ verdict }: AuditedImage): number => order.indexOf(verdict.status);
  return audited.toSorted(
    (a, b) =>
      rank(a) - rank(b) ||
      (a.verdict.image < b.verdict.image ? -1 : a.verdict.image > b.verdict.image ? 1 : 0),
  );
}

/** How many images have each status, worst first. */
export function statusCounts(audited: readonly AuditedImage[]): [status: VerdictStatus, count: number][] {
  return order.flatMap((status) => {
    const count = audited.filter(({ verdict }) => verdict.status === status).length;
    return count === 0 ? [] : [[status, count]];
  });
}

export function countStatuses(
  audited: readonly AuditedImage[],
  { words: { audit } }: Pick<Context, "words">,
): string {
  const counts = statusCounts(audited).map(([status, count]) => `${count} ${status}`);
  return audit.counts(audited.length, counts.join(audit.list));
}

/** A place in a few words. */
export function placeText({ kind, name, file, line }: Place, words: Context["words"]["audit"]): string {
  if (file !== undefined) return words.inFile(line === undefined ? file : `${file}:${line}`, name);
  if (kind === "container") return words.container(name);
  return kind === "image" ? words.image : kind;
}

/** As columns; the status stands first on its line, so that it can be coloured after the table is made. */
export function formatAudit(
  audited: readonly AuditedImage[],
  { style, translator, words: { audit: words } }: Pick<Context, "style" | "translator" | "words">,
): string[] {
  if (audited.length === 0) return [];
  const rows = audited.map(({ verdict, where }) => [
    verdict.status,
    verdict.image,
    [
      ...where.slice(0, maxPlaces).map((place) => placeText(place, words)),
      ...(where.length > maxPlaces ? [words.more(where.length - maxPlaces)] : []),
    ].join(words.list),
    [...verdict.reasons, ...verdict.warnings]
      .slice(0, verdict.status === "verified" ? 1 : 2)
      .map(translator.say)
      .join(words.because),
  ]);
  const short = rows.map((row) => row.map(shortenDigests));
  const { columns } = words;
  const titles = [columns.status, columns.image, columns.where, columns.because];
  const [header = "", ...lines] = table([titles, ...short]);
  return [
    header,
    ...lines.map((line, at) => {
      const status = audited[at]?.verdict.status ?? "inconclusive";
      return `${style.status(status)}${line.slice(status.length)}`;
    }),
  ];
}

/** Enough of each digest to know it by. */
export function shortenDigests(text: string): string {
  return text.replace(/\b(sha256:[0-9a-f]{12})[0-9a-f]{52}\b/g, "$1");
}

/** The verdict as `verify --json` prints it, and where the image stands. */
export function toAuditJson({ verdict, where }: AuditedImage): object {
  return { ...verdict, where };
}
