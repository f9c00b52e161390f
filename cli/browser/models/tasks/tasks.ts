import type { CatalogueEntry, Digest } from "../../../../src/internal.ts";
import type { Falling, Task, TasksView } from "../../browser.ts";
import type { ChainModel } from "../chain.ts";
import type { ImagesModel } from "../images.ts";
import { Observed } from "../observable.ts";
import type { Session } from "../session.ts";
import { approving, comparing, pulling, revoking, signing, starting } from "./kinds.ts";
import { Secret } from "./secret.ts";
import { type Execute, RunningTask } from "./task.ts";

/** What gives an account's key or password in a person's place. */
const giving = ["DAOCHAIN_PRIVATE_KEY", "DAOCHAIN_PRIVATE_KEY_FILE", "DAOCHAIN_PASSWORD_FILE"];
/** Tasks that are over and still shown. */
const maxOver = 50;

/** What a person set going, and has not dismissed. */
export class TasksModel extends Observed implements TasksView {
  readonly #session: Session;
  readonly #chain: ChainModel;
  readonly #images: ImagesModel;
  /** the newest first */
  #tasks: readonly RunningTask[] = [];
  #shown: readonly Task[] = [];
  /** digests of which a person was told that they would fall, by what was to be revoked */
  readonly #told = new Map<string, ReadonlySet<Digest>>();

  constructor(session: Session, chain: ChainModel, images: ImagesModel) {
    super();
    this.#session = session;
    this.#chain = chain;
    this.#images = images;
  }

  get all(): readonly Task[] {
    return this.#shown;
  }

  async close(): Promise<void> {
    this.silence();
    await Promise.all(this.#tasks.map((task) => task.ended));
  }

  async secret(): Promise<"nothing" | "password"> {
    const tools = await this.#session.tools;
    // Where there is no account to open, the task itself says so.
    const isNeeded = await tools.needsPassword(this.#session.context).catch(() => false);
    return isNeeded ? "password" : "nothing";
  }

  sign(reference: string, password?: string): Task {
    const meant = this.#images.meant(reference);
    const execute = signing(this.#session, reference, meant, new Secret(password));
    return this.#begin({ kind: "sign", subject: reference, stage: "unlocking" }, execute, () =>
      this.#images.again(reference),
    );
  }

  approve(entry: CatalogueEntry, password?: string): Task {
    const execute = approving(this.#session, entry, new Secret(password));
    return this.#begin({ kind: "approve", subject: entry.claim, stage: "unlocking" }, execute);
  }

  revoke(target: string, reason: string, password?: string): Task {
    const { reference } = this.#images.meant(target);
    const told = this.#told.get(target);
    this.#told.delete(target);
    const execute = revoking(this.#session, reference, reason, told, new Secret(password));
    return this.#begin({ kind: "revoke", subject: target, stage: "unlocking" }, execute, () =>
      this.#images.again(target),
    );
  }

  async falling(target: string, signal: AbortSignal): Promise<Falling> {
    const session = this.#session;
    const { reference } = this.#images.meant(target);
    const until = AbortSignal.any([signal, session.signal]);
    return session.withConnection(until, async (connection, tools) => {
      const context = session.contextFor(until, () => {});
      const organisation = await tools.currentOrganisation(context, connection, undefined);
      const revocation = await tools.findRevocation(context, connection, organisation, reference);
      const digests = revocation.kind === "digests" ? revocation.digests : [];
      this.#told.set(target, new Set(digests));
      return {
        organisation: organisation.name,
        names: tools.fallingNames(revocation),
        digests,
        claim: revocation.kind === "claim" ? revocation.claim.id : undefined,
        before: tools.hasFallen(revocation),
      };
    });
  }

  pull(reference: string): Task {
    const execute = pulling(this.#session, reference);
    return this.#begin({ kind: "pull", subject: reference, stage: "pulling" }, execute, () =>
      this.#images.refresh(),
    );
  }

  diff(reference: string): Task {
    const execute = comparing(this.#session, this.#images.meant(reference).reference);
    return this.#begin({ kind: "diff", subject: reference, stage: "reading" }, execute);
  }

  async startNeeds(): Promise<"nothing" | "password" | "new"> {
    const tools = await this.#session.tools;
    const { context } = this.#session;
    if ((await tools.readNetworkProfile(context.home)) !== undefined) return "nothing";
    const hasAccount = (await tools.accountsOf(context).list()).length > 0;
    const isGiven =
      context.passwordFd !== undefined || giving.some((name) => (context.env[name] ?? "") !== "");
    return hasAccount || isGiven ? this.secret() : "new";
  }

  start(password?: string): Task {
    const about = {
      kind: "start",
      subject: this.#session.context.home.directory,
      stage: "starting",
    } as const;
    return this.#begin(about, starting(new Secret(password)), () => this.#chain.retry());
  }

  dismiss(task: Task): void {
    this.#tasks = this.#tasks.filter((one) => one !== task || !one.isOver);
    this.changed();
  }

  protected override take(): void {
    this.#shown = [...this.#tasks];
  }

  #begin(
    about: Pick<Task, "kind" | "subject" | "stage">,
    execute: Execute,
    after: () => void = () => {},
  ): Task {
    const task = new RunningTask(
      about,
      this.#session,
      (transaction) => this.#chain.addOwn(transaction),
      execute,
    );
    this.#tasks = [task, ...this.#tasks];
    // Whoever looks at all of them sees each of them change.
    task.subscribe(() => this.changed());
    void task.ended.then(() => {
      const over = this.#tasks.filter((one) => one.isOver);
      const forgotten = new Set(over.slice(maxOver));
      this.#tasks = this.#tasks.filter((one) => !forgotten.has(one));
      this.changed();
      if (!this.#session.signal.aborted) after();
    });
    this.changed();
    return task;
  }
}
