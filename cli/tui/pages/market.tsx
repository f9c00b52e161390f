import type { ReactNode } from "react";
import type { CatalogueEntry } from "../../../src/internal.ts";
import { age, nameOf } from "../../browser/text/format.ts";
import type { Part } from "../../browser/text/part.ts";
import { standingPart } from "../../browser/text/status.ts";
import { Empty } from "../components/empty.tsx";
import { Table } from "../components/table.tsx";
import { type Screen, useScreen } from "../screen.ts";
import { cell } from "../text/columns.ts";
import { emptyTexts } from "../views/empty.ts";

const widths = { standing: 12, signers: 8, age: 5 } as const;

function layout(columns: number): { name: number; by: number } {
  const by = Math.max(10, Math.floor(columns / 5));
  const name = columns - 2 - widths.standing - 1 - by - 1 - widths.signers - 1 - widths.age - 1;
  return { name: Math.max(8, name), by };
}

/** Every image of every organisation on the chain. */
export function MarketPage({ height }: { readonly height: number }): ReactNode {
  const screen = useScreen();
  const { shell, words, columns } = screen;
  const { list } = shell.pages.market;
  if (list.rows.count === 0) return <Empty texts={emptyTexts(shell)} height={height} />;
  const { name, by } = layout(columns);
  const head = [
    cell(words.columns.standing, widths.standing + 1),
    cell(words.columns.name, name + 1),
    cell(words.columns.organisation, by + 1),
    cell(words.columns.signers, widths.signers),
    " ",
    cell(words.columns.age, widths.age, { align: "right" }),
  ];
  return (
    <Table
      head={head.map((text) => ({ text }))}
      list={list}
      height={height}
      draw={(entry) => draw(entry, screen)}
    />
  );
}

function draw(entry: CatalogueEntry, { words, columns, now }: Screen): Part[] {
  const { name, by } = layout(columns);
  const standing = standingPart(entry.standing, words);
  return [
    { text: " " },
    { text: `${cell(standing.text, widths.standing)} `, tone: standing.tone },
    { text: `${cell(nameOf(entry), name, { where: "middle" })} ` },
    { text: `${cell(entry.organisation, by)} ` },
    { text: cell(words.approvals(entry.approvals, entry.threshold), widths.signers) },
    { text: " " },
    { text: cell(age(entry.issuedAt, now, words), widths.age, { align: "right" }), tone: "quiet" },
  ];
}
