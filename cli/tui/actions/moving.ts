import type { Shell } from "../shell.ts";
import { type PageName, pageNames } from "../state/pages.ts";
import { EventsView, HelpView, TasksPanel } from "../state/view.ts";
import { startChain } from "./chain.ts";
import { dismissEnded } from "./tasks.ts";

function turn(step: number): (shell: Shell) => void {
  return (shell) => {
    const next = (pageNames.indexOf(shell.page) + step + pageNames.length) % pageNames.length;
    shell.goTo(pageNames[next] ?? "local");
  };
}

const goTo = (page: PageName) => (shell: Shell) => shell.goTo(page);

export const listActions = {
  down: (shell: Shell) => shell.pages[shell.page].list.move(1),
  up: (shell: Shell) => shell.pages[shell.page].list.move(-1),
  halfDown: (shell: Shell) => shell.pages[shell.page].list.page(0.5),
  halfUp: (shell: Shell) => shell.pages[shell.page].list.page(-0.5),
  pageDown: (shell: Shell) => shell.pages[shell.page].list.page(1),
  pageUp: (shell: Shell) => shell.pages[shell.page].list.page(-1),
  top: (shell: Shell) => shell.pages[shell.page].list.top(),
  bottom: (shell: Shell) => shell.pages[shell.page].list.bottom(),
  nextPage: turn(1),
  previousPage: turn(-1),
  pageLocal: goTo("local"),
  pageOrganisation: goTo("organisation"),
  pageMarket: goTo("market"),
  pageAccount: goTo("account"),
  dismiss: dismissEnded,
  quit: (shell: Shell) => shell.quit(),
};

export const textActions = {
  back: (shell: Shell) => shell.back(),
  down: (shell: Shell) => shell.view?.scroll.move(1),
  up: (shell: Shell) => shell.view?.scroll.move(-1),
  pageDown: (shell: Shell) => shell.view?.scroll.page(1),
  pageUp: (shell: Shell) => shell.view?.scroll.page(-1),
  top: (shell: Shell) => shell.view?.scroll.top(),
  bottom: (shell: Shell) => shell.view?.scroll.bottom(),
};

export const everywhereActions = {
  tasks: (shell: Shell) => {
    if (shell.view?.kind !== "tasks") shell.open(new TasksPanel());
  },
  events: (shell: Shell) => {
    shell.see();
    const turned = shell.pages.local.firstTurned();
    if (turned !== undefined) shell.pages.local.list.select(turned);
    if (shell.view?.kind !== "events") shell.open(new EventsView());
  },
  help: (shell: Shell) => {
    if (shell.view?.kind !== "help") shell.open(new HelpView(shell.places));
  },
  startChain,
  redraw: (shell: Shell) => shell.outside.redraw(),
  quit: (shell: Shell) => shell.quit(),
};
