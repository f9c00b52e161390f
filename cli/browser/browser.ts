import type {
  Account,
  CatalogueEntry,
  CatalogueOrganisation,
  CatalogueQuery,
  DaemonLayer,
  Depth,
  Difference,
  Digest,
  HistoryEntry,
  Message,
  Verdict,
  VerdictStatus,
} from "../../src/internal.ts";
import type { Failure } from "./failure.ts";

/**
 * What the image browser knows and can do, apart from how it looks. Pages draw from this and nothing else: no page waits for an engine, a
 * registry or a chain, so that none of them can freeze one.
 */
export interface Browser {
  readonly chain: ChainView;
  readonly images: ImagesView;
  readonly organisation: OrganisationPageView;
  readonly market: MarketView;
  readonly accounts: AccountsView;
  readonly tasks: TasksView;
  /** Begins to ask engine and chain; called once, after the first paint. */
  start(): void;
  /** Gives up what is under way, and lets go of everything. */
  close(): Promise<void>;
}

/** Something that changes by itself. `version` grows with each change, so that a page can tell whether to draw again. */
export interface Observable {
  readonly version: number;
  /** @returns ends the subscription */
  subscribe(listener: () => void): () => void;
}

/** Whether something outside answers. */
export interface Health {
  /** `slow`: a question has been open for more than two seconds */
  readonly state: "starting" | "up" | "slow" | "down";
  /** since when it is so, in milliseconds since 1970 */
  readonly since: number;
  /** what is wrong, where it is more than that it takes its time */
  readonly failure: Failure | undefined;
}

export interface ChainView extends Observable {
  readonly health: Health;
  /** where it answers, as it may be shown; undefined before it was asked */
  readonly label: string | undefined;
  readonly id: number | undefined;
  readonly registry: string | undefined;
  /** the last blocks, newest first; times in seconds since 1970 */
  readonly blocks: readonly {
    readonly number: number;
    readonly time: number;
    readonly transactions: number;
  }[];
  /** how far the index has followed, where it is far behind */
  readonly catching: { readonly block: number; readonly head: number } | undefined;
  /** whether the index has been at the head since the chain last answered: only then is what it does not hold not there */
  readonly isCaughtUp: boolean;
  /** whether no chain runs for this home, and one of its own can be started */
  readonly canStart: boolean;
  /** what others recorded while the browser was open, newest first, 200 at most */
  readonly events: readonly HistoryEntry[];
}

export interface ImagesView extends Observable {
  readonly engine: Health;
  /** undefined before the engine answered */
  readonly about: { readonly host: string; readonly version: string; readonly store: string } | undefined;
  /** newest first */
  readonly rows: readonly LocalImage[];
  /** rows whose verdict is still to come */
  readonly waiting: number;
  /** The rows a person sees are looked at first. @param keys in the order of the screen */
  look(keys: readonly string[]): void;
  /** Looks at an image again, at this depth, before all others. */
  verify(key: string, depth: Depth): void;
  /** Asks the engine again, at once. */
  refresh(): void;
  /** The layers of an image, the lowest first. @throws DOCKER_UNREACHABLE, DOCKER_FAILED, CANCELLED */
  layers(id: string, signal: AbortSignal): Promise<readonly DaemonLayer[]>;
  /** A person has seen that this row changed. */
  acknowledge(key: string): void;
}

export interface LocalImage {
  /** of the row: name and image ID */
  readonly key: string;
  /** what commands take: the name, or the image ID where it has none */
  readonly reference: string;
  /** as the engine has it, such as `acme/api:1.4.2`; undefined where it has none */
  readonly name: string | undefined;
  readonly id: string;
  /** seconds since 1970 */
  readonly created: number;
  /** bytes */
  readonly size: number;
  /** the last one, which stays until the next is there */
  readonly verdict: Verdict | undefined;
  readonly work: "waiting" | "reading" | undefined;
  readonly progress: Amount | undefined;
  /** the verdict turned while the browser was open: from what, and when, in milliseconds since 1970 */
  readonly turned: { readonly from: VerdictStatus; readonly at: number } | undefined;
}

export interface Amount {
  readonly bytes: number;
  readonly total: number | undefined;
  /** bytes a second */
  readonly rate: number;
}

export interface OrganisationPageView extends Observable {
  /** name of the one in use; undefined where none is */
  readonly name: string | undefined;
  /** the one in use, as the index has it */
  readonly organisation: CatalogueOrganisation | undefined;
  /** the newest claim of each tag that counted, by repository and tag */
  readonly tags: readonly OrganisationTag[];
  /** claims that wait for signatures, newest first */
  readonly pending: readonly PendingClaim[];
}

export interface OrganisationTag {
  readonly entry: CatalogueEntry;
  /** the local copy against it; `unknown` where no engine answers */
  readonly local: "missing" | "current" | "superseded" | "other" | "unknown";
}

export interface PendingClaim {
  readonly entry: CatalogueEntry;
  /** whether the account in use may still approve it */
  readonly mine: boolean;
}

export interface MarketView extends Observable {
  count(query: CatalogueQuery): number;
  page(query: CatalogueQuery, offset: number, limit: number): readonly CatalogueEntry[];
  organisations(): readonly CatalogueOrganisation[];
  /** What was recorded about the entry's repository and tag, newest first. @throws CHAIN_REFUSED, CHAIN_UNREACHABLE, CANCELLED */
  history(entry: CatalogueEntry, signal: AbortSignal): Promise<readonly HistoryEntry[]>;
}

export interface AccountsView extends Observable {
  readonly accounts: readonly Account[];
  /** name of the one in use */
  readonly current: string | undefined;
  /** of the one in use in the organisation in use */
  readonly roles: readonly ("admin" | "signer" | "governor")[];
  /** of the one in use, in wei; undefined where gas costs nothing, or nobody answers */
  readonly balance: bigint | undefined;
  /** what keeps accounts or settings from being read */
  readonly failure: Failure | undefined;
  /** @throws DaoChainError */
  create(name: string, password: string): Promise<void>;
  /** @param secret a private key in hex, or a keystore file's JSON @throws DaoChainError */
  import(name: string, secret: string, password: string): Promise<void>;
  /** @throws DaoChainError */
  use(name: string): Promise<void>;
  /** Switches to another organisation. @throws DaoChainError */
  useOrganisation(name: string): Promise<void>;
}

/** What a person set going. The newest is first; those that ended stay until they are dismissed, 50 at most. */
export interface TasksView extends Observable {
  readonly all: readonly Task[];
  /** what the account in use must be opened with, for what is signed */
  secret(): Promise<"nothing" | "password">;
  sign(reference: string, password?: string): Task;
  approve(entry: CatalogueEntry, password?: string): Task;
  /** Where `falling` has told what falls, no more than that does. @param target an image's reference, a digest, or a claim's id */
  revoke(target: string, reason: string, password?: string): Task;
  /**
   * What a revocation would take away, so that a person can be asked. An image is read for that, which takes a while.
   * @param target as of `revoke`
   * @throws DaoChainError
   */
  falling(target: string, signal: AbortSignal): Promise<Falling>;
  pull(reference: string): Task;
  diff(reference: string): Task;
  /** what a chain of one's own needs before it can be started: `new`: a password for the account that is made with it */
  startNeeds(): Promise<"nothing" | "password" | "new">;
  /** Starts this home's own chain as `daochain up` does, and makes what is missing. */
  start(password?: string): Task;
  dismiss(task: Task): void;
}

/** What a revocation by the organisation in use would take away. */
export interface Falling {
  readonly organisation: string;
  /** as what it is claimed; not yet stripped of control characters */
  readonly names: readonly string[];
  /** the digests that would fall for good, whoever claims them; empty where only one claim would */
  readonly digests: readonly Digest[];
  /** the claim's id, where only that would fall */
  readonly claim: string | undefined;
  /** all of it has been revoked before */
  readonly before: boolean;
}

/** A line about a task: what others say of it as text, what the library says, or what the browser says of a block, transaction, claim or digest. Not yet stripped of control characters. */
export type Line = string | Message | { readonly note: Note; readonly about: string };
export type Note =
  | "sent"
  | "maybeRecorded"
  | "recorded"
  | "claimed"
  | "revoked"
  | "revokedBefore"
  | "counts"
  | "waits";

export interface Task extends Observable {
  readonly kind: "sign" | "approve" | "revoke" | "pull" | "diff" | "start";
  /** reference, digest, claim, or the directory of a chain */
  readonly subject: string;
  /** `recording`: sent to the chain, not yet in a block */
  readonly stage:
    | "unlocking"
    | "reading"
    | "pulling"
    | "starting"
    | "recording"
    | "done"
    | "failed"
    | "cancelled";
  readonly progress: Amount | undefined;
  /** what is known so far: confirmations as they come, then the result */
  readonly lines: readonly Line[];
  readonly verdict: Verdict<VerdictStatus | "signed"> | undefined;
  readonly differences: readonly Difference[] | undefined;
  readonly error: Failure | undefined;
  /** in milliseconds since 1970 */
  readonly began: number;
  cancel(): void;
}
