import type { CatalogueEntry } from "../../../src/internal.ts";
import { AsyncValue } from "../../browser/state/async-value.ts";
import { nameOf } from "../../browser/text/format.ts";
import type { Shell } from "../shell.ts";
import { EntryDetail } from "../state/view.ts";
import { askRevocation, askSecret } from "./secret.ts";

/** The claim that a person means: the one whose details are open, else the one under the cursor. */
export function currentEntry(shell: Shell): CatalogueEntry | undefined {
  const { view, page, pages } = shell;
  if (view?.kind === "entry") return view.entry;
  if (page === "market") return pages.market.list.current;
  const row = page === "organisation" ? pages.organisation.list.current : undefined;
  if (row?.kind === "pending") return row.pending.entry;
  return row?.kind === "tag" ? row.tag.entry : undefined;
}

/** What can be pulled: by its tag, or where the claim has none, by its digest in a registry. */
function pullable(entry: CatalogueEntry): string | undefined {
  if (entry.tag !== "" && entry.isHead) return `docker://${nameOf(entry)}`;
  const served =
    entry.subjects.find(({ kind }) => kind === "index") ??
    entry.subjects.find(({ kind }) => kind === "manifest");
  return served === undefined ? undefined : `docker://${entry.repository}@${served.digest}`;
}

function withEntry(task: (shell: Shell, entry: CatalogueEntry) => void): (shell: Shell) => void {
  return (shell) => {
    const entry = currentEntry(shell);
    if (entry === undefined) shell.notice = { message: shell.words.nothingToDo.noClaim, hint: undefined };
    else task(shell, entry);
  };
}

export const entryActions = {
  details: withEntry((shell, entry) =>
    shell.open(
      new EntryDetail(
        entry,
        new AsyncValue(
          (signal) => shell.browser.market.history(entry, signal),
          () => shell.onChange(),
        ),
      ),
    ),
  ),
  pull: withEntry((shell, entry) => {
    const reference = pullable(entry);
    if (reference === undefined) shell.notice = { message: shell.words.nothingToDo.noName, hint: undefined };
    else shell.browser.tasks.pull(reference);
  }),
  approve: withEntry((shell, entry) => {
    const { pending } = shell.browser.organisation;
    if (!pending.some((each) => each.mine && each.entry.claim === entry.claim)) {
      shell.notice = { message: shell.words.nothingToDo.cannotApprove, hint: undefined };
      return;
    }
    shell.begin(async () => {
      const about = entry.subjects.slice(0, 4).map(({ kind, digest }) => [{ text: `  ${kind} ${digest}` }]);
      const secret = await askSecret(shell, shell.words.ask.approve(nameOf(entry)), about);
      if (secret !== undefined) shell.browser.tasks.approve(entry, secret.password);
    });
  }),
  revoke: withEntry((shell, entry) => {
    if (entry.organisation !== shell.browser.organisation.organisation?.name) {
      shell.notice = { message: shell.words.nothingToDo.notYours, hint: undefined };
      return;
    }
    shell.begin(async () => {
      const answer = await askRevocation(shell, entry.claim, nameOf(entry));
      if (answer !== undefined) shell.browser.tasks.revoke(entry.claim, answer.reason, answer.password);
    });
  }),
};
