import { useCursor } from "ink";
import type { ReactNode } from "react";
import type { Part } from "../../browser/text/part.ts";
import { type Screen, useScreen } from "../screen.ts";
import { columnsOf, cut, plain } from "../text/columns.ts";
import { organisationTitle } from "../views/summaries.ts";
import { Line } from "./line.tsx";

/** The line above a page: what is searched for, what is shown, and how much there is of it. */
export function Title({ row }: { readonly row: number }): ReactNode {
  const screen = useScreen();
  const { shell } = screen;
  if (shell.search?.isTyping === true && shell.view === undefined) return <SearchLine row={row} />;
  return <Line parts={parts(screen)} />;
}

/** The line that what is searched for is typed on. The terminal's cursor is there, so that input methods are too. */
function SearchLine({ row }: { readonly row: number }): ReactNode {
  const { shell, words, columns } = useScreen();
  const { setCursorPosition } = useCursor();
  const edit = shell.search?.edit;
  const label = ` ${words.search}: `;
  const count = words.found(shell.page === "account" ? 0 : shell.pages[shell.page].list.rows.count);
  const room = columns - columnsOf(label) - columnsOf(count) - 4;
  const before = lastColumns(plain(edit?.before ?? ""), room);
  setCursorPosition({ x: columnsOf(label) + columnsOf(before), y: row });
  const after = cut(edit?.after ?? "", Math.max(0, room - columnsOf(before)));
  const blank = Math.max(1, columns - columnsOf(label + before + after) - columnsOf(count) - 1);
  return (
    <Line
      parts={[
        { text: label, bold: true },
        { text: before + after },
        { text: " ".repeat(blank) },
        { text: count, tone: "quiet" },
      ]}
    />
  );
}

/** The end of a plain text that fits. */
export function lastColumns(text: string, width: number): string {
  let end = text;
  while (columnsOf(end) > width) end = end.slice((end.codePointAt(0) ?? 0) > 0xffff ? 2 : 1);
  return end;
}

function parts(screen: Screen): Part[] {
  const { shell, words } = screen;
  const { local, organisation, market } = shell.pages;
  if (shell.view !== undefined || shell.page === "account") return [];
  const { search } = shell.pages[shell.page];
  const shown: Part[] = [];
  const say = (name: string, value: string): void => {
    shown.push({ text: `  ${name}: `, tone: "quiet" }, { text: value, bold: true });
  };
  if (shell.page === "local") {
    const { engine, rows } = shell.browser.images;
    const isKnown = rows.length > 0 || engine.state === "up" || engine.state === "slow";
    if (isKnown) shown.push({ text: ` ${words.rows(local.list.rows.count, rows.length)}` });
    if (local.filter !== "all") say(words.filter, words.filters[local.filter]);
    if (local.order !== "newest") say(words.order, words.orders[local.order]);
  } else if (shell.page === "organisation") {
    if (organisation.filter !== "all") say(words.filter, words.filters[organisation.filter]);
    else if (search.text === "") shown.push(...organisationTitle(screen));
  } else {
    const { count } = market.list.rows;
    if (count > 0 || shell.browser.chain.isCaughtUp) shown.push({ text: ` ${words.found(count)}` });
    const { standing } = market;
    if (standing !== undefined) {
      say(words.market.standing, standing === "any" ? words.market.any : words.standing[standing]);
    }
    if (market.organisation !== undefined) say(words.market.organisation, market.organisation);
    for (const name of ["superseded", "foreign"] as const) {
      if (market[name]) shown.push({ text: `  +${words.market[name]}`, tone: "quiet" });
    }
    if (market.order !== "newest") say(words.order, words.orders[market.order]);
  }
  if (search.text !== "") say(words.search, search.text);
  return shown;
}
