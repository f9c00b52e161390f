import type { CatalogueEntry, CatalogueOrganisation } from "../../../src/internal.ts";
import { compareCopy } from "../../docker/local-copy.ts";
import type { OrganisationPageView, OrganisationTag } from "../browser.ts";
import type { AccountsModel } from "./accounts.ts";
import type { ChainModel } from "./chain.ts";
import type { CatalogueReader } from "./follower.ts";
import type { ImageRow } from "./image-row.ts";
import type { ImagesModel } from "./images.ts";
import { Observed } from "./observable.ts";
import type { Session } from "./session.ts";
import { WakeUp } from "./wake-up.ts";

/** Tags and claims that are shown of one organisation, and how many are read from the catalogue at a time. */
const maxTags = 20_000;
const maxPending = 1000;
const pageSize = 100;
/** The least time between two looks at the local images, and the longest between two at the catalogue, in milliseconds. */
const pause = 300;
const interval = 60_000;

type Shown = Pick<OrganisationPageView, "name" | "organisation" | "tags" | "pending">;

/** What was last read from the catalogue. */
interface Known {
  readonly organisation: CatalogueOrganisation | undefined;
  readonly heads: readonly CatalogueEntry[];
  readonly pending: readonly CatalogueEntry[];
}

/** The organisation in use, as the catalogue has it and beside what the engine has. */
export class OrganisationModel extends Observed implements OrganisationPageView {
  readonly #session: Session;
  readonly #chain: ChainModel;
  readonly #images: ImagesModel;
  readonly #accounts: AccountsModel;
  readonly #wakeUp = new WakeUp();
  /** whether the catalogue has changed since it was last read */
  #isStale = true;
  #name: string | undefined;
  #known: Known = { organisation: undefined, heads: [], pending: [] };
  #ended: Promise<void> | undefined;
  #next: Shown = { name: undefined, organisation: undefined, tags: [], pending: [] };
  #shown = this.#next;

  constructor(session: Session, chain: ChainModel, images: ImagesModel, accounts: AccountsModel) {
    super();
    this.#session = session;
    this.#chain = chain;
    this.#images = images;
    this.#accounts = accounts;
    const look = (): void => this.#wakeUp.call();
    images.subscribe(look);
    accounts.subscribe(look);
    chain.subscribe(look);
    chain.onIndex(() => {
      this.#isStale = true;
      look();
    });
  }

  get organisation(): CatalogueOrganisation | undefined {
    return this.#shown.organisation;
  }

  get name(): string | undefined {
    return this.#shown.name;
  }

  get tags(): readonly OrganisationTag[] {
    return this.#shown.tags;
  }

  get pending(): OrganisationPageView["pending"] {
    return this.#shown.pending;
  }

  start(): void {
    this.#ended = this.#run();
  }

  async close(): Promise<void> {
    this.silence();
    await this.#ended;
  }

  protected override take(): void {
    this.#shown = this.#next;
  }

  async #run(): Promise<void> {
    const { signal } = this.#session;
    await this.#session.tools;
    for (let read = 0; !signal.aborted; ) {
      await this.#wakeUp.wait(interval, signal);
      // What stood good may have expired.
      if (performance.now() - read >= interval) this.#isStale = true;
      const name = this.#accounts.organisation;
      if (this.#isStale || name !== this.#name) {
        this.#isStale = false;
        this.#name = name;
        this.#known = await this.#read(name);
        read = performance.now();
      }
      this.#compare(name);
      await new WakeUp().wait(pause, signal);
    }
  }

  /** Reads what the catalogue has of it, a few entries at a time: nobody who types must wait for thousands. */
  async #read(name: string | undefined): Promise<Known> {
    if (name === undefined) return { organisation: undefined, heads: [], pending: [] };
    const heads: CatalogueEntry[] = [];
    const query = { organisation: name, standing: "any", foreign: true, order: "name" } as const;
    for (let offset = 0; offset < maxTags && !this.#session.signal.aborted; offset += pageSize) {
      const page = this.#chain.look((catalogue) => catalogue.find(query, { offset, limit: pageSize }), []);
      heads.push(...page.filter(({ isHead }) => isHead));
      if (page.length < pageSize) break;
      await new Promise((resolve) => setImmediate(resolve));
    }
    return {
      heads,
      organisation: this.#chain.look((catalogue) => catalogue.organisation(name), undefined),
      pending: this.#chain.look((catalogue) => catalogue.pending(name), []).slice(0, maxPending),
    };
  }

  /** Puts what is known beside the local images and the account in use. What stays the same stays the same object. */
  #compare(name: string | undefined): void {
    const { organisation, heads, pending } = this.#known;
    const before = this.#next;
    const address = this.#accounts.address;
    const isSigner = address !== undefined && organisation?.signers.includes(address) === true;
    const next: Shown = {
      name,
      organisation,
      tags: heads.map((entry, at) => {
        const local = this.#chain.look((catalogue) => this.#localOf(entry, catalogue), "unknown" as const);
        const last = before.tags[at];
        return last?.entry === entry && last.local === local ? last : { entry, local };
      }),
      pending: pending.map((entry, at) => {
        const mine = isSigner && !entry.signers.includes(address);
        const last = before.pending[at];
        return last?.entry === entry && last.mine === mine ? last : { entry, mine };
      }),
    };
    const isSame = <T>(a: readonly T[], b: readonly T[]): boolean =>
      a.length === b.length && a.every((one, at) => one === b[at]);
    if (
      next.organisation === before.organisation &&
      next.name === before.name &&
      isSame(next.tags, before.tags) &&
      isSame(next.pending, before.pending)
    )
      return;
    this.#next = next;
    this.changed();
  }

  #localOf(entry: CatalogueEntry, catalogue: CatalogueReader): OrganisationTag["local"] {
    const { kinds, engine } = this.#images;
    if (kinds === undefined || engine.state === "starting" || engine.state === "down") return "unknown";
    const image = this.#images.named(entry.repository, entry.tag);
    if (image === undefined) return "missing";
    const { id } = image.listed;
    return isVerifiedBy(image, entry) ? "current" : compareCopy(catalogue, entry, id, kinds);
  }
}

function isVerifiedBy({ verdict }: ImageRow, { claim }: CatalogueEntry): boolean {
  return verdict?.status === "verified" && verdict.claim?.id === claim;
}
