import { existsSync } from "node:fs";
import { join } from "node:path";
import type { DockerStatus, EmbeddedChainStatus, Organisation, Rollback } from "../../src/internal.ts";
import * as library from "../../src/internal.ts";
import { currentOrganisation, withConnection } from "../connection.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { findGates } from "../install/installed-gates.ts";
import { formatBytes } from "../output/bytes.ts";
import { sanitizeLine, toJson } from "../output/sanitize.ts";
import { table } from "../output/table.ts";
import { accountInForce } from "../secrets.ts";
import { lossOf } from "./backup.ts";
import { sizeOf } from "./home-size.ts";

/** How far the chain may be ahead of this machine's clock, in seconds, before that is said. */
const clockTolerance = 60;

interface Chain {
  readonly id: number;
  readonly url: string;
  readonly block: number;
  /** of the newest block, in seconds since 1970 */
  readonly time: number;
  readonly registry: string;
  readonly organisation: Organisation | undefined;
}

interface AccountStatus {
  readonly name: string;
  readonly address: string;
  /** why it is this one, as `account show` says */
  readonly source: string;
}

/** What could not be asked: why, and what to do about it. */
interface Unknown {
  readonly error: library.DaoChainError;
}

/** Shows what there is and what answers. The exit code is 20 where the chain does not. */
export async function status(context: Context): Promise<number> {
  const { home } = context;
  const embedded = await library.readEmbeddedChain({ directory: home.chain });
  const [chain, account, docker, gates, disk, rollbacks] = await Promise.all([
    known<Chain>(() => askChain(context)),
    known<AccountStatus>(() => askAccount(context)),
    known<DockerStatus>(() => library.pingDocker({ signal: context.signal })),
    findGates(),
    sizeOf(home.directory),
    known<readonly Rollback[]>(() => library.readRollbacks(home)),
  ]);
  const log = join(home.chain, "chain.log");
  const found = {
    chain,
    account,
    docker,
    gates,
    disk,
    rollbacks,
    embedded,
    log: existsSync(log) ? log : undefined,
    behind: "error" in chain ? 0 : Math.max(0, Math.round(chain.time - Date.now() / 1000)),
    next: nextStep(context, chain, account),
  };
  if (context.json) await showJson(context, found);
  else showText(context, found);
  return "error" in chain ? exitCodes.inconclusive : exitCodes.success;
}

interface Found {
  readonly chain: Chain | Unknown;
  readonly account: AccountStatus | Unknown;
  readonly docker: DockerStatus | Unknown;
  readonly gates: Awaited<ReturnType<typeof findGates>>;
  readonly disk: { readonly used: number; readonly free: number } | undefined;
  readonly rollbacks: readonly Rollback[] | Unknown;
  readonly embedded: EmbeddedChainStatus | undefined;
  readonly log: string | undefined;
  /** seconds by which the chain's newest block is ahead of this machine's clock */
  readonly behind: number;
  readonly next: string;
}

async function showJson(context: Context, found: Found): Promise<void> {
  const { chain, account, docker, gates, disk, rollbacks, embedded, log, behind } = found;
  const sentence = (unknown: Unknown): { error: string } => ({ error: unknown.error.message });
  // What programs read stays English.
  const [{ en }, translator] = await Promise.all([
    import("../words/en/index.ts"),
    library.translatorFor("en"),
  ]);
  context.result(
    toJson({
      home: context.home.directory,
      chain: {
        running: !("error" in chain),
        embedded: embedded ?? null,
        ...("error" in chain ? sentence(chain) : toChainJson(chain)),
        log: log ?? null,
      },
      account: "error" in account ? sentence(account) : account,
      docker: "error" in docker ? sentence(docker) : docker,
      gates,
      disk: disk ?? null,
      clock: { behind: "error" in chain ? null : behind, isOff: behind > clockTolerance },
      rollbacks: "error" in rollbacks ? sentence(rollbacks) : rollbacks,
      warnings: [
        ...(embedded?.warnings ?? []),
        ...(behind > clockTolerance ? [en.chain.clockBehind(behind)] : []),
      ],
      next: nextStep({ ...context, words: en, translator }, chain, account),
    }),
  );
}

function toChainJson({ id, url, block, registry, organisation }: Chain) {
  return {
    id,
    url,
    block,
    registry,
    organisation: organisation?.name ?? null,
    threshold: organisation?.threshold ?? null,
    signers: organisation?.signers ?? [],
  };
}

function showText(context: Context, found: Found): void {
  const { chain, account, docker, gates, disk, rollbacks, embedded, log, behind, next } = found;
  const words = context.words.chain;
  const why = ({ error }: Unknown): string => context.translator.say(error);
  const { directory } = context.home;
  const rows = [
    [
      words.home,
      disk === undefined ? directory : words.disk(directory, formatBytes(disk.used), formatBytes(disk.free)),
    ],
    [
      words.chain,
      "error" in chain ? words.notReachable(why(chain)) : words.endpoint(chain.url, chain.id, chain.block),
    ],
    ...(embedded === undefined ? [] : [[words.process, describeProcess(context, embedded)]]),
    ...(log === undefined ? [] : [[words.log, log]]),
    ...("error" in chain
      ? []
      : [
          [words.registry, chain.registry],
          [words.organisation, describeOrganisation(context, chain.organisation)],
        ]),
    [words.account, "error" in account ? why(account) : `${account.name} ${account.address}`],
    [
      words.docker,
      "error" in docker
        ? words.notReachable(why(docker))
        : words.engine(docker.version, docker.host, docker.store),
    ],
    ...gates.map(({ kind, unit, socket, state }) => [
      words.gate,
      `${kind} ${words.gateState(state)} (${unit ?? socket})`,
    ]),
    [words.next, next],
  ];
  for (const line of table(rows)) context.result(line);
  const { warning } = context.words.common;
  for (const text of embedded?.warnings ?? [])
    context.note(warning(sanitizeLine(context.translator.say(text))));
  if (behind > clockTolerance) context.note(warning(words.clockBehind(behind)));
  const { backup } = context.words;
  if ("error" in rollbacks) context.note(warning(sanitizeLine(why(rollbacks))));
  else
    for (const rollback of rollbacks)
      context.note(warning(backup.rollbackKnown(rollback.at, lossOf(backup, rollback))));
}

function describeProcess({ words }: Context, embedded: EmbeddedChainStatus): string {
  const { pid, rss, journalBytes, responding, url, replay } = embedded;
  const { chain } = words;
  if (!responding && url === undefined) return chain.embeddedReplays(pid, replay.done, replay.total);
  if (!responding) return chain.embeddedSilent(pid);
  return chain.embedded(pid, formatBytes(rss ?? 0), formatBytes(journalBytes ?? 0));
}

function describeOrganisation({ words }: Context, organisation: Organisation | undefined): string {
  if (organisation === undefined) return words.chain.noneInUse;
  const { name, threshold, signers } = organisation;
  return words.chain.members(name, threshold, signers.length);
}

/** What to do next: what mends the first thing that is amiss, else what all of it is there for. */
function nextStep(
  { words, translator }: Context,
  chain: Chain | Unknown,
  account: AccountStatus | Unknown,
): string {
  const { nextUp, nextUse, nextAccount, nextSigner, nextWork } = words.chain;
  if ("error" in chain) return sanitizeLine(translator.error(chain.error).hint ?? nextUp);
  if (chain.organisation === undefined) return nextUse;
  if ("error" in account) return nextAccount;
  const { name, signers } = chain.organisation;
  return signers.includes(account.address) ? nextWork : nextSigner(sanitizeLine(name), account.address);
}

async function askChain(context: Context): Promise<Chain> {
  return withConnection(context, async (connection) => {
    const block = await library.readBlock(connection.rpc);
    const organisation = await currentOrganisation(context, connection, undefined).catch(() => undefined);
    const { chainId, registry } = connection.profile;
    return {
      id: chainId,
      url: connection.rpc.label,
      block: block.number,
      time: block.time,
      registry,
      organisation,
    };
  });
}

async function askAccount(context: Context): Promise<AccountStatus> {
  const inForce = await accountInForce(context);
  const { source } = inForce;
  if (source === "environment") return { name: inForce.variable, address: inForce.signer.address, source };
  return { ...inForce.account, source };
}

/** The answer, or why there is none. */
async function known<T extends object>(ask: () => Promise<T>): Promise<T | Unknown> {
  try {
    return await ask();
  } catch (error) {
    if (library.isDaoChainError(error) && error.outcome !== "cancelled") return { error };
    throw error;
  }
}
