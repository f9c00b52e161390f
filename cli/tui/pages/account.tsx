import type { ReactNode } from "react";
import type { AccountRow, Fact } from "../../browser/state/account.ts";
import { ether, when } from "../../browser/text/format.ts";
import type { Part } from "../../browser/text/part.ts";
import { engineAbout, healthParts } from "../components/health.ts";
import { Table } from "../components/table.tsx";
import { type Screen, useScreen } from "../screen.ts";
import { cell } from "../text/columns.ts";

const labelWidth = 15;

/** Accounts, what the one in use may do, and whether chain and engine are well. */
export function AccountPage({ height }: { readonly height: number }): ReactNode {
  const screen = useScreen();
  const { list } = screen.shell.pages.account;
  return <Table head={[]} list={list} height={height} draw={(row) => draw(row, screen)} />;
}

function draw(row: AccountRow, screen: Screen): Part[] {
  const { words, columns, now, shell } = screen;
  if (row.kind === "heading") {
    const isEmpty = row.of === "accounts" && shell.browser.accounts.accounts.length === 0;
    return [
      { text: ` ${words.account[row.of]}`, tone: "accent", bold: true },
      { text: isEmpty ? `  ${words.empty.accounts}` : "", tone: "quiet" },
    ];
  }
  if (row.kind === "account") {
    const { name, address, kind } = row.account;
    const mark = row.isCurrent ? `* ${words.account.current}` : "";
    return [
      { text: ` ${cell(name, Math.max(labelWidth, Math.floor(columns / 5)), { where: "middle" })} ` },
      { text: cell(mark, 10), bold: true, tone: "good" },
      { text: ` ${address}` },
      { text: kind === "external" ? `  ${words.account.external}` : "", tone: "quiet" },
    ];
  }
  if (row.kind === "block") {
    return [
      { text: ` ${cell(`#${row.number}`, labelWidth)} ` },
      { text: `${cell(when(row.time, now), 20)} `, tone: "quiet" },
      { text: words.account.transactions(row.transactions) },
    ];
  }
  return [{ text: ` ${cell(words.account[row.of], labelWidth)} `, tone: "quiet" }, ...fact(row.of, screen)];
}

function fact(of: Fact, screen: Screen): Part[] {
  const { words, shell } = screen;
  const { accounts, chain, images, organisation } = shell.browser;
  const unknown: Part[] = [{ text: words.account.unknown, tone: "quiet" }];
  const text = (value: string | number | undefined): Part[] =>
    value === undefined ? unknown : [{ text: String(value) }];
  if (of === "organisation") {
    return organisation.name === undefined
      ? [{ text: words.account.none, tone: "quiet" }]
      : text(organisation.name);
  }
  if (of === "roles") {
    if (!chain.isCaughtUp) return unknown;
    const roles = accounts.roles.map((role) => words.organisation.roles[role]).join(", ");
    return [roles === "" ? { text: words.account.noRole, tone: "quiet" } : { text: roles }];
  }
  if (of === "balance") {
    if (accounts.balance !== undefined) return text(ether(accounts.balance));
    return chain.isCaughtUp ? text(words.account.free) : unknown;
  }
  if (of === "address") return [...healthParts(chain.health, screen), { text: `  ${chain.label ?? ""}` }];
  if (of === "chainId") return text(chain.id);
  if (of === "registry") return text(chain.registry);
  if (of === "engine")
    return [...healthParts(images.engine, screen), { text: `  ${engineAbout(images, words)}` }];
  const { catching, isCaughtUp } = chain;
  if (catching !== undefined) return text(words.catching(catching.block, catching.head));
  return isCaughtUp ? text(words.account.atHead) : unknown;
}
