import type { Account } from "../../../src/internal.ts";
import type { AccountsView } from "../browser.ts";
import { type Failure, toFailure } from "../failure.ts";
import type { ChainModel } from "./chain.ts";
import { Observed } from "./observable.ts";
import type { Session, Tools } from "./session.ts";
import { WakeUp } from "./wake-up.ts";

/** How often accounts, settings and balance are looked at, in milliseconds: other processes change them too. */
const interval = 5000;

type Shown = Pick<AccountsView, "accounts" | "current" | "roles" | "balance" | "failure">;

/** The accounts of this home, and what the one in use may do. */
export class AccountsModel extends Observed implements AccountsView {
  readonly #session: Session;
  readonly #chain: ChainModel;
  readonly #wakeUp = new WakeUp();
  #accounts: readonly Account[] = [];
  #current: Account | undefined;
  #organisation: string | undefined;
  #governor: string | undefined;
  #balance: bigint | undefined;
  #failure: Failure | undefined;
  #ended: Promise<void> | undefined;
  #shown: Shown = { accounts: [], current: undefined, roles: [], balance: undefined, failure: undefined };

  constructor(session: Session, chain: ChainModel) {
    super();
    this.#session = session;
    this.#chain = chain;
    chain.onIndex(() => this.changed());
    chain.onReturned(() => this.#wakeUp.call());
  }

  get accounts(): readonly Account[] {
    return this.#shown.accounts;
  }

  get current(): string | undefined {
    return this.#shown.current;
  }

  get roles(): AccountsView["roles"] {
    return this.#shown.roles;
  }

  get balance(): bigint | undefined {
    return this.#shown.balance;
  }

  get failure(): Failure | undefined {
    return this.#shown.failure;
  }

  /** Address of the account in use. */
  get address(): string | undefined {
    return this.#current?.address;
  }

  /** Name of the organisation in use. */
  get organisation(): string | undefined {
    return this.#organisation;
  }

  start(): void {
    this.#ended = this.#run();
  }

  async close(): Promise<void> {
    this.silence();
    await this.#ended;
  }

  async create(name: string, password: string): Promise<void> {
    const tools = await this.#session.tools;
    const { context } = this.#session;
    await tools.chooseFirstAccount(context, await tools.accountsOf(context).create(name, password));
    await this.#read(tools);
  }

  async import(name: string, secret: string, password: string): Promise<void> {
    const tools = await this.#session.tools;
    const { context } = this.#session;
    const store = tools.accountsOf(context);
    const isKeystore = secret.trimStart().startsWith("{");
    const account = isKeystore
      ? await store.importKeystore(name, secret, password)
      : await store.importPrivateKey(name, secret, password);
    await tools.chooseFirstAccount(context, account);
    await this.#read(tools);
  }

  async use(name: string): Promise<void> {
    const tools = await this.#session.tools;
    const { context } = this.#session;
    const key = await tools.environmentKey(context);
    if (key !== undefined) {
      throw tools.failure("ACCOUNT_IN_ENVIRONMENT", { variable: key.variable });
    }
    await tools.accountsOf(context).show(name);
    await tools.changeSettings(context.home, { account: name });
    await this.#read(tools);
  }

  async useOrganisation(name: string): Promise<void> {
    const tools = await this.#session.tools;
    if (this.#chain.look((catalogue) => catalogue.organisation(name), undefined) === undefined) {
      await tools.requireOrganisation(await this.#chain.connection(), name);
    }
    await tools.changeSettings(this.#session.context.home, { organisation: name });
    await this.#read(tools);
  }

  protected override take(): void {
    this.#shown = {
      accounts: this.#accounts,
      current: this.#current?.name,
      roles: this.#roles(),
      balance: this.#balance,
      failure: this.#failure,
    };
  }

  #roles(): AccountsView["roles"] {
    const address = this.#current?.address;
    const name = this.#organisation;
    if (address === undefined) return [];
    const organisation =
      name === undefined
        ? undefined
        : this.#chain.look((catalogue) => catalogue.organisation(name), undefined);
    return [
      ...(organisation?.admins.includes(address) === true ? (["admin"] as const) : []),
      ...(organisation?.signers.includes(address) === true ? (["signer"] as const) : []),
      ...(this.#governor === address ? (["governor"] as const) : []),
    ];
  }

  async #run(): Promise<void> {
    const { signal } = this.#session;
    const tools = await this.#session.tools;
    while (!signal.aborted) {
      await this.#read(tools);
      await this.#ask(tools);
      await this.#wakeUp.wait(interval, signal);
    }
  }

  /** What is on disk. */
  async #read(tools: Tools): Promise<void> {
    const { context } = this.#session;
    try {
      this.#organisation = (await tools.readSettings(context.home)).organisation;
      const key = await tools.environmentKey(context);
      const accounts = await tools.accountsOf(context).list();
      this.#accounts =
        key === undefined
          ? accounts
          : [{ name: key.variable, address: key.signer.address, kind: "keystore" }, ...accounts];
      this.#current = key === undefined ? await tools.currentAccount(context) : this.#accounts[0];
      this.#failure = undefined;
    } catch (error) {
      this.#current = undefined;
      this.#failure = toFailure(error);
    }
    this.changed();
  }

  /** What the chain says of the account in use. */
  async #ask(tools: Tools): Promise<void> {
    const address = this.#current?.address;
    try {
      const connection = await this.#chain.connection();
      this.#governor = await tools.readGovernor(connection);
      const answers =
        address === undefined
          ? []
          : await connection.rpc.callAll([["eth_gasPrice"], ["eth_getBalance", address, "latest"]]);
      const [price, balance] = answers.map(toQuantity);
      this.#balance = price === undefined || price === 0n ? undefined : balance;
    } catch {
      // The chain's own page says why it does not answer.
      this.#balance = undefined;
    }
    this.changed();
  }
}

function toQuantity(value: unknown): bigint | undefined {
  return typeof value === "string" && /^0x[0-9a-f]{1,64}$/i.test(value) ? BigInt(value) : undefined;
}
