import type { Account, Signer } from "../../src/index.ts";
import * as library from "../../src/index.ts";
import type { Context } from "../context.ts";
import { ProgressDisplay } from "../output/progress.ts";
import { toJson } from "../output/sanitize.ts";
import { table } from "../output/table.ts";
import { accountsOf, currentAccount, newPassword, unlockAccount } from "../secrets.ts";

export interface UpOptions {
  readonly org?: string;
  readonly port?: number;
}

/** Starts what is not running and makes what is missing. */
export async function up(context: Context, options: UpOptions): Promise<number> {
  const { home } = context;
  const progress = new ProgressDisplay(context);
  await library.makePrivateDirectory(home.directory);
  const chain = await library
    .startEmbeddedChain({
      directory: home.chain,
      ...(options.port === undefined ? {} : { port: options.port }),
      signal: context.signal,
      onProgress: ({ done, total }) => progress.words("chain", `replaying block ${done} of ${total}`),
    })
    .finally(() => progress.clear());
  if (chain.tornBytes > 0) {
    context.note(
      `The chain's journal ended in ${chain.tornBytes} bytes of a block that was never acknowledged; they were cut off.`,
    );
  }
  const wallet = new Wallet(context);
  const account = await wallet.account();
  const { profile, organisation, made } = await library.bootstrap(home, chain.url, {
    organisation: options.org,
    unlock: () => wallet.unlock(),
    signal: context.signal,
  });
  const settings = await library.readSettings(home);
  const change = {
    ...(settings.account === undefined && account.name !== "" ? { account: account.name } : {}),
    ...(settings.organisation === undefined || options.org !== undefined
      ? { organisation: organisation.name }
      : {}),
  };
  if (Object.keys(change).length > 0) await library.changeSettings(home, change);

  if (context.json) {
    const { url, pid, started, chainId, genesisHash, tornBytes } = chain;
    context.result(
      toJson({
        chain: { id: chainId, url, pid, started, genesisHash, tornBytes },
        registry: profile.registry,
        organisation: organisation.name,
        account: account.name === "" ? { name: null, address: account.address } : account,
        made: { ...made, account: wallet.made },
        home: home.directory,
      }),
    );
    return 0;
  }
  const was = (isNew: boolean): string => (isNew ? "new" : "found");
  const rows = [
    [
      "chain",
      chain.started ? "started" : "running",
      `${chain.url} (chain id ${chain.chainId}, process ${chain.pid})`,
    ],
    ["registry", was(made.registry), profile.registry],
    [
      "organisation",
      was(made.organisation),
      `${organisation.name} (${describeNamespaces(organisation.namespaces)})`,
    ],
    [
      "account",
      was(wallet.made),
      `${account.name === "" ? "DAOCHAIN_PRIVATE_KEY" : account.name} ${account.address}`,
    ],
  ];
  if (!context.quiet) for (const line of table(rows)) context.result(line);
  if (wallet.passwordFile !== undefined)
    context.note(`The account's password was generated into ${wallet.passwordFile}.`);
  return 0;
}

function describeNamespaces(namespaces: readonly string[]): string {
  if (namespaces.includes("")) return "owns every repository";
  return namespaces.length === 0 ? "owns no repository" : `owns ${namespaces.join(", ")}`;
}

/** This home's wallet, made at the first need and unlocked at most once. */
class Wallet {
  readonly #context: Context;
  #signer: Promise<Signer> | undefined;
  #password: string | undefined;
  made = false;
  passwordFile: string | undefined;

  constructor(context: Context) {
    this.#context = context;
  }

  /** The account in use; its name is empty where the key comes from the environment. */
  async account(): Promise<Pick<Account, "name" | "address">> {
    const context = this.#context;
    const key = context.env["DAOCHAIN_PRIVATE_KEY"] ?? "";
    if (key !== "") {
      const signer = library.privateKeySigner(key);
      this.#signer = Promise.resolve(signer);
      return { name: "", address: signer.address };
    }
    if ((await accountsOf(context).list()).length > 0) return currentAccount(context);
    const name = "default";
    const { password, file } = await newPassword(context, name);
    try {
      const account = await accountsOf(context).create(name, password);
      this.#password = password;
      this.passwordFile = file;
      this.made = true;
      return account;
    } catch (error) {
      // Another `up` was faster.
      if (!library.isDaoChainError(error, "ACCOUNT_EXISTS")) throw error;
      return currentAccount(context);
    }
  }

  unlock(): Promise<Signer> {
    this.#signer ??= this.#unlock();
    return this.#signer;
  }

  async #unlock(): Promise<Signer> {
    return unlockAccount(this.#context, await currentAccount(this.#context), this.#password);
  }
}
