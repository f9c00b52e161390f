import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import * as library from "../../src/index.ts";

/** @throws CONFIGURATION_INVALID */
export async function systemctl(...arguments_: string[]): Promise<void> {
  const { error: cause, said } = await call("systemctl", arguments_);
  if (cause === undefined) return;
  throw new library.DaoChainError(
    "CONFIGURATION_INVALID",
    `systemctl ${arguments_.join(" ")} failed${said === "" ? "" : `: ${said}`}.`,
    { hint: "Without systemd, serve the gate by your own means: docs/gates/ says how.", cause },
  );
}

/** Stops a unit and removes its file, as far as it can be. */
export async function removeUnit(file: string, unitName: string): Promise<void> {
  await systemctl("disable", "--now", unitName).catch(() => {});
  await rm(file, { force: true });
  await systemctl("daemon-reload").catch(() => {});
}

/** Runs a program to its end, and gives what it printed and what it said of what went wrong. */
export function call(
  program: string,
  arguments_: readonly string[],
): Promise<{ error: Error | undefined; out: string; said: string }> {
  return new Promise((done) => {
    execFile(program, arguments_, { timeout: 120_000 }, (error, out, stderr) =>
      done({ error: error ?? undefined, out, said: stderr.trim().slice(0, 500) }),
    );
  });
}

/**
 * Asks again and again until something is so.
 * @param time milliseconds
 * @param otherwise what is wrong where it never is
 * @throws DOCKER_FAILED where it is not so in that time; CANCELLED
 */
export async function waitUntil(
  is: () => Promise<boolean>,
  {
    time,
    signal,
    unitName,
    otherwise,
  }: { time: number; signal: AbortSignal; unitName: string; otherwise: string },
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

/** @returns the status with which the gate at a unix socket answers whether it decides; undefined where it does not answer */
export function askReady(socketPath: string): Promise<number | undefined> {
  return new Promise((done) => {
    const asked = request({ socketPath, path: "/ready", timeout: 5000 }, (answer) => {
      answer.resume();
      done(answer.statusCode);
    });
    asked.once("timeout", () => asked.destroy());
    asked.once("error", () => done(undefined));
    asked.end();
  });
}
