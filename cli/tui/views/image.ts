import { amount, clock, when } from "../../browser/text/format.ts";
import type { Part } from "../../browser/text/part.ts";
import { statusPart } from "../../browser/text/status.ts";
import { formatBytes } from "../../output/bytes.ts";
import type { Screen } from "../screen.ts";
import type { ImageDetail } from "../state/view.ts";
import { annotationFacts, claimFacts, historyFacts, subjectFacts } from "./entry.ts";
import { Sections } from "./sections.ts";

/** Characters of what made a layer: it may be a whole script. */
const most = 400;

/** Everything that is known of a local image, and why its verdict is what it is. */
export function imageLines(view: ImageDetail, screen: Screen): Part[][] {
  const { shell, words, columns, now } = screen;
  const { detail } = words;
  const image = shell.pages.local.image(view.key);
  const sections = new Sections(columns);
  if (image === undefined) {
    sections.line({ text: ` ${words.empty.gone}` });
    return sections.lines;
  }
  const { verdict, turned, work, progress } = image;
  sections.heading(image.reference);
  if (verdict === undefined) sections.fact(detail.status, words.working[work ?? "waiting"]);
  else {
    const status = statusPart(verdict.status, words);
    sections.fact(detail.status, status.text, { tone: status.tone, bold: true });
    sections.fact("", words.meaning[verdict.status]);
  }
  if (work !== undefined && progress !== undefined) sections.fact("", amount(progress, words));
  if (turned !== undefined) {
    sections.fact(detail.turned, words.was(words.status[turned.from], clock(turned.at, now)), { bold: true });
  }
  verdict?.reasons.forEach((reason, index) => {
    sections.fact(index === 0 ? detail.why : "", shell.say(reason));
  });
  verdict?.warnings.forEach((warning, index) => {
    sections.fact(index === 0 ? detail.warnings : "", shell.say(warning), { tone: "care" });
  });
  if (verdict !== undefined) {
    const { depth, matched } = verdict;
    if (depth !== null) sections.fact(detail.depth, `${words.depth[depth]}: ${words.depthMeaning[depth]}`);
    if (matched !== null) sections.fact(detail.matched, matched);
    const checked = clock(Date.parse(verdict.checkedAt), now);
    const at = verdict.chain === null ? "" : `  ${words.chain} ${verdict.chain.id} #${verdict.chain.block}`;
    sections.fact(detail.checked, checked + at);
  }
  sections.fact(detail.imageId, "");
  sections.text(image.id);
  sections.fact(detail.created, when(image.created, now));
  sections.fact(detail.size, formatBytes(image.size));
  if (verdict !== undefined) subjectFacts(sections, verdict.subjects, screen);
  layerFacts(sections, view.layers, screen);
  const { entry } = view.claim;
  if (entry !== undefined) {
    sections.heading(detail.claim);
    claimFacts(sections, entry, screen);
    annotationFacts(sections, entry.annotations, screen);
  } else if (verdict?.claim != null) annotationFacts(sections, verdict.claim.annotations, screen);
  sections.heading(detail.history);
  historyFacts(sections, view.claim.history, screen);
  return sections.lines;
}

/** Layers, the lowest first: what they are known by, and where the image tells it, how they came about. */
function layerFacts(
  sections: Sections,
  { value, failure }: ImageDetail["layers"],
  { words, shell }: Screen,
): void {
  sections.heading(words.layers(value?.length ?? 0));
  if (failure !== undefined) sections.fact("✗", shell.tell(failure).message, { bold: true });
  else if (value === undefined) sections.line({ text: `  ${words.empty.engineStarting}`, tone: "quiet" });
  for (const [index, { diffId, size, createdBy }] of (value ?? []).entries()) {
    const about = [size === undefined ? "" : formatBytes(size), createdBy?.slice(0, most) ?? ""];
    sections.fact(String(index + 1), about.filter((text) => text !== "").join("  "));
    sections.text(diffId);
  }
}
