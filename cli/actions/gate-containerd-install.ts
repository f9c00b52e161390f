import { existsSync } from "node:fs";
import { mkdir, readdir, realpath, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import * as library from "../../src/internal.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { checkContainerd, type Finding, isVerifierRun, versionOf } from "../install/containerd-checks.ts";
import { type ContainerdPlace, readContainerdSettings } from "../install/containerd-config.ts";
import { gateUnit } from "../install/gate-unit.ts";
import { askReady, removeUnit, systemctl, waitUntil } from "../install/systemd.ts";
import { wrapperName, wrapperText } from "../install/verifier-wrapper.ts";
import { sanitizeLine, toJson } from "../output/sanitize.ts";
import { gate as englishGate } from "../words/en/gate.ts";
import { saidOf, toGateArguments } from "./gate.ts";
import type { ContainerdGateOptions } from "./gate-containerd.ts";

interface InstallPlaces extends ContainerdPlace {
  readonly unitDir: string;
  /** false: the gate is served by other means than systemd */
  readonly service: boolean;
}

export interface InstallContainerdOptions extends ContainerdGateOptions, InstallPlaces {}

type GateWords = Context["words"]["gate"];
/** JSON is English in every language. */
const { findings: english } = englishGate;

const gate = {
  name: "daochain-gate-containerd.service",
  description: "DaoChain's gate of containerd",
  before: "containerd.service",
};
/** How long the gate may take to read the registry, in milliseconds. */
const readyTime = 120_000;
const usualBinDir = "/opt/containerd/image-verifier/bin";

/**
 * Serves the gate as a unit, and has containerd ask it once it decides: from then on, what is not verified is not pulled. Whatever goes wrong before
 * is undone: a gate that was there before is served as it was.
 */
export async function installContainerdGate(
  context: Context,
  options: InstallContainerdOptions,
): Promise<number> {
  const { home, signal } = context;
  const socket = resolve(options.socket);
  const settings = await readContainerdSettings(options);
  const { binDir, version } = settings;
  if (binDir === "") throw library.failure("CONTAINERD_BIN_DIR_EMPTY");
  if (versionOf(settings).major < 2) throw library.failure("CONTAINERD_TOO_OLD", { version: version ?? "" });
  const { gate: words } = context.words;
  const wrapper = wrapperText(process.execPath, await verifierPath(), socket);
  const unit = join(options.unitDir, gate.name);
  const isAsked = existsSync(join(binDir, wrapperName));
  const unitBefore = await library.readSmallFile(unit);
  try {
    if (options.service) {
      const words = ["containerd", ...toGateArguments(options), "--socket", socket, "--home", home.directory];
      await library.writeFileAtomic(unit, gateUnit(gate, words, socket), { mode: 0o644 });
      await systemctl("daemon-reload");
      await systemctl("enable", gate.name);
      await systemctl("restart", gate.name);
    }
    context.note(words.waiting);
    await waitUntil(async () => (await askReady(socket)) === 200, {
      time: readyTime,
      signal,
      unitName: gate.name,
      otherwise: "GATE_NOT_READY",
    });
    await mkdir(binDir, { recursive: true, mode: 0o755 });
    await library.writeFileAtomic(join(binDir, wrapperName), wrapper, { mode: 0o755 });
  } catch (error) {
    if (options.service && !isAsked) await removeUnit(unit, gate.name);
    if (options.service && isAsked && unitBefore !== undefined) await restoreUnit(unit, unitBefore);
    if (isAsked) context.note(`${words.containerd.askedAsBefore} ${breakGlass(words, binDir)}`);
    throw error;
  }
  const findings = await checkContainerd(settings, await trusted(options.socket));
  for (const finding of findings) context.note(toText(words, finding));
  context.note(words.containerd.unseen);
  context.note(`${words.containerd.asked} ${breakGlass(words, binDir)}`);
  return findings.some(({ isBypass }) => isBypass) ? exitCodes.inconclusive : exitCodes.success;
}

/** Has containerd ask no more. It needs neither the gate nor the chain nor containerd. */
export async function uninstallContainerdGate(context: Context, options: InstallPlaces): Promise<number> {
  const { containerd: words } = context.words.gate;
  const { binDir } = await readContainerdSettings(options).catch((error) => {
    context.note(sanitizeLine(words.lookingIn(saidOf(context, error), usualBinDir)));
    return { binDir: usualBinDir };
  });
  await rm(join(binDir, wrapperName), { force: true });
  if (options.service) await removeUnit(join(options.unitDir, gate.name), gate.name);
  const others = await readdir(binDir).catch(() => []);
  context.note(others.length === 0 ? words.nothingAsked : words.notAsked(binDir));
  return exitCodes.success;
}

/** Shows whether containerd would ask the gate, whether the gate answers and decides, and what would have images pulled without. */
export async function showContainerdGate(
  context: Context,
  options: ContainerdPlace & { readonly socket: string },
): Promise<number> {
  const settings = await readContainerdSettings(options);
  const status = await askReady(options.socket);
  const findings = await checkContainerd(settings, await trusted(options.socket));
  const shown = {
    asked: await isVerifierRun(settings),
    answers: status !== undefined,
    decides: status === 200,
    containerd: settings.version ?? null,
    binDir: settings.binDir,
    findings: findings.map(({ code, isBypass, say }) => ({ code, bypass: isBypass, message: say(english) })),
  };
  if (context.json) context.result(toJson(shown));
  else {
    const { gate: words } = context.words;
    context.result(shown.asked ? words.containerd.isAsked : words.containerd.isNotAsked);
    if (shown.answers) {
      context.result(words.answers);
      context.result(shown.decides ? words.knowsRegistry : words.knowsNoRegistry);
    } else context.result(words.containerd.silent);
    for (const finding of findings) context.result(toText(words, finding));
    context.note(words.containerd.unseen);
  }
  const isWhole = shown.asked && shown.decides && !findings.some(({ isBypass }) => isBypass);
  return isWhole ? exitCodes.success : exitCodes.inconclusive;
}

/** Serves the gate again as it was before. */
async function restoreUnit(unit: string, text: string): Promise<void> {
  await library.writeFileAtomic(unit, text, { mode: 0o644 });
  await systemctl("daemon-reload").catch(() => {});
  await systemctl("restart", gate.name).catch(() => {});
}

function breakGlass(words: GateWords, binDir: string): string {
  const byHand = words.containerd.byHand(join(binDir, wrapperName));
  return words.breakGlass("daochain gate containerd uninstall", byHand);
}

/** Beside the program that this is; a package manager may have put a link to it where it is found. */
async function verifierPath(): Promise<string> {
  return join(dirname(await realpath(process.argv[1] ?? "")), "containerd-verifier.js");
}

/** What containerd comes to run, and where it asks. */
async function trusted(socket: string): Promise<string[]> {
  return [process.execPath, await verifierPath(), dirname(resolve(socket))];
}

function toText({ containerd, findings }: GateWords, { isBypass, say }: Finding): string {
  const found = say(findings);
  return sanitizeLine(isBypass ? containerd.notVerified(found) : containerd.note(found));
}
