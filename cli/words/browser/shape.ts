import type { Depth, Standing, VerdictStatus } from "../../../src/index.ts";
import type { Health, LocalImage, OrganisationTag, Task } from "../../browser/browser.ts";
import type { Action, Place } from "../../tui/keys/bindings.ts";

type Said<Key extends string> = Readonly<Record<Key, string>>;
type Span = "year" | "month" | "day" | "hour" | "minute" | "second";

/** Everything the image browser says by itself, in one language. What comes from the library, the engine or the chain stays as it is. */
export interface Words {
  readonly pages: Said<"local" | "organisation" | "market" | "account">;
  readonly columns: Said<
    "status" | "name" | "by" | "depth" | "size" | "age" | "local" | "standing" | "signers" | "organisation"
  >;
  readonly status: Said<VerdictStatus | "signed">;
  /** what each status means, and what to do about it, for the details */
  readonly meaning: Said<VerdictStatus>;
  readonly standing: Said<Standing>;
  readonly depth: Said<Depth>;
  readonly depthMeaning: Said<Depth>;
  readonly work: Said<NonNullable<LocalImage["work"]>>;
  readonly local: Said<OrganisationTag["local"]>;
  readonly health: Said<Health["state"]>;
  readonly tasks: Said<Task["kind"]>;
  readonly stages: Said<Task["stage"]>;
  readonly filters: Said<"all" | "attention" | "unsigned" | "verified" | "toCome" | "missing" | "superseded">;
  readonly orders: Said<"newest" | "name" | "status" | "size">;
  readonly places: Said<Place>;
  /** what a key does: in the line of keys, and in the help */
  readonly keys: Readonly<Record<Action, readonly [brief: string, whole: string]>>;
  readonly keyNames: Said<
    | "enter"
    | "esc"
    | "space"
    | "up"
    | "down"
    | "left"
    | "right"
    | "tab"
    | "home"
    | "end"
    | "pageup"
    | "pagedown"
    | "backspace"
  >;
  readonly span: Readonly<Record<Span, (count: number) => string>>;
  readonly of: (done: string, total: string) => string;
  readonly engine: string;
  readonly chain: string;
  readonly since: (state: string, time: string) => string;
  readonly toCome: (count: number) => string;
  readonly catching: (block: number, head: number) => string;
  readonly was: (status: string, time: string) => string;
  readonly wasShort: (status: string) => string;
  readonly rows: (shown: number, all: number) => string;
  readonly found: (count: number) => string;
  readonly search: string;
  readonly filter: string;
  readonly order: string;
  readonly moreRoom: (columns: number, rows: number) => string;
  readonly empty: Said<
    | "local"
    | "engineDown"
    | "engineStarting"
    | "organisation"
    | "market"
    | "marketSearch"
    | "search"
    | "accounts"
    | "tasks"
    | "events"
    | "history"
    | "gone"
  >;
  readonly more: (count: number) => string;
  readonly events: (count: number) => string;
  readonly eventsSeen: string;
  readonly nothingToDo: Said<
    "cannotApprove" | "noClaim" | "noImage" | "pressAgain" | "notYours" | "noName" | "revokedBefore"
  >;
  readonly detail: Said<
    | "image"
    | "claim"
    | "status"
    | "why"
    | "warnings"
    | "checked"
    | "subjects"
    | "annotations"
    | "signers"
    | "signedAt"
    | "expires"
    | "never"
    | "recorded"
    | "history"
    | "revoked"
    | "imageId"
    | "created"
    | "size"
    | "depth"
    | "organisation"
    | "repository"
    | "threshold"
    | "matched"
    | "transaction"
    | "foreign"
    | "notHead"
    | "loading"
    | "notRecorded"
    | "turned"
  >;
  readonly layers: (count: number) => string;
  readonly block: (block: number) => string;
  readonly approvals: (given: number, needed: number) => string;
  readonly ask: {
    readonly password: string;
    readonly hidden: string;
    readonly sign: (subject: string) => string;
    readonly approve: (subject: string) => string;
    readonly revoke: (subject: string) => string;
    readonly reason: string;
    readonly reasonNeeded: string;
    readonly falls: (organisation: string) => string;
    readonly forGood: string;
    readonly yesNo: string;
    readonly name: string;
    readonly newAccount: string;
    readonly importAccount: string;
    readonly secretKey: string;
    readonly newPassword: string;
    readonly samePassword: string;
    readonly differ: string;
    readonly emptyPassword: string;
    readonly passwordNeeded: string;
    readonly waiting: string;
    readonly giveUp: string;
    readonly organisation: string;
    readonly depth: string;
    readonly quit: (running: number) => string;
    readonly howTo: string;
    readonly howToMenu: string;
    readonly back: (code: number) => string;
  };
  readonly market: Said<"standing" | "any" | "superseded" | "foreign" | "organisation" | "everyone">;
  readonly organisation: {
    readonly threshold: (threshold: number, signers: number) => string;
    readonly pending: (count: number) => string;
    readonly mine: string;
    readonly waitsForOthers: string;
    readonly tags: (count: number) => string;
    readonly members: (count: number) => string;
    readonly namespaces: (namespaces: readonly string[]) => string;
    readonly roles: Said<"admin" | "signer" | "governor">;
  };
  readonly account: Said<
    | "accounts"
    | "current"
    | "organisation"
    | "roles"
    | "noRole"
    | "balance"
    | "free"
    | "chain"
    | "address"
    | "chainId"
    | "registry"
    | "engine"
    | "blocks"
    | "external"
    | "none"
    | "catalogue"
    | "atHead"
  > & { readonly transactions: (count: number) => string };
  readonly differences: (count: number) => string;
}
