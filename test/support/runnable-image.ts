import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** A program that needs no libraries, and with it the commands that tests run in containers; undefined where it is not installed. */
export const busybox = (process.env["PATH"] ?? "")
  .split(delimiter)
  .map((directory) => join(directory, "busybox"))
  .find((path) => existsSync(path));

/**
 * Makes an image in an engine from which containers can run: a shell, with the commands of busybox.
 * @param content of its file /about, so that images differ
 */
export function makeRunnableImage(dockerHost: string, name: string, content: string): void {
  const directory = mkdtempSync(join(tmpdir(), "daochain-runnable-"));
  try {
    mkdirSync(join(directory, "bin"));
    cpSync(busybox ?? "", join(directory, "bin/busybox"), { dereference: true });
    for (const command of ["sh", "cat", "echo", "sleep", "tty", "hostname", "kill", "stty", "true"]) {
      symlinkSync("busybox", join(directory, "bin", command));
    }
    writeFileSync(join(directory, "about"), content);
    const tar = execFileSync("tar", ["-C", directory, "-c", "."], { maxBuffer: 1 << 26 });
    docker(dockerHost, ["import", "-", name], tar);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** What a docker command printed. @throws where it failed */
export function docker(dockerHost: string, arguments_: readonly string[], input?: Buffer): string {
  const options = input === undefined ? {} : { input };
  return execFileSync("docker", ["--host", dockerHost, ...arguments_], {
    ...options,
    encoding: "utf8",
    stdio: ["pipe", "pipe", "pipe"],
    timeout: 60_000,
    killSignal: "SIGKILL",
  }).trim();
}
