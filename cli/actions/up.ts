import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Account, Bootstrapped, EmbeddedChainStart, Signer } from "../../src/internal.ts";
import * as library from "../../src/internal.ts";
import type { Context } from "../context.ts";
import { environmentKey } from "../environment-key.ts";
import { ProgressDisplay } from "../output/progress.ts";
import { sanitizeLine, toJson } from "../output/sanitize.ts";
import { table } from "../output/table.ts";
import { type NewPassword, newPassword } from "../passwords.ts";
import { accountsOf, currentAccount, unlockAccount } from "../secrets.ts";

export interface UpOptions {
  readonly org?: string;
  readonly port?: number;
  /** where the chain's process serves its metrics */
  readonly metrics?: string;
  /** whether the chain ends with this process */
  readonly foreground?: boolean;
}

/** What `up` has brought about. */
interface Brought extends Bootstrapped {
  readonly chain: EmbeddedChainStart;
  readonly account: UpAccount;
  /** the organisation that was in use before, where that was another */
  readonly before: string | undefined;
}

/** Milliseconds until a person is told what takes long, and from then on between two lines where stderr is no terminal. */
const patience = 1_000;
const lineInterval = 10_000;

/** Starts what is not running and makes what is missing. Where it fails, nothing that it started is left running. */
export async function up(context: Context, options: UpOptions): Promise<number> {
  const { home, signal } = context;
  const joined = await library.readNetworkProfile(home);
  if (joined !== undefined && !joined.embedded)
    throw library.failure("NETWORK_JOINED", { home: home.directory, chainId: joined.chainId });
  if ((context.env["DAOCHAIN_RPC_URL"] ?? "") !== "") throw library.failure("RPC_URL_SET");
  await library.makePrivateDirectory(home.directory);

  if (options.foreground !== true) {
    const start = (stages: Stages) => library.startEmbeddedChain(startOptions(context, options, stages));
    const stop = () => library.stopEmbeddedChain({ directory: home.chain });
    const brought = await inTurn(context, () => bring(context, options, start, stop));
    report(context, brought);
    if (options.metrics !== undefined && !brought.chain.started)
      context.note(context.words.service.metricsLater);
    return 0;
  }
  let attached: Awaited<ReturnType<typeof library.startAttachedChain>> | undefined;
  const start = async (stages: Stages) => {
    attached = await library.startAttachedChain(startOptions(context, options, stages));
    return attached;
  };
  report(context, await inTurn(context, () => bring(context, options, start, async () => attached?.stop())));
  if (!signal.aborted) context.note(context.words.chain.untilStopped);
  await attached?.ended;
  return 0;
}

function startOptions({ home, signal }: Context, { port, metrics }: UpOptions, stages: Stages) {
  return {
    directory: home.chain,
    port,
    metrics,
    signal,
    onProgress: ({ done, total }: { done: number; total: number }) => stages.replaying(done, total),
  };
}

/** @param stop ends the chain that `start` started */
async function bring(
  context: Context,
  options: UpOptions,
  start: (stages: Stages) => Promise<EmbeddedChainStart>,
  stop: () => Promise<unknown>,
): Promise<Brought> {
  const { home, signal, words } = context;
  const stages = new Stages(context);
  const account = await openAccount(context);
  stages.at(words.chain.starting);
  const chain = await start(stages).finally(() => stages.clear());
  try {
    stages.at(words.chain.settingUp);
    const { organisation: inUse } = await library.readSettings(home);
    const found = await library.bootstrap(home, chain.url, {
      organisation: options.org,
      inUse,
      unlock: () => {
        stages.clear();
        return account.unlock();
      },
      signal,
    });
    const { name } = found.organisation;
    const settings = await library.readSettings(home);
    const change = {
      ...(settings.account === undefined && account.name !== null ? { account: account.name } : {}),
      ...(settings.organisation === name ? {} : { organisation: name }),
    };
    if (Object.keys(change).length > 0) await library.changeSettings(home, change);
    return { ...found, chain, account, before: inUse === name ? undefined : inUse };
  } catch (error) {
    if (chain.started) await stop();
    throw error;
  } finally {
    stages.clear();
  }
}

/** Runs a task while no other `up` of this home does: neither makes what the other makes, or stops what the other uses. */
async function inTurn<T>(context: Context, task: () => Promise<T>): Promise<T> {
  const { home, signal, words } = context;
  await library.makePrivateDirectory(home.locks);
  const begin = performance.now();
  for (let isTold = false; ; ) {
    if (signal.aborted) throw library.failure("CANCELLED");
    const lock = tryLock(join(home.locks, "up.lock"));
    if (lock !== undefined) return task().finally(() => lock.release());
    if (!isTold && performance.now() - begin > patience) {
      isTold = true;
      context.note(words.chain.waitingForOther);
    }
    await sleep(50);
  }
}

function tryLock(file: string): ReturnType<typeof library.takeLock> | undefined {
  try {
    return library.takeLock(file, 0);
  } catch (error) {
    if (library.isDaoChainError(error, "CHAIN_LOCKED")) return undefined;
    throw error;
  }
}

function report(context: Context, { chain, profile, organisation, made, account, before }: Brought): void {
  const { home } = context;
  const words = context.words.chain;
  if (chain.tornBytes > 0) context.note(words.tornBytes(chain.tornBytes));
  if (context.json) {
    const { url, pid, started, chainId, genesisHash, tornBytes } = chain;
    context.result(
      toJson({
        chain: { id: chainId, url, pid, started, genesisHash, tornBytes },
        registry: profile.registry,
        organisation: organisation.name,
        account: account.description,
        made: { ...made, account: account.isMade },
        home: home.directory,
      }),
    );
  } else if (!context.quiet) {
    const was = (isNew: boolean): string => (isNew ? words.isNew : words.found);
    const { name, namespaces } = organisation;
    const rows = [
      [
        words.chain,
        chain.started ? words.started : words.running,
        words.chainAt(chain.url, chain.chainId, chain.pid),
      ],
      [words.registry, was(made.registry), profile.registry],
      [words.organisation, was(made.organisation), `${name} (${words.owns(namespaces)})`],
      [words.account, was(account.isMade), `${account.label} ${account.address}`],
    ];
    for (const line of table(rows)) context.result(line);
  }
  if (account.passwordFile !== undefined) context.note(words.passwordGenerated(account.passwordFile));
  if (before !== undefined)
    context.note(words.switched(sanitizeLine(organisation.name), sanitizeLine(before)));
  if (made.organisation && !context.json) context.note(words.nextSign);
}

/** What is going on, on a terminal, for a person who has waited for a second; elsewhere a line now and then while blocks are replayed. */
class Stages {
  readonly #context: Context;
  readonly #progress: ProgressDisplay;
  readonly #areLines: boolean;
  #next = performance.now() + patience;

  constructor(context: Context) {
    this.#context = context;
    this.#progress = new ProgressDisplay(context);
    this.#areLines = process.stderr.isTTY !== true && !context.json;
  }

  at(what: string): void {
    this.#progress.words(this.#context.words.chain.chain, what);
  }

  replaying(done: number, total: number): void {
    const { replaying, stage } = this.#context.words.chain;
    this.at(replaying(done, total));
    if (!this.#areLines || performance.now() < this.#next) return;
    this.#next = performance.now() + lineInterval;
    this.#context.note(stage(replaying(done, total)));
  }

  clear(): void {
    this.#progress.clear();
  }
}

/** Who brings it about. */
interface UpAccount {
  /** null where the environment gives the key */
  readonly name: string | null;
  readonly address: string;
  /** what it is called where a person reads it */
  readonly label: string;
  readonly isMade: boolean;
  /** where the password is that was generated for it */
  readonly passwordFile: string | undefined;
  /** as JSON has it */
  readonly description: object;
  unlock(): Promise<Signer>;
}

/** The environment's key, or this home's account, made where there is none. */
async function openAccount(context: Context): Promise<UpAccount> {
  const key = await environmentKey(context);
  if (key !== undefined) {
    const { variable, signer } = key;
    const { address } = signer;
    return {
      name: null,
      address,
      label: variable,
      isMade: false,
      passwordFile: undefined,
      description: { name: null, address },
      unlock: async () => signer,
    };
  }
  const store = accountsOf(context);
  if ((await store.list()).length > 0) return toUpAccount(context, await currentAccount(context));
  const name = "default";
  const made = await newPassword(context, name);
  try {
    return toUpAccount(context, await store.create(name, made.password), made);
  } catch (error) {
    // Another process has made one meanwhile.
    if (!library.isDaoChainError(error, "ACCOUNT_EXISTS")) throw error;
    return toUpAccount(context, await currentAccount(context));
  }
}

function toUpAccount(context: Context, account: Account, made?: NewPassword): UpAccount {
  let signer: Promise<Signer> | undefined;
  return {
    name: account.name,
    address: account.address,
    label: account.name,
    isMade: made !== undefined,
    passwordFile: made?.file,
    description: account,
    unlock: () => {
      signer ??= unlockAccount(context, account, made?.password);
      return signer;
    },
  };
}
