import type { Depth, Standing, VerdictStatus } from "../../../src/index.ts";
import type { Act, Health, LocalImage, OrganisationTag } from "../browser.ts";
import type { Action, Place } from "../keys/bindings.ts";

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
  readonly acts: Said<Act["kind"]>;
  readonly stages: Said<Act["stage"]>;
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
    | "acts"
    | "news"
    | "history"
    | "gone"
  >;
  readonly more: (count: number) => string;
  readonly news: (count: number) => string;
  readonly newsSeen: string;
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
    readonly namespaces: string;
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

const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

export const en: Words = {
  pages: { local: "Local", organisation: "Organisation", market: "Market", account: "Account" },
  columns: {
    status: "STATUS",
    name: "IMAGE",
    by: "BY",
    depth: "DEPTH",
    size: "SIZE",
    age: "AGE",
    local: "LOCAL",
    standing: "CLAIM",
    signers: "SIGNED",
    organisation: "BY",
  },
  status: {
    verified: "verified",
    signed: "signed",
    unsigned: "unsigned",
    mismatch: "mismatch",
    revoked: "revoked",
    expired: "expired",
    untrusted: "untrusted",
    pending: "pending",
    denied: "denied",
    superseded: "superseded",
    corrupt: "corrupt",
    inconclusive: "inconclusive",
  },
  meaning: {
    verified: "A claim that counts names this very image.",
    unsigned: "Nobody has claimed this image. Sign it if it is yours.",
    mismatch: "This tag is claimed, but for another image. Do not run it before you know why.",
    revoked: "Whoever signed this image has taken it back. Do not run it.",
    expired: "The claim's time has passed. Ask its organisation to sign again.",
    untrusted: "It is claimed, but not by whom it would have to be.",
    pending: "It is claimed, but more signatures are needed before that counts.",
    denied: "A rule of your policy says no.",
    superseded: "It was signed, but its tag has moved on to a newer image. Pull that.",
    corrupt: "Its bytes are not what its own manifest, config or signature says. Do not run it.",
    inconclusive: "It could not be found out: something could not be asked. That is not a yes.",
  },
  standing: {
    good: "good",
    pending: "pending",
    revoked: "revoked",
    expired: "expired",
    untrusted: "untrusted",
  },
  depth: { id: "id", manifest: "manifest", content: "content", runtime: "runtime" },
  depthMeaning: {
    id: "the engine's word for its image ID",
    manifest: "manifest and config, no layers",
    content: "every layer's bytes",
    runtime: "what a container would run",
  },
  work: { waiting: "to come", reading: "reading" },
  local: {
    missing: "missing",
    current: "current",
    superseded: "superseded",
    other: "another image",
    unknown: "unknown",
  },
  health: { starting: "is being asked", up: "up", slow: "slow", down: "down" },
  acts: { sign: "Sign", approve: "Approve", revoke: "Revoke", pull: "Pull", diff: "Compare" },
  stages: {
    unlocking: "opening the account",
    reading: "reading",
    pulling: "pulling",
    recording: "waiting for the chain to record it",
    done: "done",
    failed: "failed",
    cancelled: "cancelled",
  },
  filters: {
    all: "all",
    attention: "not verified",
    unsigned: "unsigned",
    verified: "verified",
    toCome: "verdict to come",
    missing: "not here",
    superseded: "superseded here",
  },
  orders: { newest: "newest first", name: "by name", status: "by status", size: "largest first" },
  places: {
    local: "Local images",
    organisation: "Organisation",
    market: "Market",
    account: "Account",
    imageDetail: "This image",
    entryDetail: "This claim",
    acts: "What is under way",
    text: "Moving in a text",
    list: "Moving",
    everywhere: "Everywhere",
  },
  keys: {
    details: ["details", "show everything known about it"],
    sign: ["sign", "sign it, or sign it again"],
    verify: ["verify", "verify it again, one step deeper: id, content, runtime"],
    chooseDepth: ["depth", "verify it again, at a depth that you choose"],
    diff: ["diff", "compare what would run with its layers, path by path"],
    run: ["run", "run it in this terminal, and come back"],
    pull: ["pull", "pull it, and verify it on the way"],
    revoke: ["revoke", "take the signature back, for good"],
    approve: ["approve", "add your signature to a claim that waits for it"],
    search: ["search", "search as you type"],
    unsearch: ["all", "end the search, show all again"],
    filter: ["filter", "choose what is shown"],
    order: ["order", "order it otherwise"],
    refresh: ["refresh", "ask the engine again"],
    chooseOrganisation: ["organisation", "switch to another organisation"],
    useAccount: ["use", "use this account from now on"],
    createAccount: ["create", "create an account"],
    importAccount: ["import", "import a private key or a keystore"],
    acts: ["acts", "show what is under way and what it came to"],
    news: ["news", "show what has happened on the chain"],
    help: ["help", "show this help"],
    redraw: ["redraw", "draw the screen again"],
    quit: ["quit", "leave"],
    dismiss: ["dismiss", "give up what is under way; take away what has ended"],
    nextAct: ["next", "next act"],
    previousAct: ["previous", "act before"],
    back: ["back", "back to where you were"],
    down: ["down", "down"],
    up: ["up", "up"],
    halfDown: ["half down", "half a page down"],
    halfUp: ["half up", "half a page up"],
    pageDown: ["page down", "a page down"],
    pageUp: ["page up", "a page up"],
    top: ["top", "to the top"],
    bottom: ["bottom", "to the bottom"],
    nextPage: ["next page", "to the next page"],
    previousPage: ["page before", "to the page before"],
    pageLocal: ["local", "to the local images"],
    pageOrganisation: ["organisation", "to your organisation"],
    pageMarket: ["market", "to everyone's images"],
    pageAccount: ["account", "to your accounts, the chain and the engine"],
  },
  keyNames: {
    enter: "Enter",
    esc: "Esc",
    space: "Space",
    up: "↑",
    down: "↓",
    left: "←",
    right: "→",
    tab: "Tab",
    home: "Home",
    end: "End",
    pageup: "PgUp",
    pagedown: "PgDn",
    backspace: "Backspace",
  },
  span: {
    year: (count) => `${count}y`,
    month: (count) => `${count}mo`,
    day: (count) => `${count}d`,
    hour: (count) => `${count}h`,
    minute: (count) => `${count}m`,
    second: (count) => `${count}s`,
  },
  of: (done, total) => `${done} of ${total}`,
  engine: "engine",
  chain: "chain",
  since: (state, time) => `${state} since ${time}`,
  toCome: (count) => plural(count, "verdict to come", "verdicts to come"),
  catching: (block, head) => `reading block ${block} of ${head}`,
  was: (status, time) => `was ${status} until ${time}`,
  wasShort: (status) => `was ${status}`,
  rows: (shown, all) => (shown === all ? plural(all, "image") : `${shown} of ${plural(all, "image")}`),
  found: (count) => `${count} found`,
  search: "search",
  filter: "filter",
  order: "order",
  moreRoom: (columns, rows) => `The browser needs 60x20, this is ${columns}x${rows}. q quits.`,
  empty: {
    local: "The engine has no image.",
    engineDown: "Without an engine there are no local images to show.",
    engineStarting: "The engine is being asked.",
    organisation: "No organisation is in use. Press O to choose one, or run daochain up.",
    market: "Nothing has been signed on this chain yet.",
    marketSearch: "Nothing on this chain fits.",
    search: "Nothing fits. Esc shows all again.",
    accounts: "There is no account yet. Press c to create one, i to import one.",
    acts: "Nothing is under way.",
    news: "Nothing has happened on the chain since the browser was opened.",
    history: "Nothing is recorded of it.",
    gone: "The engine does not have this image any more.",
  },
  more: (count) => `and ${count} more`,
  news: (count) => (count === 1 ? "press ! to have seen it" : `and ${count - 1} more: press !`),
  newsSeen: "Since the browser was opened, newest first",
  nothingToDo: {
    cannotApprove: "This claim does not wait for a signature of the account in use.",
    noClaim: "There is no claim here.",
    noImage: "There is no image here.",
    revokedBefore: "All of it has been revoked before.",
    pressAgain: "Press Ctrl-C again to leave at once.",
    notYours: "Only its own organisation can revoke it.",
    noName: "The image has no name, and only what has one can be pulled.",
  },
  detail: {
    image: "Image",
    claim: "Claim",
    status: "Status",
    why: "Why",
    warnings: "Warnings",
    checked: "Checked",
    subjects: "Digests",
    annotations: "Annotations",
    signers: "Signed by",
    signedAt: "Signed at",
    expires: "Expires",
    never: "never",
    recorded: "Recorded",
    history: "History",
    revoked: "Revoked",
    imageId: "Image ID",
    created: "Created",
    size: "Size",
    depth: "Depth",
    organisation: "Organisation",
    repository: "Repository",
    threshold: "Signatures",
    matched: "Matched by",
    transaction: "Transaction",
    foreign: "This organisation does not own the repository.",
    notHead: "The tag has a newer claim.",
    loading: "The chain is being asked.",
    notRecorded: "The chain's catalogue has no claim on it.",
    turned: "Changed",
  },
  block: (block) => `in block ${block}`,
  approvals: (given, needed) => `${given} of ${needed}`,
  ask: {
    password: "Password",
    hidden: "(what you type is not shown)",
    sign: (subject) => `Sign ${subject}?`,
    approve: (subject) => `Approve ${subject}?`,
    revoke: (subject) => `Revoke ${subject}?`,
    reason: "Reason, for everyone to read",
    reasonNeeded: "A reason is needed.",
    falls: (organisation) => `${organisation} takes back its word, for good, for:`,
    forGood: "This cannot be undone.",
    yesNo: "y yes, n no",
    name: "Name",
    newAccount: "Create an account",
    importAccount: "Import an account",
    secretKey: "Private key in hex, or a keystore's JSON",
    newPassword: "New password",
    samePassword: "The same again",
    differ: "The two differ; once more.",
    emptyPassword: "An empty password protects nothing.",
    passwordNeeded: "A password is needed.",
    waiting: "one moment",
    giveUp: "Esc gives up",
    organisation: "Use which organisation?",
    depth: "How deep?",
    quit: (running) => `${plural(running, "act is", "acts are")} under way. Leave and give up?`,
    howTo: "Enter goes on, Esc gives up",
    howToMenu: "j k move, Enter chooses, Esc closes",
    back: (code) => `It ended with exit code ${code}. Press Enter to go back to the browser.`,
  },
  market: {
    standing: "standing",
    any: "any standing",
    superseded: "older claims of a tag too",
    foreign: "those of others than the owner too",
    organisation: "only",
    everyone: "of every organisation",
  },
  organisation: {
    threshold: (threshold, signers) => `${threshold} of ${plural(signers, "signer")} must sign`,
    pending: (count) => `WAITING FOR SIGNATURES (${count})`,
    mine: "waits for you: press a",
    waitsForOthers: "waits for others",
    tags: (count) => `IMAGES (${count})`,
    members: (count) => `MEMBERS (${count})`,
    namespaces: "owns",
    roles: { admin: "admin", signer: "signer", governor: "governor" },
  },
  account: {
    accounts: "ACCOUNTS",
    current: "in use",
    organisation: "Organisation",
    roles: "Roles",
    noRole: "none in this organisation",
    balance: "Balance",
    free: "gas costs nothing here",
    chain: "CHAIN",
    address: "Address",
    chainId: "Chain ID",
    registry: "Registry",
    engine: "Engine",
    blocks: "LAST BLOCKS",
    external: "external signer",
    none: "none",
    catalogue: "Catalogue",
    atHead: "at the newest block",
    transactions: (count) => plural(count, "transaction"),
  },
  differences: (count) =>
    count === 0 ? "What would run is what its layers say." : plural(count, "difference"),
};
