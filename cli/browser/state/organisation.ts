import type { OrganisationPageView, OrganisationTag, PendingClaim } from "../browser.ts";
import { ArrayRows, List } from "./list.ts";
import { PageSearch } from "./search.ts";

export const organisationFilters = ["all", "missing", "superseded"] as const;
export const organisationOrders = ["name", "newest"] as const;
export type OrganisationFilter = (typeof organisationFilters)[number];
export type OrganisationOrder = (typeof organisationOrders)[number];

export interface Member {
  readonly address: string;
  readonly isAdmin: boolean;
  readonly isSigner: boolean;
}

export type OrganisationRow =
  | { readonly kind: "heading"; readonly of: "pending" | "tags" | "members"; readonly count: number }
  | { readonly kind: "pending"; readonly pending: PendingClaim }
  | { readonly kind: "tag"; readonly tag: OrganisationTag }
  | { readonly kind: "member"; readonly member: Member };

/** What the cursor's row is called, wherever it stands. */
function keyOf(row: OrganisationRow): string | undefined {
  if (row.kind === "pending") return `pending ${row.pending.entry.claim}`;
  // A tag stays itself when it gets a newer claim.
  if (row.kind === "tag") return `tag ${row.tag.entry.repository}:${row.tag.entry.tag}`;
  return row.kind === "member" ? `member ${row.member.address}` : undefined;
}

/** Claims that wait, images and members of the organisation in use, one below the other. */
export class OrganisationPage {
  readonly list = new List<OrganisationRow>(new ArrayRows<OrganisationRow>([], keyOf));
  readonly search = new PageSearch();
  filter: OrganisationFilter = "all";
  order: OrganisationOrder = "name";
  /** claims that wait for the account in use */
  attention = 0;
  #made = "";

  update(view: OrganisationPageView): void {
    const made = `${view.version} ${this.filter} ${this.order} ${this.search.text}`;
    if (made === this.#made) return;
    this.#made = made;
    this.attention = view.pending.filter(({ mine }) => mine).length;
    this.list.rows = new ArrayRows(this.#rows(view), keyOf);
    this.list.settle();
  }

  #rows(view: OrganisationPageView): OrganisationRow[] {
    const { words } = this.search;
    const fits = (text: string): boolean => words.every((word) => text.toLowerCase().includes(word));
    const pending = view.pending.filter(({ entry }) =>
      fits(`${entry.repository}:${entry.tag} ${entry.claim}`),
    );
    const tags = view.tags
      .filter(({ local }) => this.filter === "all" || local === this.filter)
      .filter(({ entry }) => fits(`${entry.repository}:${entry.tag} ${entry.claim}`));
    if (this.order === "newest") tags.sort((a, b) => b.entry.issuedAt - a.entry.issuedAt);
    const members = this.filter === "all" ? membersOf(view).filter(({ address }) => fits(address)) : [];
    const section = (of: "pending" | "tags" | "members", rows: OrganisationRow[]): OrganisationRow[] =>
      rows.length === 0 ? [] : [{ kind: "heading", of, count: rows.length }, ...rows];
    return [
      ...section(
        "pending",
        pending.map((each) => ({ kind: "pending", pending: each })),
      ),
      ...section(
        "tags",
        tags.map((tag) => ({ kind: "tag", tag })),
      ),
      ...section(
        "members",
        members.map((member) => ({ kind: "member", member })),
      ),
    ];
  }
}

function membersOf({ organisation }: OrganisationPageView): Member[] {
  const { admins = [], signers = [] } = organisation ?? {};
  return [...new Set([...admins, ...signers])].map((address) => ({
    address,
    isAdmin: admins.includes(address),
    isSigner: signers.includes(address),
  }));
}
