import { accountActions } from "../actions/account.ts";
import { entryActions } from "../actions/entry.ts";
import { imageActions } from "../actions/image.ts";
import { everywhereActions, listActions, textActions } from "../actions/moving.ts";
import { showingActions } from "../actions/showing.ts";
import { taskActions } from "../actions/tasks.ts";
import type { Actions, Shell } from "../shell.ts";
import type { Action, ActionOf, Place } from "./bindings.ts";

type Does<P extends Place> = Readonly<Record<ActionOf<P>, (shell: Shell) => void>>;

/** What each action does, where. Every binding has one: the compiler sees to it. */
const table: { readonly [P in Place]: Does<P> } = {
  local: { ...imageActions, ...showingActions },
  organisation: { ...entryActions, ...showingActions, chooseOrganisation: accountActions.chooseOrganisation },
  market: { ...entryActions, ...showingActions },
  account: accountActions,
  imageDetail: imageActions,
  entryDetail: entryActions,
  tasks: taskActions,
  text: textActions,
  list: listActions,
  everywhere: everywhereActions,
};

/** The same, to be called with what was found for a key. */
export const actions = Object.fromEntries(
  Object.entries(table).map(([place, does]) => [
    place,
    (shell: Shell, action: Action) =>
      (does as Partial<Record<Action, (shell: Shell) => void>>)[action]?.(shell),
  ]),
) as Actions;
