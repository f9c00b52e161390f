import { rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as library from "../../src/internal.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { pluginName, readDaemonJson, withGate } from "../install/daemon-json.ts";
import { gateUnit } from "../install/gate-unit.ts";
import { askReady, call, removeUnit, systemctl, waitUntil } from "../install/systemd.ts";
import { toJson } from "../output/sanitize.ts";
import { given, toGateArguments } from "./gate.ts";
import type { DockerGateOptions } from "./gate-docker.ts";

export interface InstallOptions extends Omit<DockerGateOptions, "socket"> {
  readonly daemonJson: string;
  readonly unitDir: string;
}

const gate = {
  name: "daochain-gate-docker.service",
  description: "DaoChain's gate of the Docker Engine",
  before: "docker.service",
};
const unitName = gate.name;
/** Where an engine looks for a plugin of this name. */
const socket = `/run/docker/plugins/${pluginName}.sock`;
/** How long the gate may take to read the registry, and the engine to answer, in milliseconds. */
const readyTime = 120_000;
const answerTime = 15_000;

/**
 * Serves the gate as a unit, and has the engine ask it once it decides. Whatever goes wrong is undone: an engine is never left asking a
 * gate that does not answer.
 */
export async function installDockerGate(context: Context, options: InstallOptions): Promise<number> {
  const { home, signal } = context;
  const configuration = await readDaemonJson(options.daemonJson);
  const words = ["docker", ...toArguments(options), "--socket", socket, "--home", home.directory];
  const unit = join(options.unitDir, unitName);
  await library.writeFileAtomic(unit, gateUnit(gate, words, socket), { mode: 0o644 });
  const isAsked = configuration.plugins.includes(pluginName);
  try {
    await systemctl("daemon-reload");
    await systemctl("enable", unitName);
    await systemctl("restart", unitName);
    context.note(context.words.gate.waiting);
    await waitUntil(async () => (await askReady(socket)) === 200, {
      time: readyTime,
      signal,
      unitName,
      otherwise: "GATE_NOT_READY",
    });
    if (!isAsked) await haveAsked(context, options);
  } catch (error) {
    if (!isAsked) await removeUnit(unit, unitName);
    throw error;
  }
  context.note(`${context.words.gate.docker.asked} ${breakGlass(context, options.daemonJson)}`);
  return 0;
}

/** Puts the gate into the engine's configuration, and has it read again; undone where the engine does not answer then. */
async function haveAsked(context: Context, { daemonJson, engine }: InstallOptions): Promise<void> {
  const configuration = await readDaemonJson(daemonJson);
  const { text } = configuration;
  const mode = await modeOf(daemonJson);
  const wanted = withGate(configuration, true);
  await validate(context, daemonJson, wanted);
  if (text !== undefined) await library.writeFileAtomic(`${daemonJson}.before-daochain`, text, { mode });
  await library.writeFileAtomic(daemonJson, wanted, { mode });
  try {
    await systemctl("reload", "docker");
    const host = engine || context.env["DOCKER_HOST"] || "unix:///var/run/docker.sock";
    const ping = () => library.pingDocker({ host, signal: context.signal }).then(() => true);
    await waitUntil(ping, {
      time: answerTime,
      signal: context.signal,
      unitName,
      otherwise: "ENGINE_SILENT_WITH_GATE",
    });
  } catch (error) {
    if (text === undefined) await rm(daemonJson, { force: true });
    else await library.writeFileAtomic(daemonJson, text, { mode });
    await systemctl("reload", "docker").catch(() => {});
    throw error;
  }
}

/** Has the engine ask no more. It needs neither the gate nor the chain, nor an engine that answers. */
export async function uninstallDockerGate(
  context: Context,
  { daemonJson, unitDir }: Pick<InstallOptions, "daemonJson" | "unitDir">,
): Promise<number> {
  const { docker: words } = context.words.gate;
  const configuration = await readDaemonJson(daemonJson);
  if (configuration.plugins.includes(pluginName)) {
    await library.writeFileAtomic(daemonJson, withGate(configuration, false), {
      mode: await modeOf(daemonJson),
    });
    await systemctl("reload", "docker").catch(() => {
      context.note(words.notTold);
    });
  }
  await removeUnit(join(unitDir, unitName), unitName);
  context.note(words.notAsked);
  return 0;
}

/** Shows whether the gate answers and decides, and whether the engine's configuration has it asked. */
export async function showDockerGate(
  context: Context,
  options: { readonly daemonJson: string; readonly socket: string },
): Promise<number> {
  const { plugins } = await readDaemonJson(options.daemonJson);
  const status = await askReady(options.socket);
  const shown = {
    asked: plugins.includes(pluginName),
    answers: status !== undefined,
    decides: status === 200,
  };
  if (context.json) context.result(toJson(shown));
  else {
    const { gate: words } = context.words;
    context.result(shown.asked ? words.docker.isAsked : words.docker.isNotAsked);
    if (shown.answers) {
      context.result(words.answers);
      context.result(shown.decides ? words.knowsRegistry : words.knowsNoRegistry);
    } else context.result(shown.asked ? words.docker.silentAndAsked : words.docker.silent);
  }
  return shown.asked && shown.decides ? exitCodes.success : exitCodes.inconclusive;
}

/** @throws DAEMON_JSON_REFUSED */
async function validate(context: Context, daemonJson: string, wanted: string): Promise<void> {
  const file = join(dirname(daemonJson), `.daochain-${process.pid}.json`);
  await library.writeFileAtomic(file, wanted);
  try {
    const { error: cause, said } = await call("dockerd", ["--validate", `--config-file=${file}`]);
    if (cause === undefined) return;
    // Engines before 23 do not know it.
    if (said.includes("unknown flag")) {
      context.note(context.words.gate.docker.notChecked);
      return;
    }
    throw library.failure("DAEMON_JSON_REFUSED", { file: daemonJson, said }, { cause });
  } finally {
    await rm(file, { force: true });
  }
}

async function modeOf(path: string): Promise<number> {
  const facts = await stat(path).catch(() => undefined);
  return facts === undefined ? 0o644 : facts.mode & 0o777;
}

function toArguments(options: InstallOptions): string[] {
  return [
    ...toGateArguments(options),
    ...given("--depth", options.depth),
    ...(options.allow ?? []).flatMap((way) => ["--allow", way]),
    ...given("--engine", options.engine),
  ];
}

function breakGlass({ words: { gate } }: Context, daemonJson: string): string {
  return gate.breakGlass("daochain gate docker uninstall", gate.docker.byHand(pluginName, daemonJson));
}
