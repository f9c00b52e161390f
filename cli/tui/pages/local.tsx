import { type ReactNode, useEffect } from "react";
import type { LocalImage } from "../../browser/browser.ts";
import { age, percent } from "../../browser/text/format.ts";
import type { Part } from "../../browser/text/part.ts";
import { imagePart } from "../../browser/text/status.ts";
import { formatBytes } from "../../output/bytes.ts";
import { Empty } from "../components/empty.tsx";
import { Table } from "../components/table.tsx";
import { type Screen, useScreen } from "../screen.ts";
import { cell } from "../text/columns.ts";
import { emptyTexts } from "../views/empty.ts";

const widths = { status: 14, by: 16, depth: 9, size: 8, age: 5 } as const;

/** The columns that there is room for. The name takes what is left. */
function layout(columns: number): { name: number; hasBy: boolean; hasDepth: boolean } {
  const hasDepth = columns >= 70;
  const hasBy = columns >= 76;
  const others =
    2 +
    widths.status +
    1 +
    (hasBy ? widths.by + 1 : 0) +
    (hasDepth ? widths.depth + 1 : 0) +
    widths.size +
    1 +
    widths.age +
    1;
  return { name: Math.max(8, columns - others), hasBy, hasDepth };
}

/** Every image of the engine with its verdict. */
export function LocalPage({ height }: { readonly height: number }): ReactNode {
  const screen = useScreen();
  const { shell, words, columns } = screen;
  const { list } = shell.pages.local;
  // What is in view, after it is: the rows that a person sees are looked at first.
  useEffect(() => shell.look());
  if (list.rows.count === 0) return <Empty texts={emptyTexts(shell)} height={height} />;
  const { name, hasBy, hasDepth } = layout(columns);
  const head = [
    cell(words.columns.status, widths.status + 1),
    cell(words.columns.name, name + 1),
    ...(hasBy ? [cell(words.columns.by, widths.by + 1)] : []),
    ...(hasDepth ? [cell(words.columns.depth, widths.depth + 1)] : []),
    cell(words.columns.size, widths.size, { align: "right" }),
    " ",
    cell(words.columns.age, widths.age, { align: "right" }),
  ];
  return (
    <Table
      head={head.map((text) => ({ text }))}
      list={list}
      height={height}
      draw={(image) => draw(image, screen)}
    />
  );
}

function draw(image: LocalImage, { words, columns, now }: Screen): Part[] {
  const { name, hasBy, hasDepth } = layout(columns);
  const isTurned = image.turned !== undefined;
  const status = imagePart(image, words);
  const title = image.name ?? image.id.replace(/^sha256:/, "");
  return [
    { text: isTurned ? "!" : " ", tone: status.tone, bold: true },
    { text: `${cell(status.text, widths.status)} `, tone: status.tone, bold: isTurned },
    { text: `${cell(title, name, { where: "middle" })} `, bold: isTurned },
    ...(hasBy ? [{ text: `${cell(by(image, words), widths.by)} `, bold: isTurned }] : []),
    ...(hasDepth ? [{ text: `${cell(depth(image, words), widths.depth)} `, tone: "quiet" as const }] : []),
    { text: cell(formatBytes(image.size), widths.size, { align: "right" }) },
    { text: " " },
    { text: cell(age(image.created, now, words), widths.age, { align: "right" }), tone: "quiet" },
  ];
}

/** Whose word it is; of a verdict that turned, what it was. */
function by({ turned, verdict }: LocalImage, words: Screen["words"]): string {
  if (turned !== undefined) return words.wasShort(words.status[turned.from]);
  // Of what nobody has signed, a verdict names whoever could have.
  return verdict === undefined || verdict.status === "unsigned" ? "" : (verdict.organisation ?? "");
}

/** How deep was looked; while it is looked deeper, how far that is. */
function depth({ verdict, work, progress }: LocalImage, words: Screen["words"]): string {
  if (verdict === undefined || verdict.depth === null) return "";
  const known = words.depth[verdict.depth];
  if (work === undefined) return known;
  return progress === undefined ? "~" : `~ ${percent(progress)}`;
}
