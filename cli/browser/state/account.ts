import type { Account } from "../../../src/internal.ts";
import type { Browser } from "../browser.ts";
import { ArrayRows, List } from "./list.ts";

export type AccountRow =
  | { readonly kind: "heading"; readonly of: "accounts" | "chain" | "blocks" }
  | { readonly kind: "account"; readonly account: Account; readonly isCurrent: boolean }
  | { readonly kind: "fact"; readonly of: Fact }
  | { readonly kind: "block"; readonly number: number; readonly time: number; readonly transactions: number };

export const facts = [
  "organisation",
  "roles",
  "balance",
  "address",
  "chainId",
  "registry",
  "catalogue",
  "engine",
] as const;
export type Fact = (typeof facts)[number];

function keyOf(row: AccountRow): string | undefined {
  if (row.kind === "account") return `account ${row.account.name}`;
  if (row.kind === "fact") return `fact ${row.of}`;
  return row.kind === "block" ? `block ${row.number}` : undefined;
}

/** Accounts, and what they depend on. */
export class AccountPage {
  readonly list = new List<AccountRow>(new ArrayRows<AccountRow>([], keyOf));
  #made = "";
  #isEmpty = true;

  update({ accounts, chain }: Browser): void {
    const made = `${accounts.version} ${chain.version}`;
    if (made === this.#made) return;
    this.#made = made;
    // Whoever has not moved yet is to begin with the accounts, once they are known.
    const isFirst = this.#isEmpty && accounts.accounts.length > 0;
    this.#isEmpty = accounts.accounts.length === 0;
    const blocks = chain.blocks.slice(0, 50).map((block) => ({ kind: "block", ...block }) as const);
    const rows: AccountRow[] = [
      { kind: "heading", of: "accounts" },
      ...accounts.accounts.map((account) => ({
        kind: "account" as const,
        account,
        isCurrent: account.name === accounts.current,
      })),
      { kind: "heading", of: "chain" },
      ...facts.map((of) => ({ kind: "fact" as const, of })),
    ];
    if (blocks.length > 0) rows.push({ kind: "heading", of: "blocks" }, ...blocks);
    this.list.rows = new ArrayRows(rows, keyOf);
    if (isFirst) this.list.top();
    else this.list.settle();
  }
}
