import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import * as library from "../../src/internal.ts";

/** @throws SYSTEMCTL_FAILED */
export async function systemctl(...arguments_: string[]): Promise<void> {
  const { error: cause, said } = await call("systemctl", arguments_);
  if (cause === undefined) return;
  throw library.failure("SYSTEMCTL_FAILED", { arguments: arguments_.join(" "), said }, { cause });
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
      done({ error: error ?? undefined, out, said: saidOf(error, stderr) }),
    );
  });
}

/** What a program said of what went wrong, or else how it ended; without its full stop, as it stands within a sentence. */
function saidOf(error: Error | null, stderr: string): string {
  const text = stderr.trim() || error?.message.trim() || "";
  return text.slice(0, 500).replace(/\.$/, "");
}

/**
 * Asks again and again until something is so.
 * @param time milliseconds
 * @param otherwise what is thrown where it is not so in that time
 * @throws GATE_NOT_READY, ENGINE_SILENT_WITH_GATE
 */
export async function waitUntil(
  is: () => Promise<boolean>,
  {
    time,
    signal,
    unitName,
    otherwise,
  }: {
    time: number;
    signal: AbortSignal;
    unitName: string;
    otherwise: "GATE_NOT_READY" | "ENGINE_SILENT_WITH_GATE";
  },
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
  throw library.failure(otherwise, { seconds: time / 1000, unit: unitName }, { cause });
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
