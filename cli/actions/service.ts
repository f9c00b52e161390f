import { existsSync } from "node:fs";
import { realpath, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { EmbeddedChainStatus } from "../../src/internal.ts";
import * as library from "../../src/internal.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { chainUnit, chainUnitName } from "../install/chain-unit.ts";
import { call, systemctl } from "../install/systemd.ts";
import { sanitizeLine, toJson } from "../output/sanitize.ts";
import { table } from "../output/table.ts";

/** Which service manager runs the chain. */
export interface ServiceOptions {
  /** a user's own rather than the machine's; undefined: the machine's for root alone */
  readonly user?: boolean;
  readonly unitDir?: string;
}

export interface InstallServiceOptions extends ServiceOptions {
  readonly port?: number;
  readonly metrics?: string;
}

/** How long the chain may take to answer, which executes its journal first, in milliseconds. */
const readyTime = 300_000;

/** Has a service manager run this home's chain, from now on and from each start of the machine. Whatever goes wrong is undone. */
export async function installService(context: Context, options: InstallServiceOptions): Promise<number> {
  const { home } = context;
  const words = context.words.service;
  const profile = await library.readNetworkProfile(home);
  if (profile === undefined) throw library.failure("CHAIN_MISSING", { directory: home.directory });
  if (!profile.embedded) throw library.failure("SERVICE_WITHOUT_CHAIN", { home: home.directory });
  const place = placeOf(context, options);
  const directory = await realpath(home.directory);
  const owner = await stat(directory);
  const text = chainUnit({
    home: directory,
    user: place.isUser ? undefined : { uid: owner.uid, gid: owner.gid },
    port: options.port,
    metrics: options.metrics,
  });
  const before = await library.readSmallFile(place.unit);
  // Two processes cannot have one chain: neither an earlier service's nor one in the background may be left.
  if (before !== undefined) await systemctl(...place.flags, "stop", chainUnitName).catch(() => {});
  const wasRunning = await library.stopEmbeddedChain({ directory: home.chain });
  if (wasRunning) context.note(words.tookOver);
  try {
    await writeUnit(place.unit, text);
    await systemctl(...place.flags, "daemon-reload");
    await systemctl(...place.flags, "enable", chainUnitName);
    await systemctl(...place.flags, "restart", chainUnitName);
    const chain = await waitForChain(context, place);
    if (context.json) context.result(toJson({ unit: place.unit, ...toShown(chain) }));
    else if (!context.quiet) context.result(sanitizeLine(words.installed(chain.url ?? "", chain.pid)));
  } catch (error) {
    if (before === undefined) await removeService(place);
    else {
      await writeUnit(place.unit, before).catch(() => {});
      await systemctl(...place.flags, "daemon-reload").catch(() => {});
      await systemctl(...place.flags, "restart", chainUnitName).catch(() => {});
    }
    if (wasRunning) await library.startEmbeddedChain({ directory: home.chain }).catch(() => {});
    throw error;
  }
  if (place.isUser) context.note(words.linger);
  return exitCodes.success;
}

/** Stops the chain, and has nobody start it any more. What it recorded stays. */
export async function uninstallService(context: Context, options: ServiceOptions): Promise<number> {
  const place = placeOf(context, options);
  const wasInstalled = existsSync(place.unit);
  if (wasInstalled) await removeService(place);
  if (context.json) context.result(toJson({ uninstalled: wasInstalled }));
  else if (!context.quiet)
    context.result(wasInstalled ? context.words.service.uninstalled : context.words.service.notInstalled);
  return exitCodes.success;
}

/** Shows whether the service is installed, runs, and its chain answers; the exit code is 20 where one of these is not so. */
export async function showService(context: Context, options: ServiceOptions): Promise<number> {
  const place = placeOf(context, options);
  const words = context.words.service;
  const ask = async (verb: string): Promise<boolean> =>
    (await call("systemctl", [...place.flags, verb, "--quiet", chainUnitName])).error === undefined;
  const isInstalled = existsSync(place.unit);
  const [isEnabled, isActive, chain] = await Promise.all([
    isInstalled && ask("is-enabled"),
    isInstalled && ask("is-active"),
    library.readEmbeddedChain({ directory: context.home.chain }),
  ]);
  const isWhole = isInstalled && isEnabled && isActive && chain?.responding === true;
  if (context.json) {
    context.result(
      toJson({
        unit: isInstalled ? place.unit : null,
        enabled: isEnabled,
        active: isActive,
        chain: chain === undefined ? null : toShown(chain),
      }),
    );
  } else {
    const rows = [
      [words.unit, isInstalled ? place.unit : words.none],
      [words.starts, isEnabled ? words.withMachine : words.byHand],
      [words.runs, isActive ? words.yes : words.no],
      [words.chain, chain?.responding === true ? words.answers(chain.url ?? "", chain.pid) : words.silent],
    ];
    for (const line of table(rows)) context.result(line);
  }
  return isWhole ? exitCodes.success : exitCodes.inconclusive;
}

/** Where the unit is, and what systemctl is told of whose it is. */
interface Place {
  readonly isUser: boolean;
  readonly unit: string;
  readonly flags: readonly string[];
}

function placeOf({ env }: Context, { user, unitDir }: ServiceOptions): Place {
  const isUser = user ?? process.geteuid?.() !== 0;
  const usual = isUser
    ? join(env["XDG_CONFIG_HOME"] || join(homedir(), ".config"), "systemd", "user")
    : "/etc/systemd/system";
  return { isUser, unit: join(unitDir ?? usual, chainUnitName), flags: isUser ? ["--user"] : [] };
}

async function writeUnit(file: string, text: string): Promise<void> {
  await library.makePrivateDirectory(join(file, ".."));
  await library.writeFileAtomic(file, text, { mode: 0o644 });
}

async function removeService({ unit, flags }: Place): Promise<void> {
  await systemctl(...flags, "disable", "--now", chainUnitName).catch(() => {});
  await rm(unit, { force: true });
  await systemctl(...flags, "daemon-reload").catch(() => {});
}

/** @throws SERVICE_SILENT, CANCELLED */
async function waitForChain({ home, signal }: Context, { isUser }: Place): Promise<EmbeddedChainStatus> {
  const end = performance.now() + readyTime;
  while (performance.now() < end) {
    if (signal.aborted) throw library.failure("CANCELLED");
    const chain = await library.readEmbeddedChain({ directory: home.chain });
    if (chain?.responding === true) return chain;
    await sleep(250);
  }
  const command = `journalctl ${isUser ? "--user " : ""}-u ${chainUnitName}`;
  throw library.failure("SERVICE_SILENT", { seconds: readyTime / 1000, command });
}

function toShown({ pid, url, responding, head }: EmbeddedChainStatus) {
  return { pid, url: url ?? null, responding, block: head?.number ?? null };
}
