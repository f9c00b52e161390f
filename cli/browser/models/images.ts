import type { DaemonLayer, Depth, DigestKind, Verdict, VerdictStatus } from "../../../src/internal.ts";
import { kindsOfIds } from "../../docker/local-copy.ts";
import type { Health, ImagesView, LocalImage } from "../browser.ts";
import { isCancelled } from "../failure.ts";
import type { ChainModel } from "./chain.ts";
import { HealthWatch } from "./health.ts";
import { ImageRow, type ListedImage } from "./image-row.ts";
import type { Invalidation } from "./invalidation.ts";
import { Observed } from "./observable.ts";
import type { Session, Tools } from "./session.ts";
import { Verifications } from "./verifications.ts";
import { WakeUp } from "./wake-up.ts";

/** How often the engine is asked what it has, in milliseconds; one that takes long is asked less often, so that it has time for other work. */
const interval = 3000;
const restOf = 4;

type Listing = Awaited<ReturnType<Tools["listDaemonImages"]>>;

/** The local images with their verdicts, which are sought in the background and again when something changed. */
export class ImagesModel extends Observed implements ImagesView {
  readonly #session: Session;
  readonly #chain: ChainModel;
  readonly #watch = new HealthWatch(() => this.changed());
  readonly #wakeUp = new WakeUp();
  readonly #verifications: Verifications;
  /** by key, newest image first */
  #rows = new Map<string, ImageRow>();
  #byName = new Map<string, ImageRow>();
  #about: ImagesView["about"];
  #kinds: readonly DigestKind[] | undefined;
  #ended: Promise<void> | undefined;
  #shown: Pick<ImagesView, "engine" | "about" | "rows" | "waiting">;

  constructor(session: Session, chain: ChainModel) {
    super();
    this.#session = session;
    this.#chain = chain;
    this.#verifications = new Verifications(
      (key, depth, signal) => this.#look(key, depth, signal),
      (key, work) => {
        const row = this.#rows.get(key);
        if (row !== undefined) row.work = work;
        this.changed();
      },
      session.signal,
    );
    this.#shown = { engine: this.#watch.current, about: undefined, rows: [], waiting: 0 };
    chain.onInvalidation((invalidation) => this.#invalidate(invalidation));
    chain.onReturned(() => this.#verifications.add(this.#rows.keys()));
  }

  get engine(): Health {
    return this.#shown.engine;
  }

  get about(): ImagesView["about"] {
    return this.#shown.about;
  }

  get rows(): readonly LocalImage[] {
    return this.#shown.rows;
  }

  get waiting(): number {
    return this.#shown.waiting;
  }

  start(): void {
    this.#ended = this.#run();
  }

  async close(): Promise<void> {
    this.silence();
    await Promise.all([this.#ended, this.#verifications.ended()]);
  }

  look(keys: readonly string[]): void {
    this.#verifications.see(keys);
  }

  verify(key: string, depth: Depth): void {
    if (this.#rows.has(key)) this.#verifications.ask(key, depth);
  }

  refresh(): void {
    this.#wakeUp.call();
  }

  async layers(id: string, signal: AbortSignal): Promise<readonly DaemonLayer[]> {
    const tools = await this.#session.tools;
    if (!tools.isDigest(id)) return [];
    const { environment } = this.#session;
    return tools.listDaemonLayers(id, {
      environment,
      signal: AbortSignal.any([signal, this.#session.signal]),
    });
  }

  acknowledge(key: string): void {
    this.#rows.get(key)?.acknowledge();
    this.changed();
  }

  /** Looks again at what goes by a reference, and at what the engine has. */
  again(reference: string): void {
    for (const row of this.#rows.values()) {
      if (row.listed.reference === reference) this.#verifications.ask(row.listed.key, "id");
    }
    this.refresh();
  }

  /**
   * What is meant by a reference: where a row goes by it, that image of the engine and no other.
   * @returns the ID that a person sees there
   */
  meant(reference: string): { readonly reference: string; readonly id: string | undefined } {
    const row = this.#shown.rows.find((one) => one.reference === reference);
    return row === undefined ? { reference, id: undefined } : { reference: explicit(reference), id: row.id };
  }

  /** What the IDs of the engine's images are digests of; undefined before it told. */
  get kinds(): readonly DigestKind[] | undefined {
    return this.#kinds;
  }

  /** The image that the engine has under a repository's canonical name and a tag. */
  named(repository: string, tag: string): ImageRow | undefined {
    return this.#byName.get(`${repository}:${tag}`);
  }

  protected override take(): void {
    const rows = [...this.#rows.values()];
    this.#shown = {
      engine: this.#watch.current,
      about: this.#about,
      rows: rows.map((row) => row.snapshot),
      waiting: rows.filter((row) => row.work !== undefined).length,
    };
  }

  async #run(): Promise<void> {
    const { signal } = this.#session;
    const tools = await this.#session.tools;
    for (let isBack = true; !signal.aborted; ) {
      const began = performance.now();
      try {
        this.#reconcile(await this.#watch.ask(() => this.#list(tools)), tools);
        if (isBack) this.#verifications.add(this.#rows.keys());
        if (isBack || this.#kinds === undefined) void this.#describe(tools);
        isBack = false;
        this.#addExpired();
      } catch (error) {
        if (isCancelled(error)) return;
        isBack = true;
      }
      await this.#wakeUp.wait(Math.max(interval, restOf * (performance.now() - began)), signal);
    }
  }

  #list(tools: Tools): Promise<Listing> {
    const { environment, signal } = this.#session;
    return tools.listDaemonImages({ environment, signal });
  }

  async #describe(tools: Tools): Promise<void> {
    const { environment, signal } = this.#session;
    const status = await tools.pingDocker({ environment, signal }).catch(() => undefined);
    if (status === undefined) return;
    this.#kinds = kindsOfIds(status.store);
    this.#about = { host: status.host, version: status.version, store: status.store };
    this.changed();
  }

  #reconcile(listing: Listing, { parseImageReference }: Tools): void {
    const before = this.#rows;
    const settledByName = new Map<string, VerdictStatus | undefined>();
    for (const { listed, settled } of before.values()) {
      if (listed.name !== undefined) settledByName.set(listed.name, settled);
    }
    this.#rows = new Map();
    const added: string[] = [];
    for (const listed of listing.flatMap(toListed)) {
      if (this.#rows.has(listed.key)) continue;
      const known = before.get(listed.key);
      const settled = listed.name === undefined ? undefined : settledByName.get(listed.name);
      this.#rows.set(listed.key, known ?? new ImageRow(listed, settled));
      if (known === undefined) added.push(listed.key);
    }
    const gone = [...before.keys()].filter((key) => !this.#rows.has(key));
    for (const key of gone) this.#verifications.drop(key);
    if (gone.length === 0 && added.length === 0) return;
    this.#byName = new Map(
      [...this.#rows.values()].flatMap((row) => {
        const reference =
          row.listed.name === undefined ? undefined : parseImageReference(explicit(row.listed.name));
        const named = reference?.transport === "docker-daemon" ? reference.named : undefined;
        return named === undefined ? [] : [[`${named.repository}:${named.tag}`, row]];
      }),
    );
    this.changed();
    this.#verifications.add(added);
  }

  /** What was verified until a moment that has passed. */
  #addExpired(): void {
    const now = Date.now();
    const isExpired = ({ verdict }: ImageRow): boolean =>
      verdict?.status === "verified" &&
      typeof verdict.claim?.expiresAt === "string" &&
      Date.parse(verdict.claim.expiresAt) <= now;
    this.#verifications.add([...this.#rows.values()].filter(isExpired).map(({ listed }) => listed.key));
  }

  #invalidate(invalidation: Invalidation): void {
    const keys = [...this.#rows.values()]
      .filter((row) => invalidation.concerns(row.listed.id, row.verdict))
      .map(({ listed }) => listed.key);
    this.#verifications.add(keys);
  }

  async #look(key: string, depth: Depth, signal: AbortSignal): Promise<void> {
    const row = this.#rows.get(key);
    if (row === undefined) return;
    const verdict = await this.#verify(row, depth, signal).catch((error) => {
      if (!signal.aborted && !isCancelled(error)) throw error;
    });
    if (verdict === undefined || this.#rows.get(key) !== row) return;
    row.judge(verdict);
    this.changed();
  }

  /** @returns undefined where the name stands for another image by now */
  async #verify(row: ImageRow, depth: Depth, signal: AbortSignal): Promise<Verdict | undefined> {
    const { reference, id } = row.listed;
    const tools = await this.#session.tools;
    const image = new tools.EngineImage(reference, this.#session.environment, explicit(reference));
    try {
      const verdict = await tools.verifyImage(
        reference,
        () => image.open(),
        () => this.#chain.connection(),
        tools.defaultPolicy,
        {
          depth,
          signal,
          onProgress: (progress) => {
            row.measure(progress);
            this.changed();
          },
        },
      );
      const found = image.facts?.id;
      if (found === undefined || found === id) return verdict;
      this.refresh();
      return undefined;
    } catch (error) {
      if (signal.aborted || isCancelled(error)) throw error;
      const about = tools.aboutImage(reference, undefined, Math.floor(Date.now() / 1000));
      return { ...about, reasons: [tools.reasonOf(error)] };
    }
  }
}

/** A reference that can mean nothing but an image of the engine: one may be named as a transport is, such as `oci:1.0`. */
function explicit(name: string): string {
  return `docker-daemon:${name}`;
}

/** A row for each name; one where it has lost its names. */
function toListed({ id, names, created, size }: Listing[number]): ListedImage[] {
  const about = { id, created, size };
  if (names.length === 0) return [{ ...about, key: `@${id}`, reference: id, name: undefined }];
  return names.map((name) => ({ ...about, key: `${name}@${id}`, reference: name, name }));
}
