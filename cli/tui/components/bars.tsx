import type { ReactNode } from "react";
import type { Part } from "../../browser/text/part.ts";
import { type Binding, bindingsAt } from "../keys/bindings.ts";
import { keyName } from "../keys/show.ts";
import { useScreen } from "../screen.ts";
import { pageNames } from "../state/pages.ts";
import { columnsOf, cut } from "../text/columns.ts";
import { healthParts } from "./health.ts";
import { Line } from "./line.tsx";

/** The pages, and how much on each wants to be looked at. */
export function Tabs(): ReactNode {
  const { shell, words, columns } = useScreen();
  const { local, organisation } = shell.pages;
  const { accounts, chain, images } = shell.browser;
  const isUnwell = [chain.health, images.engine].some(({ state }) => state === "down");
  const counts: Partial<Record<string, string>> = {
    local: local.attention > 0 ? `${local.attention}!` : "",
    organisation: organisation.attention > 0 ? `${organisation.attention}!` : "",
    account: isUnwell || accounts.failure !== undefined ? "!" : "",
  };
  const parts: Part[] = [];
  for (const [index, name] of pageNames.entries()) {
    const isHere = shell.page === name;
    const count = counts[name] ?? "";
    parts.push(
      { text: isHere ? "[" : " ", bold: true },
      { text: `${index + 1} ${words.pages[name]}`, bold: isHere, tone: isHere ? "accent" : undefined },
      { text: count === "" ? "" : ` ${count}`, tone: "bad", bold: true },
      { text: isHere ? "] " : "  ", bold: true },
    );
  }
  const title = "DaoChain";
  const used = parts.reduce((sum, { text }) => sum + columnsOf(text), 0);
  const blank = columns - used - title.length;
  if (blank > 0) parts.push({ text: " ".repeat(blank) }, { text: title, tone: "quiet" });
  return <Line parts={parts} />;
}

/** Engine and chain: whether they answer, what is wrong with them, and since when. */
export function StateLine(): ReactNode {
  const screen = useScreen();
  const { shell, words, columns } = screen;
  const { chain, images } = shell.browser;
  const right = [
    ...(chain.catching === undefined ? [] : [words.catching(chain.catching.block, chain.catching.head)]),
    ...(images.waiting === 0 ? [] : [words.toCome(images.waiting)]),
  ].join("  ");
  const newest = chain.blocks[0]?.number;
  const parts = [
    part(words.engine, images.engine, images.about && `${images.about.host} ${images.about.version}`),
    part(words.chain, chain.health, newest === undefined ? chain.label : `${chain.label ?? ""} #${newest}`),
  ];
  const room = columns - columnsOf(right) - (right === "" ? 1 : 3);
  const line = share(parts, room);
  const used = line.reduce((sum, { text }) => sum + columnsOf(text), 0);
  return (
    <Line
      parts={[
        ...line,
        { text: " ".repeat(Math.max(0, columns - used - columnsOf(right) - 1)) },
        { text: right, tone: "accent" },
      ]}
    />
  );

  function part(name: string, health: typeof images.engine, about: string | undefined): Part[] {
    const isWell = health.state === "up" || health.state === "starting";
    const failure = health.failure === undefined ? words.late : shell.tell(health.failure).message;
    const text = isWell ? (about ?? "") : failure;
    return [
      { text: ` ${name} ` },
      ...healthParts(health, screen),
      { text: text === "" ? "" : ` ${text}`, tone: isWell ? "quiet" : undefined },
    ];
  }
}

/** Gives each half of what there is; what one does not need, the other may have. */
function share([left = [], right = []]: readonly Part[][], room: number): Part[] {
  const widthOf = (parts: readonly Part[]): number =>
    parts.reduce((sum, { text }) => sum + columnsOf(cut(text, 400)), 0);
  const half = Math.floor(room / 2);
  const leftRoom = Math.min(widthOf(left), Math.max(half, room - widthOf(right)));
  return [...cutTo(left, leftRoom), ...cutTo(right, room - leftRoom)];
}

function cutTo(parts: readonly Part[], room: number): Part[] {
  let left = room;
  return parts.map((part) => {
    const text = cut(part.text, Math.max(0, left));
    left -= columnsOf(text);
    return { ...part, text };
  });
}

/** What keys do here. It says as much as fits; all of it is in the help. */
export function KeyLine(): ReactNode {
  const { shell, words, columns } = useScreen();
  const { question } = shell;
  if (question !== undefined) {
    const { howTo, howToMenu, yesNo, giveUp } = words.ask;
    const text = { prompt: howTo, menu: howToMenu, confirmation: yesNo, waiting: giveUp }[question.kind];
    return <Line parts={[{ text: ` ${text}`, bold: true }]} />;
  }
  if (shell.search?.isTyping === true && shell.view === undefined) {
    return <Line parts={[{ text: ` ${words.ask.howTo}`, bold: true }]} />;
  }
  const all = bindingsAt(shell.places).flatMap(({ place, bindings }) =>
    place === "list" || (place === "text" && shell.view?.kind !== "help") ? [] : bindings,
  );
  const back = shell.view === undefined ? ["quit"] : ["back"];
  const last = bindingsAt(shell.places)
    .flatMap(({ bindings }) => bindings)
    .filter(({ action }) => back.includes(action) || action === "help")
    .filter(({ action }, index, array) => array.findIndex((other) => other.action === action) === index);
  const shown = all.filter(
    ({ action }) =>
      action !== "help" &&
      action !== "startChain" &&
      action !== "redraw" &&
      action !== "quit" &&
      action !== "back" &&
      (action !== "unsearch" || shell.search?.isActive === true),
  );
  // Where there is no chain, nothing is of more use than to start one.
  const shownFirst = [...all.filter(({ action }) => shell.lacksChain && action === "startChain"), ...shown];
  const tail = last.map(brief);
  let room = columns - 1 - tail.reduce((sum, parts) => sum + widthOf(parts), 0);
  const line: Part[] = [];
  for (const parts of shownFirst.map(brief)) {
    room -= widthOf(parts);
    if (room < 0) break;
    line.push(...parts);
  }
  return <Line parts={[{ text: " " }, ...line, ...tail.flat()]} />;

  function brief({ keys, action }: Binding): Part[] {
    return [{ text: keyName(keys[0] ?? "", words), bold: true }, { text: ` ${words.keys[action][0]}  ` }];
  }

  function widthOf(parts: readonly Part[]): number {
    return parts.reduce((sum, { text }) => sum + columnsOf(text), 0);
  }
}
