import type { Digest } from "../digest/digest.ts";
import type { Subject } from "../image/image.ts";

/** What a claim is worth at one moment, as far as its own organisation goes. */
export type Standing = "good" | "pending" | "revoked" | "expired" | "untrusted";

/** A claim as the catalogue has it. Times are in seconds since 1970. */
export interface CatalogueEntry {
  readonly claim: `0x${string}`;
  /** the same where the claim was signed alone, else its batch's */
  readonly record: `0x${string}`;
  /** the organisation's name */
  readonly organisation: string;
  readonly repository: string;
  /** empty where the claim has none */
  readonly tag: string;
  readonly issuedAt: number;
  /** 0 for never */
  readonly expiresAt: number;
  readonly block: number;
  readonly transaction: string;
  readonly standing: Standing;
  /** whether it is its tag's newest claim that counted */
  readonly isHead: boolean;
  /** whether its organisation owns the repository */
  readonly byOwner: boolean;
  /** approvals less those of voided signers */
  readonly approvals: number;
  /** approvals that it took when it counted, else what its organisation asks for today */
  readonly threshold: number;
  /** addresses, checksummed, in the order of their approvals */
  readonly signers: readonly string[];
  readonly subjects: readonly Subject[];
  readonly annotations: Readonly<Record<string, string>>;
  /** why it was revoked, and which of its digests were; undefined while it stands */
  readonly revocation: { readonly reason: string; readonly digests: readonly Digest[] } | undefined;
}

/** An organisation as the catalogue has it. Addresses are checksummed. */
export interface CatalogueOrganisation {
  readonly id: `0x${string}`;
  readonly name: string;
  readonly displayName: string;
  readonly threshold: number;
  readonly admins: readonly string[];
  readonly signers: readonly string[];
  readonly namespaces: readonly string[];
}

/**
 * What is looked for. Without anything: the newest good claim of every tag, and good ones that name no tag, by who owns the repository. A claim
 * that never counted supersedes nothing and is superseded by nothing.
 */
export interface CatalogueQuery {
  /**
   * words, each of which stands somewhere in repository:tag or the organisation's name, in large or small letters, or is the beginning of a
   * digest or of a claim's id, of four digits at least
   */
  readonly text?: string | undefined;
  /** an organisation's name */
  readonly organisation?: string | undefined;
  /** undefined: good ones; `any`: all */
  readonly standing?: Standing | "any" | undefined;
  /** also those that counted once and are not what their tag means now */
  readonly superseded?: boolean | undefined;
  /** also those of organisations that do not own the repository */
  readonly foreign?: boolean | undefined;
  /** undefined: newest first */
  readonly order?: "newest" | "name" | undefined;
}
