import { useCursor } from "ink";
import { Fragment, type ReactNode } from "react";
import type { Part } from "../../browser/text/part.ts";
import { useScreen } from "../screen.ts";
import type { Menu, OpenQuestion, Prompt } from "../state/question.ts";
import { columnsOf, cut, plain } from "../text/columns.ts";
import { Line, Lines } from "./line.tsx";
import { lastColumns } from "./title.tsx";

/** Lines that a question takes. @param most lines that there are for it */
export function questionHeight(question: OpenQuestion | undefined, most: number): number {
  if (question === undefined) return 0;
  if (question.kind === "waiting") return 1;
  if (question.kind === "menu") return Math.min(most, question.items.length + 1);
  const about = question.kind === "prompt" ? (question.question.about ?? []) : question.about;
  return Math.min(most, about.length + (question.kind === "prompt" ? 2 : 1));
}

/** What a person is asked, above the line of state. @param row of the screen where it begins */
export function QuestionLines({ height, row }: { readonly height: number; readonly row: number }): ReactNode {
  const { shell, words } = useScreen();
  const { question } = shell;
  if (question === undefined || height === 0) return null;
  if (question.kind === "waiting") {
    return <Line parts={[...title(question.title), { text: `  ${words.ask.waiting}`, tone: "quiet" }]} />;
  }
  if (question.kind === "menu") return <MenuLines menu={question} height={height} />;
  if (question.kind === "prompt") return <PromptLines prompt={question} height={height} row={row} />;
  return <Lines lines={[title(question.title), ...question.about]} height={height} />;
}

function title(text: string): Part[] {
  return [
    { text: " ? ", tone: "accent", bold: true },
    { text, bold: true },
  ];
}

function PromptLines({
  prompt,
  height,
  row,
}: {
  readonly prompt: Prompt;
  readonly height: number;
  readonly row: number;
}): ReactNode {
  const { words, columns } = useScreen();
  const { setCursorPosition } = useCursor();
  const { question, shown, problem } = prompt;
  const label = cut(` ${question.label}: `, columns - 12);
  const hint = question.hidden === true ? words.ask.hidden : "";
  const note = problem ?? hint;
  const room = Math.max(8, columns - columnsOf(label) - 2);
  const before = lastColumns(plain(shown.before), room);
  const after = cut(shown.after, room - columnsOf(before));
  setCursorPosition({ x: columnsOf(label + before), y: row + height - 1 });
  const above = [
    [
      ...title(question.title),
      {
        text: note === "" ? "" : `  ${note}`,
        tone: problem === undefined ? ("quiet" as const) : ("bad" as const),
      },
    ],
    ...(question.about ?? []),
  ];
  return (
    <Fragment>
      <Lines lines={above} height={height - 1} />
      <Line parts={[{ text: label, bold: true }, { text: before + after }]} />
    </Fragment>
  );
}

function MenuLines({ menu, height }: { readonly menu: Menu; readonly height: number }): ReactNode {
  const { items, index } = menu;
  const shown = Math.max(1, height - 1);
  const from = Math.max(0, Math.min(index - Math.floor(shown / 2), items.length - shown));
  return (
    <Fragment>
      <Line parts={title(menu.title)} />
      {items.slice(from, from + shown).map(({ label, isOn }, at) => (
        <Line
          key={label}
          isCursor={from + at === index}
          parts={[{ text: ` ${from + at === index ? ">" : " "} ${isOn ? "*" : " "} ` }, { text: label }]}
        />
      ))}
    </Fragment>
  );
}
