import type {
  Browser,
  Falling,
  Health,
  Line,
  LocalImage,
  PendingClaim,
  Task,
} from "../../cli/browser/browser.ts";
import type {
  Account,
  CatalogueEntry,
  CatalogueQuery,
  DaemonLayer,
  Depth,
  HistoryEntry,
  Verdict,
  VerdictStatus,
} from "../../src/internal.ts";
import { words } from "./evidence.ts";

/** The moment that fakes are made for, in milliseconds since 1970. */
export const moment = Date.UTC(2026, 10, 21, 12, 0, 0);

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Something whose changes a test makes. */
class Changing {
  version = 0;
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get listeners(): number {
    return this.#listeners.size;
  }

  changed(): void {
    this.version++;
    for (const listener of this.#listeners) listener();
  }
}

export function digestOf(seed: number): `sha256:${string}` {
  return `sha256:${seed.toString(16).padStart(8, "0").repeat(8)}`;
}

export function fakeVerdict(image: string, status: VerdictStatus, more: Partial<Verdict> = {}): Verdict {
  const isClaimed = status !== "unsigned" && status !== "inconclusive";
  return {
    image,
    status,
    depth: "id",
    organisation: isClaimed ? "acme" : null,
    repository: "docker.io/acme/api",
    tag: "1.0",
    subjects: [{ kind: "config", digest: digestOf(7), platform: "linux/amd64" }],
    matched: isClaimed ? "config" : null,
    claim: null,
    reasons: status === "verified" ? [] : [words(`the reason why it is ${status}`)],
    warnings: [],
    checkedAt: new Date(moment).toISOString(),
    chain: { id: 2016, registry: "0x0000000000000000000000000000000000002016", block: 15 },
    ...more,
  };
}

export function fakeImage(number: number, more: Partial<LocalImage> = {}): LocalImage {
  const name = more.name ?? `acme/api:1.${number}`;
  const id = digestOf(number);
  return {
    key: `${name} ${id}`,
    reference: name,
    name,
    id,
    created: moment / 1000 - number * 3600,
    size: 1_000_000 * (number + 1),
    verdict: undefined,
    work: undefined,
    progress: undefined,
    turned: undefined,
    ...more,
  };
}

export function fakeEntry(number: number, more: Partial<CatalogueEntry> = {}): CatalogueEntry {
  const claim = `0x${number.toString(16).padStart(64, "0")}` as const;
  return {
    claim,
    record: claim,
    organisation: `org${number % 10}`,
    repository: `registry.example/org${number % 10}/image${number}`,
    tag: "1.0",
    issuedAt: moment / 1000 - number * 60,
    expiresAt: 0,
    block: 100_000 - number,
    transaction: claim,
    standing: "good",
    isHead: true,
    byOwner: true,
    approvals: 1,
    threshold: 1,
    signers: ["0x008AeEda4D805471dF9b2A5B0f38A0C3bCBA786b"],
    subjects: [
      { kind: "config", digest: digestOf(number), platform: "linux/amd64" },
      { kind: "manifest", digest: digestOf(number + 1), platform: "linux/amd64" },
    ],
    annotations: { revision: `r${number}` },
    revocation: undefined,
    ...more,
  };
}

export class FakeTask extends Changing implements Task {
  readonly kind: Task["kind"];
  readonly subject: string;
  stage: Task["stage"] = "reading";
  progress: Task["progress"];
  lines: Line[] = [];
  verdict: Task["verdict"];
  differences: Task["differences"];
  error: Task["error"];
  readonly began = moment;
  isCancelled = false;

  constructor(kind: Task["kind"], subject: string) {
    super();
    this.kind = kind;
    this.subject = subject;
  }

  cancel(): void {
    this.isCancelled = true;
    this.stage = "cancelled";
    this.changed();
  }

  /** Puts it into another state. */
  become(more: Partial<Mutable<Task>>): void {
    Object.assign(this, more);
    this.changed();
  }
}

const up: Health = { state: "up", since: moment, failure: undefined };

/** A browser whose state a test sets, and that keeps what was asked of it. */
export class FakeBrowser implements Browser {
  /** what was asked, in order */
  readonly calls: unknown[][] = [];
  isStarted = false;
  isClosed = false;
  secret: "nothing" | "password" = "password";
  startNeeds: "nothing" | "password" | "new" = "new";
  readonly #parts = {
    chain: new Changing(),
    images: new Changing(),
    organisation: new Changing(),
    market: new Changing(),
    accounts: new Changing(),
    tasks: new Changing(),
  };
  readonly state = {
    chainHealth: up,
    engineHealth: up,
    about: {
      host: "unix:///var/run/docker.sock",
      version: "20.10.24",
      store: "overlay2",
    } as Browser["images"]["about"],
    label: "127.0.0.1:8545",
    images: [] as LocalImage[],
    layers: [] as DaemonLayer[],
    waiting: 0,
    entries: [] as CatalogueEntry[],
    tags: [] as Browser["organisation"]["tags"],
    pending: [] as PendingClaim[],
    organisation: {
      id: digestOf(1).replace("sha256:", "0x") as `0x${string}`,
      name: "acme",
      displayName: "Acme Ltd",
      threshold: 2,
      admins: ["0x008AeEda4D805471dF9b2A5B0f38A0C3bCBA786b"],
      signers: ["0x008AeEda4D805471dF9b2A5B0f38A0C3bCBA786b", "0x1111111111111111111111111111111111111111"],
      namespaces: ["docker.io/acme"],
    } as Browser["organisation"]["organisation"],
    isCaughtUp: true,
    canStart: false,
    accounts: [
      { name: "default", address: "0x008AeEda4D805471dF9b2A5B0f38A0C3bCBA786b", kind: "keystore" },
      { name: "release", address: "0x1111111111111111111111111111111111111111", kind: "keystore" },
    ] as Account[],
    accountFailure: undefined as Browser["accounts"]["failure"],
    events: [] as HistoryEntry[],
    blocks: [
      { number: 15, time: moment / 1000 - 60, transactions: 1 },
      { number: 14, time: moment / 1000 - 120, transactions: 2 },
    ] as Browser["chain"]["blocks"],
    tasks: [] as FakeTask[],
    falling: {
      organisation: "acme",
      names: ["docker.io/acme/api:1.0"],
      digests: [digestOf(1), digestOf(2)],
      claim: undefined,
      before: false,
    } as Falling,
    history: async (): Promise<readonly HistoryEntry[]> => [],
  };

  /** Tells that a part has changed. */
  changed(part: keyof FakeBrowser["parts"]): void {
    this.#parts[part].changed();
  }

  /** For the names of the parts alone. */
  get parts(): Readonly<
    Record<"chain" | "images" | "organisation" | "market" | "accounts" | "tasks", Changing>
  > {
    return this.#parts;
  }

  start(): void {
    this.isStarted = true;
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }

  readonly chain = this.#view("chain", {
    health: () => this.state.chainHealth,
    label: () => this.state.label,
    id: () => 2016,
    registry: () => "0x0000000000000000000000000000000000002016",
    blocks: () => this.state.blocks,
    catching: () => undefined,
    isCaughtUp: () => this.state.isCaughtUp,
    canStart: () => this.state.canStart,
    events: () => this.state.events,
  }) as unknown as Browser["chain"];

  readonly images = Object.assign(
    this.#view("images", {
      engine: () => this.state.engineHealth,
      about: () => this.state.about,
      rows: () => this.state.images,
      waiting: () => this.state.waiting,
    }),
    {
      look: (keys: readonly string[]) => this.#note("look", keys),
      verify: (key: string, depth: Depth) => this.#note("verify", key, depth),
      refresh: () => this.#note("refresh"),
      layers: async () => this.state.layers,
      acknowledge: (key: string) => this.#note("acknowledge", key),
    },
  ) as unknown as Browser["images"];

  readonly organisation = this.#view("organisation", {
    organisation: () => this.state.organisation,
    name: () => this.state.organisation?.name,
    tags: () => this.state.tags,
    pending: () => this.state.pending,
  }) as unknown as Browser["organisation"];

  readonly market = Object.assign(this.#view("market", {}), {
    count: (query: CatalogueQuery) => this.#find(query).length,
    page: (query: CatalogueQuery, offset: number, limit: number) => {
      this.#note("page", query.text, offset, limit);
      return this.#find(query).slice(offset, offset + limit);
    },
    organisations: () => [this.state.organisation, { ...this.state.organisation, name: "other" }],
    history: () => this.state.history(),
  }) as unknown as Browser["market"];

  readonly accounts = Object.assign(
    this.#view("accounts", {
      accounts: () => this.state.accounts,
      current: () => "default",
      roles: () => ["signer"],
      balance: () => undefined,
      failure: () => this.state.accountFailure,
    }),
    {
      create: async (name: string, password: string) => this.#note("create", name, password),
      import: async (name: string, secret: string, password: string) =>
        this.#note("import", name, secret, password),
      use: async (name: string) => this.#note("use", name),
      useOrganisation: async (name: string) => this.#note("useOrganisation", name),
    },
  ) as unknown as Browser["accounts"];

  readonly tasks = Object.assign(this.#view("tasks", { all: () => this.state.tasks }), {
    secret: async () => this.secret,
    falling: async (target: string) => {
      this.#note("falling", target);
      return this.state.falling;
    },
    sign: (reference: string, password?: string) => this.task("sign", reference, password),
    approve: (entry: CatalogueEntry, password?: string) => this.task("approve", entry.claim, password),
    revoke: (target: string, reason: string, password?: string) =>
      this.task("revoke", target, reason, password),
    pull: (reference: string) => this.task("pull", reference),
    diff: (reference: string) => this.task("diff", reference),
    startNeeds: async () => this.startNeeds,
    start: (password?: string) => this.task("start", "/home/acme/.daochain", password),
    dismiss: (task: FakeTask) => {
      this.state.tasks = this.state.tasks.filter((each) => each !== task);
      this.changed("tasks");
    },
  }) as unknown as Browser["tasks"];

  /** Begins a task that goes on for as long as a test lets it. */
  task(kind: Task["kind"], subject: string, ...more: unknown[]): FakeTask {
    this.#note(kind, subject, ...more);
    const task = new FakeTask(kind, subject);
    this.state.tasks = [task, ...this.state.tasks];
    this.changed("tasks");
    return task;
  }

  #note(...call: unknown[]): void {
    this.calls.push(call);
  }

  #view(part: keyof FakeBrowser["parts"], getters: Record<string, () => unknown>): object {
    const changing = this.#parts[part];
    const view = { subscribe: changing.subscribe };
    Object.defineProperty(view, "version", { get: () => changing.version });
    for (const [name, get] of Object.entries(getters))
      Object.defineProperty(view, name, { get, configurable: true });
    return view;
  }

  #found: { key: string; entries: readonly CatalogueEntry[] } | undefined;
  #find(query: CatalogueQuery): readonly CatalogueEntry[] {
    const key = `${this.#parts.market.version} ${this.state.entries.length} ${JSON.stringify(query)}`;
    if (this.#found?.key === key) return this.#found.entries;
    const words = (query.text ?? "").toLowerCase().split(/\s+/).filter(Boolean);
    const standing = query.standing ?? "good";
    const entries = this.state.entries.filter(
      (entry) =>
        (standing === "any" || entry.standing === standing) &&
        (query.organisation === undefined || entry.organisation === query.organisation) &&
        words.every((word) =>
          `${entry.repository}:${entry.tag} ${entry.organisation} ${entry.claim}`.includes(word),
        ),
    );
    this.#found = { key, entries };
    return entries;
  }
}
