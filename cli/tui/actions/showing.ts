import type { Standing } from "../../../src/internal.ts";
import { localFilters, localOrders } from "../../browser/state/local.ts";
import { marketOrders } from "../../browser/state/market.ts";
import { organisationFilters, organisationOrders } from "../../browser/state/organisation.ts";
import type { Shell } from "../shell.ts";
import type { PageName } from "../state/pages.ts";
import { Menu, type MenuItem } from "../state/question.ts";
import { currentEntry } from "./entry.ts";

const standings: readonly (Standing | "any" | undefined)[] = [
  undefined,
  "pending",
  "revoked",
  "expired",
  "untrusted",
  "any",
];

/** The one after it, and after the last the first. */
function after<T>(all: readonly T[], one: T): T {
  return all[(all.indexOf(one) + 1) % all.length] ?? one;
}

const filters: Partial<Record<PageName, (shell: Shell) => MenuItem[]>> = {
  local: (shell) =>
    localFilters.map((filter) => ({
      label: shell.words.filters[filter],
      isOn: shell.pages.local.filter === filter,
      choose: () => {
        shell.pages.local.filter = filter;
        shell.update();
      },
    })),
  organisation: (shell) =>
    organisationFilters.map((filter) => ({
      label: shell.words.filters[filter],
      isOn: shell.pages.organisation.filter === filter,
      choose: () => {
        shell.pages.organisation.filter = filter;
        shell.update();
      },
    })),
  market: marketFilters,
};

function marketFilters(shell: Shell): MenuItem[] {
  const { words, pages } = shell;
  const { market } = pages;
  const set = (change: () => void) => () => {
    change();
    shell.update();
  };
  const own = shell.browser.organisation.organisation?.name;
  const under = currentEntry(shell)?.organisation;
  const organisations = [...new Set([market.organisation, own, under])].filter((name) => name !== undefined);
  return [
    ...standings.map((standing) => ({
      label: `${words.market.standing}: ${standing === "any" ? words.market.any : words.standing[standing ?? "good"]}`,
      isOn: market.standing === standing,
      stays: true,
      choose: set(() => {
        market.standing = standing;
      }),
    })),
    ...(["superseded", "foreign"] as const).map((name) => ({
      label: words.market[name],
      isOn: market[name],
      stays: true,
      choose: set(() => {
        market[name] = !market[name];
      }),
    })),
    ...[undefined, ...organisations].map((name) => ({
      label: name === undefined ? words.market.everyone : `${words.market.organisation} ${name}`,
      isOn: market.organisation === name,
      stays: true,
      choose: set(() => {
        market.organisation = name;
      }),
    })),
  ];
}

/** What all pages with images can do to what is shown. */
export const showingActions = {
  search: (shell: Shell) => {
    if (shell.search !== undefined) shell.search.isTyping = true;
  },
  unsearch: (shell: Shell) => {
    shell.search?.clear();
    shell.update();
  },
  filter: (shell: Shell) => {
    const items = filters[shell.page];
    if (items !== undefined) shell.pose(new Menu(shell.words.filter, () => items(shell)));
  },
  order: (shell: Shell) => {
    const { local, organisation, market } = shell.pages;
    if (shell.page === "local") local.order = after(localOrders, local.order);
    else if (shell.page === "organisation")
      organisation.order = after(organisationOrders, organisation.order);
    else if (shell.page === "market") market.order = after(marketOrders, market.order);
    shell.update();
  },
  refresh: (shell: Shell) => shell.browser.images.refresh(),
};
