import type { CatalogueEntry } from "../../../src/internal.ts";
import { clock } from "../../browser/text/format.ts";
import type { Part } from "../../browser/text/part.ts";
import { isPassed } from "../../browser/text/status.ts";
import { currentEntry } from "../actions/entry.ts";
import type { Screen } from "../screen.ts";

/** What there is to say of the row under the cursor, in a line. */
export function summary(screen: Screen): Part[] {
  const { shell } = screen;
  if (shell.view !== undefined) return [];
  if (shell.page === "local") return localSummary(screen);
  if (shell.page === "account") return accountSummary(screen);
  return entrySummary(currentEntry(shell), screen);
}

function localSummary({ shell, words, now }: Screen): Part[] {
  const image = shell.pages.local.list.current;
  if (image === undefined) return [];
  const { verdict, turned } = image;
  const was = turned === undefined ? "" : `${words.was(words.status[turned.from], clock(turned.at, now))}. `;
  if (verdict === undefined) return [{ text: ` ${image.reference}`, tone: "quiet" }];
  const [said] = [...verdict.reasons, ...verdict.warnings];
  const why = said === undefined ? words.meaning[verdict.status] : shell.say(said);
  return [{ text: ` ${words.status[verdict.status]}: `, bold: true }, { text: was + why }];
}

function entrySummary(entry: CatalogueEntry | undefined, { words }: Screen): Part[] {
  if (entry === undefined) return [];
  if (entry.revocation !== undefined) {
    return [{ text: ` ${words.standing.revoked}: `, bold: true }, { text: entry.revocation.reason }];
  }
  const digest = entry.subjects.find(({ kind }) => kind === "config") ?? entry.subjects[0];
  const doubts = [
    ...(entry.byOwner ? [] : [words.detail.foreign]),
    ...(isPassed(entry) ? [words.detail.notHead] : []),
  ].join(" ");
  return [
    { text: ` ${doubts}`, tone: "care" },
    { text: ` ${digest?.digest ?? ""}`, tone: "quiet" },
  ];
}

/** What is wrong with what the cursor is on, and what to do about it. */
function accountSummary({ shell }: Screen): Part[] {
  const { accounts, chain, images } = shell.browser;
  const row = shell.pages.account.list.current;
  const of = row?.kind === "fact" ? row.of : undefined;
  const failures = { address: chain.health.failure, engine: images.engine.failure };
  const failure = (of === "address" || of === "engine" ? failures[of] : undefined) ?? accounts.failure;
  if (failure === undefined) return [];
  const { message, hint } = shell.tell(failure);
  return [{ text: ` ${message}` }, { text: ` ${hint ?? ""}`, tone: "quiet" }];
}

/** Threshold and namespaces, for the line above the table. */
export function organisationTitle({ shell, words }: Screen): Part[] {
  const { organisation } = shell.browser.organisation;
  if (organisation === undefined) return [];
  const { name, displayName, threshold, signers, namespaces } = organisation;
  return [
    { text: ` ${displayName === "" ? name : displayName}`, bold: true },
    { text: displayName === "" || displayName === name ? "" : ` (${name})` },
    { text: `  ${words.organisation.threshold(threshold, signers.length)}` },
    { text: `  ${words.organisation.namespaces(namespaces)}`, tone: "quiet" },
  ];
}
