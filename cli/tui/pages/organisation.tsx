import type { ReactNode } from "react";
import type { OrganisationRow } from "../../browser/state/organisation.ts";
import { age, nameOf } from "../../browser/text/format.ts";
import type { Part, Tone } from "../../browser/text/part.ts";
import { standingPart } from "../../browser/text/status.ts";
import { Empty } from "../components/empty.tsx";
import { Table } from "../components/table.tsx";
import { type Screen, useScreen } from "../screen.ts";
import { cell } from "../text/columns.ts";
import { emptyTexts } from "../views/empty.ts";

const widths = { standing: 12, local: 15, signers: 8, age: 5 } as const;

function nameWidth(columns: number): number {
  const others = 2 + widths.standing + 1 + widths.local + 1 + widths.signers + 1 + widths.age + 1;
  return Math.max(8, columns - others);
}

const localTones: Partial<Record<string, Tone>> = {
  current: "good",
  superseded: "care",
  other: "bad",
  missing: "quiet",
};
const localSymbols = { missing: "-", current: "✓", superseded: "^", other: "✗", unknown: "?" } as const;

/** The images of the organisation in use, the claims that wait for signatures, and who belongs to it. */
export function OrganisationPage({ height }: { readonly height: number }): ReactNode {
  const screen = useScreen();
  const { shell, words, columns } = screen;
  const { list } = shell.pages.organisation;
  if (shell.browser.organisation.organisation === undefined || list.rows.count === 0) {
    return <Empty texts={emptyTexts(shell)} height={height} />;
  }
  const head = [
    cell(words.columns.standing, widths.standing + 1),
    cell(words.columns.name, nameWidth(columns) + 1),
    cell(words.columns.local, widths.local + 1),
    cell(words.columns.signers, widths.signers),
    " ",
    cell(words.columns.age, widths.age, { align: "right" }),
  ];
  return (
    <Table
      head={head.map((text) => ({ text }))}
      list={list}
      height={height}
      draw={(row) => draw(row, screen)}
    />
  );
}

function draw(row: OrganisationRow, screen: Screen): Part[] {
  const { words, columns } = screen;
  if (row.kind === "heading")
    return [{ text: ` ${words.organisation[row.of](row.count)}`, tone: "accent", bold: true }];
  if (row.kind === "member") {
    const { address, isAdmin, isSigner } = row.member;
    const { roles } = words.organisation;
    const held = [...(isSigner ? [roles.signer] : []), ...(isAdmin ? [roles.admin] : [])].join(", ");
    return [{ text: ` ${cell(held, widths.standing + 5)} ` }, { text: address }];
  }
  const entry = row.kind === "tag" ? row.tag.entry : row.pending.entry;
  const standing = standingPart(entry.standing, words);
  const isMine = row.kind === "pending" && row.pending.mine;
  return [
    { text: isMine ? "!" : " ", tone: "bad", bold: true },
    { text: `${cell(standing.text, widths.standing)} `, tone: standing.tone },
    { text: `${cell(nameOf(entry), nameWidth(columns), { where: "middle" })} `, bold: isMine },
    local(row, words),
    { text: cell(words.approvals(entry.approvals, entry.threshold), widths.signers) },
    { text: " " },
    { text: cell(age(entry.issuedAt, screen.now, words), widths.age, { align: "right" }), tone: "quiet" },
  ];
}

function local(row: OrganisationRow, words: Screen["words"]): Part {
  if (row.kind !== "tag") {
    const isMine = row.kind === "pending" && row.pending.mine;
    const text = isMine ? words.organisation.mine : words.organisation.waitsForOthers;
    return { text: `${cell(text, widths.local)} `, bold: isMine };
  }
  const { local: state } = row.tag;
  return {
    text: `${cell(`${localSymbols[state]} ${words.local[state]}`, widths.local)} `,
    tone: localTones[state],
  };
}
