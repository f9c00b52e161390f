import { existsSync } from "node:fs";
import { mkdir, readdir, realpath, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import * as library from "../../src/index.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { checkContainerd, type Finding, isVerifierRun, versionOf } from "../install/containerd-checks.ts";
import { type ContainerdPlace, readContainerdSettings } from "../install/containerd-config.ts";
import { gateUnit } from "../install/gate-unit.ts";
import { askReady, removeUnit, systemctl, waitUntil } from "../install/systemd.ts";
import { wrapperName, wrapperText } from "../install/verifier-wrapper.ts";
import { sanitizeLine, toJson } from "../output/sanitize.ts";
import { toGateArguments } from "./gate.ts";
import type { ContainerdGateOptions } from "./gate-containerd.ts";

interface InstallPlaces extends ContainerdPlace {
  readonly unitDir: string;
  /** false: the gate is served by other means than systemd */
  readonly service: boolean;
}

export interface InstallContainerdOptions extends ContainerdGateOptions, InstallPlaces {}

const gate = {
  name: "daochain-gate-containerd.service",
  description: "DaoChain's gate of containerd",
  before: "containerd.service",
};
/** How long the gate may take to read the registry, in milliseconds. */
const readyTime = 120_000;
/** What no configuration changes. */
const unseen =
  "Not seen by any verifier: images that are here already, ctr images import, ctr images pull --local, and the pulls of a Docker Engine.";

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
  if (versionOf(settings).major < 2 || binDir === "") {
    throw new library.DaoChainError(
      "CONFIGURATION_INVALID",
      binDir === ""
        ? "containerd's bin_dir for image verifiers is empty: it would ask nobody."
        : `containerd ${version} has no image verifiers: it would ask nobody.`,
      { hint: "docs/gates/containerd.md says what is needed. Nothing was changed." },
    );
  }
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
    context.note("Waiting until the gate has read the registry.");
    await waitUntil(async () => (await askReady(socket)) === 200, {
      time: readyTime,
      signal,
      unitName: gate.name,
      otherwise: "The gate does not come to decide",
    });
    await mkdir(binDir, { recursive: true, mode: 0o755 });
    await library.writeFileAtomic(join(binDir, wrapperName), wrapper, { mode: 0o755 });
  } catch (error) {
    if (options.service && !isAsked) await removeUnit(unit, gate.name);
    if (options.service && isAsked && unitBefore !== undefined) await restoreUnit(unit, unitBefore);
    if (isAsked) context.note(`containerd asks the gate as before. ${breakGlass(binDir)}`);
    throw error;
  }
  const findings = await checkContainerd(settings, await trusted(options.socket));
  for (const line of findings.map(toText)) context.note(line);
  context.note(unseen);
  context.note(`containerd asks the gate before each pull. ${breakGlass(binDir)}`);
  return findings.some(({ isBypass }) => isBypass) ? exitCodes.inconclusive : exitCodes.success;
}

/** Has containerd ask no more. It needs neither the gate nor the chain nor containerd. */
export async function uninstallContainerdGate(context: Context, options: InstallPlaces): Promise<number> {
  const { binDir } = await readContainerdSettings(options).catch((error) => {
    const usual = "/opt/containerd/image-verifier/bin";
    context.note(`${error instanceof Error ? sanitizeLine(error.message) : error} Looking in ${usual}.`);
    return { binDir: usual };
  });
  await rm(join(binDir, wrapperName), { force: true });
  if (options.service) await removeUnit(join(options.unitDir, gate.name), gate.name);
  const others = await readdir(binDir).catch(() => []);
  context.note(
    others.length === 0
      ? "containerd asks the gate no more: it pulls everything, as it has no other verifier."
      : `containerd asks the gate no more, but still the other verifiers in ${binDir}.`,
  );
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
    findings: findings.map(({ code, isBypass, message }) => ({ code, bypass: isBypass, message })),
  };
  if (context.json) context.result(toJson(shown));
  else {
    const line = (is: boolean, yes: string, no: string): void => context.result(is ? yes : no);
    line(shown.asked, "containerd asks the gate before each pull", "containerd does not ask the gate");
    line(
      shown.answers,
      "the gate answers",
      "the gate does not answer: containerd refuses every pull where it asks it",
    );
    line(shown.decides, "it knows the registry", "it does not know the registry, and refuses every pull");
    for (const finding of findings) context.result(toText(finding));
    context.note(unseen);
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

function breakGlass(binDir: string): string {
  return `To have it ask no more: daochain gate containerd uninstall, or rm ${join(binDir, wrapperName)}`;
}

/** Beside the program that this is; a package manager may have put a link to it where it is found. */
async function verifierPath(): Promise<string> {
  return join(dirname(await realpath(process.argv[1] ?? "")), "containerd-verifier.js");
}

/** What containerd comes to run, and where it asks. */
async function trusted(socket: string): Promise<string[]> {
  return [process.execPath, await verifierPath(), dirname(resolve(socket))];
}

function toText({ isBypass, message }: Finding): string {
  return sanitizeLine(`${isBypass ? "NOT VERIFIED" : "note"}: ${message}`);
}
