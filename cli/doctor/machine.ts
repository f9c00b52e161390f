import { constants } from "node:fs";
import { access, readdir, stat, statfs } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import * as library from "../../src/internal.ts";
import { readDaemonJson } from "../install/daemon-json.ts";
import { findGates, type InstalledGate } from "../install/installed-gates.ts";
import { formatBytes } from "../output/bytes.ts";
import { type Check, type CheckResult, ok, saying, shellWord, unknown, wrong } from "./check.ts";

/** Bytes and files that a chain needs to go on for a while. */
const leastFree = 500_000_000;
const leastFiles = 1000;

/** Which program this is, and which Node runs it. */
export const checkVersions: Check = async () => {
  const least = manifest.engines.node.replace(">=", "");
  const { node } = process.versions;
  return [
    isAtLeast(node, least)
      ? ok(({ words }) => words.versions(manifest.version, node))
      : wrong(({ words }) => words.nodeTooOld(node, least)),
  ];
};

/** Whether there is a home that can be worked in. */
export const checkHome: Check = async ({ home: { directory } }) => {
  const facts = await stat(directory).catch((error: NodeJS.ErrnoException) => error.code);
  if (facts === "ENOENT") return [wrong(({ words }) => words.noHome(directory), "daochain up")];
  if (typeof facts === "string" || facts === undefined)
    return [wrong(({ words }) => words.homeReadOnly(directory))];
  if (!facts.isDirectory()) return [wrong(({ words }) => words.homeIsNoDirectory(directory))];
  const refusal = await refusalOf(directory);
  if (refusal === "EROFS") return [wrong(({ words }) => words.homeOnReadOnlyDisk(directory))];
  if (refusal !== undefined) return [wrong(({ words }) => words.homeReadOnly(directory))];
  const left = (await readdir(directory)).filter((name) => name.startsWith(library.restorePrefix));
  return [
    ok(({ words }) => words.home(directory)),
    ...left.map((name) =>
      wrong(
        ({ words }) => words.unfinishedRestore(join(directory, name)),
        `rm -r ${shellWord(join(directory, name))}`,
      ),
    ),
  ];
};

/** Whether there is room where the home is, or will be. */
export const checkDisk: Check = async ({ home }) => {
  let at = home.directory;
  let facts: Awaited<ReturnType<typeof statfs>> | undefined;
  for (;;) {
    facts = await statfs(at).catch(() => undefined);
    if (facts !== undefined || at === dirname(at)) break;
    at = dirname(at);
  }
  if (facts === undefined) return [unknown(({ words }) => words.homeReadOnly(home.directory))];
  const { bavail, bsize, files, ffree } = facts;
  const free = formatBytes(bavail * bsize);
  if (bavail * bsize < leastFree) return [wrong(({ words }) => words.diskFull(free, at))];
  // Some file systems do not count files.
  if (files > 0 && ffree < leastFiles) return [wrong(({ words }) => words.noInodes(ffree, at))];
  return [ok(({ words }) => words.disk(free, at))];
};

/** Whether the Docker Engine answers, where there is one. */
export const checkEngine: Check = async ({ env }, signal) => {
  try {
    const { version, host, store } = await library.pingDocker({ signal });
    return [ok(({ words }) => words.engine(version, host, store))];
  } catch (error) {
    if (!library.isDaoChainError(error) || signal.aborted) throw error;
    const isChosen = [env["DOCKER_HOST"], env["DOCKER_CONTEXT"]].some((value) => (value ?? "") !== "");
    const isExpected =
      isChosen || (await isInPath("docker", env["PATH"] ?? "")) || (await isThere(usualSocket));
    if (!isExpected) return [ok(({ words }) => words.noEngine)];
    return [
      wrong(
        saying(error),
        isChosen || process.platform !== "linux" ? undefined : "sudo systemctl start docker",
      ),
    ];
  }
};

const usualSocket = "/var/run/docker.sock";
const daemonJson = "/etc/docker/daemon.json";

/** Whether the gates of this machine decide. */
export const checkGates: Check = async ({ home }) => {
  const gates = await findGates();
  const results = gates.map((gate) => describeGate(gate, home.directory));
  // An engine that has a gate asked which is not there refuses everything.
  const isServed = gates.some(({ kind }) => kind === "docker");
  const { plugins } = await readDaemonJson(daemonJson).catch(() => ({ plugins: [] as readonly string[] }));
  if (!isServed && plugins.includes("daochain")) {
    results.push(
      wrong(
        ({ words }) => words.gateNotServed("daochain", daemonJson),
        "sudo daochain gate docker uninstall",
      ),
    );
  }
  return results.length === 0 ? [ok(({ words }) => words.noGates)] : results;
};

function describeGate({ kind, state, unit }: InstalledGate, home: string): CheckResult {
  const service = `daochain-gate-${kind}`;
  if (state === "ready") return ok(({ words }) => words.gate(kind));
  if (state === "closed")
    return unknown(({ words }) => words.gateClosed(kind), `sudo daochain doctor --home ${shellWord(home)}`);
  if (state === "not-ready")
    return wrong(({ words }) => words.gateNotReady(kind), `sudo journalctl -u ${service}`);
  return wrong(
    ({ words }) => words.gateSilent(kind),
    unit === null ? undefined : `sudo systemctl restart ${service}`,
  );
}

/** Why a directory cannot be written to, as the system's code; undefined where it can. */
async function refusalOf(directory: string): Promise<string | undefined> {
  return access(directory, constants.W_OK | constants.X_OK).then(
    () => undefined,
    (error: NodeJS.ErrnoException) => error.code ?? "unknown",
  );
}

async function isInPath(program: string, path: string): Promise<boolean> {
  const found = await Promise.all(
    path
      .split(delimiter)
      .filter((directory) => directory !== "")
      .map((directory) => isThere(join(directory, program))),
  );
  return found.includes(true);
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function isAtLeast(version: string, least: string): boolean {
  const [own, other] = [version, least].map((text) => text.split(".").map(Number));
  for (let at = 0; at < 3; at++) {
    const difference = (own?.[at] ?? 0) - (other?.[at] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
