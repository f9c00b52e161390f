import { type AuditedImage, type VerdictStatus, verdictStatuses } from "../../src/internal.ts";
import type { Context } from "../context.ts";
import { placeText, shortenDigests, statusCounts } from "./audit.ts";
import { sanitize } from "./sanitize.ts";

const style = `
:root{color-scheme:light dark;--text:#1b1f24;--faint:#57606a;--page:#fff;--line:#d0d7de;--row:#f6f8fa;--bad:#b3261e;--doubt:#8a5a00;--good:#1a7f37}
@media(prefers-color-scheme:dark){:root{--text:#e6edf3;--faint:#9da7b1;--page:#0d1117;--line:#30363d;--row:#161b22;--bad:#ff8a80;--doubt:#e3b341;--good:#56d364}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:72rem;padding:2rem 1.25rem;background:var(--page);color:var(--text);font:15px/1.5 system-ui,sans-serif}
h1{font-size:1.6rem;margin:0 0 .25rem}h2{font-size:1.15rem;margin:2.25rem 0 .75rem}
p{margin:.25rem 0}.faint{color:var(--faint)}
.verdict{font-size:1.1rem;font-weight:600;margin:1rem 0}
.counts{display:flex;flex-wrap:wrap;gap:.6rem;list-style:none;padding:0;margin:1rem 0}
.counts li{border:1px solid var(--line);border-radius:8px;padding:.45rem .8rem;min-width:6.5rem}
.counts b{display:block;font-size:1.4rem;line-height:1.2}
.bad{color:var(--bad)}.doubt{color:var(--doubt)}.good{color:var(--good)}
table{border-collapse:collapse;width:100%;table-layout:fixed}
th,td{border-top:1px solid var(--line);padding:.55rem .6rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{color:var(--faint);font-weight:600;border-top:0}
.status{width:7.5rem;font-weight:600}.image{width:32%}.where{width:26%}
code{font:13px/1.45 ui-monospace,monospace}
ul.plain{list-style:none;margin:0;padding:0}
details{margin-top:.35rem}summary{cursor:pointer;color:var(--faint)}
@media(max-width:40rem){table,tbody,tr,td{display:block;width:auto}thead{display:none}td{border:0;padding:.1rem 0}tr{display:block;border-top:1px solid var(--line);padding:.6rem 0}}
@media print{:root{--text:#000;--faint:#444;--page:#fff;--line:#999;--row:#fff;--bad:#900;--doubt:#640;--good:#060}body{padding:0;max-width:none;font-size:11px}tr{break-inside:avoid}thead{display:table-header-group}}
`;

/** The reader's language. */
type Say = Pick<Context, "words" | "translator">;

/** An audit as one page that needs nothing else: no script, no other file, nothing from a network. */
export function toHtml(audited: readonly AuditedImage[], now: Date, say: Say): string {
  const { report } = say.words.audit;
  const bad = audited.filter(({ verdict }) => verdict.status !== "verified");
  const good = audited.filter(({ verdict }) => verdict.status === "verified");
  const chain = audited.find(({ verdict }) => verdict.chain !== null)?.verdict.chain;
  const time = now.toISOString().replace(/\.\d+Z$/, "Z");
  const summary =
    audited.length === 0
      ? report.nothing
      : bad.length === 0
        ? report.allVerified(audited.length)
        : report.notVerified(bad.length, audited.length);
  const counts = statusCounts(audited).map(
    ([status, count]) => `<li><b class="${classOf(status)}">${count}</b>${escaped(status)}</li>`,
  );
  return `<!doctype html>
<html lang="${report.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(report.titleAt(time))}</title>
<style>${style}</style>
</head>
<body>
<h1>${escaped(report.title)}</h1>
<p class="faint">${escaped(time)}${
    chain === undefined || chain === null
      ? ""
      : report.chain(`<code>${escaped(chain.registry)}</code>`, chain.id, chain.block)
  }</p>
<p class="verdict ${audited.length === 0 ? "" : bad.length === 0 ? "good" : "bad"}">${escaped(summary)}</p>
<ul class="counts">
${counts.join("\n")}
</ul>
${section(report.notVerifiedSection, bad, say)}${section(report.verifiedSection, good, say)}</body>
</html>
`;
}

function section(title: string, audited: readonly AuditedImage[], say: Say): string {
  if (audited.length === 0) return "";
  const { report } = say.words.audit;
  return `<h2>${escaped(title)}</h2>
<table>
<thead><tr><th class="status">${report.status}</th><th class="image">${report.image}</th><th class="where">${report.where}</th><th>${report.because}</th></tr></thead>
<tbody>
${audited.map((image) => row(image, say)).join("\n")}
</tbody>
</table>
`;
}

function row({ verdict, where }: AuditedImage, { words: { audit: words }, translator }: Say): string {
  const { report } = words;
  const { status, image, reasons, warnings, subjects, claim, organisation, depth } = verdict;
  const facts = [
    ...(organisation === null ? [] : [report.organisation(organisation)]),
    ...(depth === null ? [] : [report.depth(depth)]),
    ...subjects.map(
      ({ kind, digest, platform }) => `${kind} ${digest}${platform === "" ? "" : ` ${platform}`}`,
    ),
    ...(claim === null
      ? []
      : [
          report.signed(claim.signedAt, claim.signers.join(words.list)),
          report.claim(claim.id, claim.block),
          ...Object.entries(claim.annotations).map(([key, value]) => `${key}=${value}`),
        ]),
  ];
  const why = [
    ...reasons.map(translator.say),
    ...warnings.map((warning) => report.warning(translator.say(warning))),
  ];
  const list = (items: readonly string[], open = "", close = ""): string =>
    `<ul class="plain">${items.map((item) => `<li>${open}${escaped(item)}${close}</li>`).join("")}</ul>`;
  return `<tr><td class="status ${classOf(status)}">${escaped(status)}</td><td class="image"><code>${escaped(image)}</code></td><td class="where">${list(
    where.map((place) => placeText(place, words)),
  )}</td><td>${list(why.map(shortenDigests))}${
    facts.length === 0
      ? ""
      : `<details><summary>${report.details}</summary>${list(facts, "<code>", "</code>")}</details>`
  }</td></tr>`;
}

function classOf(status: VerdictStatus): string {
  if (status === "verified") return "good";
  return verdictStatuses[status] === verdictStatuses.inconclusive || status === "pending" ? "doubt" : "bad";
}

/** Text from outside between tags and in attributes. */
function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return sanitize(text).replace(/[&<>"']/g, (character) => entities[character] ?? "");
}
