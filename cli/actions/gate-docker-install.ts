import { execFile } from "node:child_process";
import { rm, stat } from "node:fs/promises";
import { request } from "node:http";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as library from "../../src/index.ts";
import type { Context } from "../context.ts";
import { pluginName, readDaemonJson, withGate } from "../docker/daemon-json.ts";
import { gateUnit, unitName } from "../docker/gate-unit.ts";
import { exitCodes } from "../exit-codes.ts";
import { toJson } from "../output/sanitize.ts";
import type { DockerGateOptions } from "./gate-docker.ts";

export interface InstallOptions extends Omit<DockerGateOptions, "socket"> {
  readonly daemonJson: string;
  readonly unitDir: string;
}

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
  const program = process.argv[1];
  const command = [process.execPath, resolve(program ?? ""), "gate", "docker", ...toArguments(options)];
  const words = [...command, "--socket", socket, "--home", home.directory];
  if (words.some((word) => /[\r\n\0]/.test(word))) {
    throw new library.DaoChainError("USAGE", "A unit's command cannot hold a line break.");
  }
  const unit = join(options.unitDir, unitName);
  await library.writeFileAtomic(unit, gateUnit(words, socket), { mode: 0o644 });
  const isAsked = configuration.plugins.includes(pluginName);
  try {
    await systemctl("daemon-reload");
    await systemctl("enable", unitName);
    await systemctl("restart", unitName);
    context.note("Waiting until the gate has read the registry.");
    await waitUntil(() => isReady(), readyTime, signal, "The gate does not come to decide");
    if (!isAsked) await haveAsked(context, options);
  } catch (error) {
    if (!isAsked) await removeUnit(unit);
    throw error;
  }
  context.note(`The engine asks the gate before each start. ${breakGlass(options.daemonJson)}`);
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
    await waitUntil(ping, answerTime, context.signal, "The engine does not answer with the gate");
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
  const configuration = await readDaemonJson(daemonJson);
  if (configuration.plugins.includes(pluginName)) {
    await library.writeFileAtomic(daemonJson, withGate(configuration, false), {
      mode: await modeOf(daemonJson),
    });
    await systemctl("reload", "docker").catch(() => {
      context.note("The engine was not told: restart it, or send its process SIGHUP.");
    });
  }
  await removeUnit(join(unitDir, unitName));
  context.note("The engine asks the gate no more.");
  return 0;
}

/** Shows whether the gate answers and decides, and whether the engine's configuration has it asked. */
export async function showDockerGate(
  context: Context,
  options: { readonly daemonJson: string; readonly socket: string },
): Promise<number> {
  const { plugins } = await readDaemonJson(options.daemonJson);
  const status = await ready(options.socket);
  const shown = {
    asked: plugins.includes(pluginName),
    answers: status !== undefined,
    decides: status === 200,
  };
  if (context.json) context.result(toJson(shown));
  else {
    const line = (is: boolean, yes: string, no: string): void => context.result(is ? yes : no);
    line(
      shown.asked,
      "the engine's configuration has the gate asked",
      "the engine's configuration does not have the gate asked",
    );
    line(
      shown.answers,
      "the gate answers",
      "the gate does not answer: the engine refuses everything where it asks it",
    );
    line(shown.decides, "it knows the registry", "it does not know the registry, and refuses what would run");
  }
  return shown.asked && shown.decides ? exitCodes.success : exitCodes.inconclusive;
}

/** @throws CONFIGURATION_INVALID where the engine would not take it */
async function validate(context: Context, daemonJson: string, wanted: string): Promise<void> {
  const file = join(dirname(daemonJson), `.daochain-${process.pid}.json`);
  await library.writeFileAtomic(file, wanted);
  try {
    const { error: cause, said } = await call("dockerd", ["--validate", `--config-file=${file}`]);
    if (cause === undefined) return;
    // Engines before 23 do not know it.
    if (said.includes("unknown flag")) {
      context.note("This engine cannot check a configuration; it is checked by whether it answers.");
      return;
    }
    throw new library.DaoChainError(
      "CONFIGURATION_INVALID",
      `The engine would not take its configuration ${daemonJson} with the gate${said === "" ? "" : `: ${said}`}.`,
      { hint: "It is left as it was.", cause },
    );
  } finally {
    await rm(file, { force: true });
  }
}

async function removeUnit(unit: string): Promise<void> {
  await systemctl("disable", "--now", unitName).catch(() => {});
  await rm(unit, { force: true });
  await systemctl("daemon-reload").catch(() => {});
}

/** @throws CONFIGURATION_INVALID */
async function systemctl(...arguments_: string[]): Promise<void> {
  const { error: cause, said } = await call("systemctl", arguments_);
  if (cause === undefined) return;
  throw new library.DaoChainError(
    "CONFIGURATION_INVALID",
    `systemctl ${arguments_.join(" ")} failed${said === "" ? "" : `: ${said}`}.`,
    { hint: "Without systemd, serve the gate by your own means: docs/gates.md says how.", cause },
  );
}

/** Runs a program to its end, and gives what it said of what went wrong. */
function call(
  program: string,
  arguments_: readonly string[],
): Promise<{ error: Error | undefined; said: string }> {
  return new Promise((done) => {
    execFile(program, arguments_, { timeout: 120_000 }, (error, _, stderr) =>
      done({ error: error ?? undefined, said: stderr.trim().slice(0, 500) }),
    );
  });
}

async function waitUntil(
  is: () => Promise<boolean>,
  time: number,
  signal: AbortSignal,
  otherwise: string,
): Promise<void> {
  const end = performance.now() + time;
  let cause: unknown;
  while (performance.now() < end) {
    try {
      if (await is()) return;
    } catch (error) {
      cause = error;
    }
    await sleep(250, undefined, { signal });
  }
  throw new library.DaoChainError("DOCKER_FAILED", `${otherwise} within ${time / 1000} seconds.`, {
    hint: `See journalctl -u ${unitName}. Nothing was changed.`,
    cause,
  });
}

async function isReady(): Promise<boolean> {
  return (await ready(socket)) === 200;
}

/** @returns the status with which the gate answers; undefined where it does not */
function ready(path: string): Promise<number | undefined> {
  return new Promise((done) => {
    const call = request({ socketPath: path, path: "/ready", timeout: 5000 }, (answer) => {
      answer.resume();
      done(answer.statusCode);
    });
    call.once("timeout", () => call.destroy());
    call.once("error", () => done(undefined));
    call.end();
  });
}

async function modeOf(path: string): Promise<number> {
  const facts = await stat(path).catch(() => undefined);
  return facts === undefined ? 0o644 : facts.mode & 0o777;
}

function toArguments(options: InstallOptions): string[] {
  const given = (flag: string, value: string | number | undefined): string[] =>
    value === undefined ? [] : [flag, `${value}`];
  return [
    ...given("--org", options.org),
    ...(options.allowSuperseded === true ? ["--allow-superseded"] : []),
    ...given("--depth", options.depth),
    ...(options.allow ?? []).flatMap((way) => ["--allow", way]),
    ...given("--staleness", options.staleness),
    ...given("--max-head-age", options.maxHeadAge),
    ...given("--engine", options.engine),
    ...given("--log", options.log === undefined ? undefined : resolve(options.log)),
  ];
}

function breakGlass(daemonJson: string): string {
  return `To have it ask no more: daochain gate docker uninstall, or take ${pluginName} out of ${daemonJson} and send dockerd SIGHUP.`;
}
