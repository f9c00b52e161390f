import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { takeLock } from "../../../src/process-lock.ts";
import { temporaryDirectory } from "../../support/embedded-chain.ts";

/** A process that holds the lock until it is ended, though nothing in it refers to the lock any more. */
async function holder(file: string): Promise<ChildProcess> {
  const source = new URL("../../../src/process-lock.ts", import.meta.url).href;
  const script = `const { takeLock } = await import(${JSON.stringify(source)});
    takeLock(process.argv[1]);
    setInterval(() => globalThis.gc(), 10);
    setTimeout(() => console.log("held"), 50);`;
  const child = spawn(process.execPath, ["--expose-gc", "--input-type=module", "-e", script, file]);
  await once(child.stdout, "data");
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

describe("the lock", () => {
  test("is one process's, and free again when that one is killed", async () => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, "lock");
    const child = await holder(file);
    try {
      expect(takeLock(file, 50)).toBeUndefined();
      // A process that does not run holds it none the less.
      child.kill("SIGSTOP");
      expect(takeLock(file, 50)).toBeUndefined();
    } finally {
      await end(child);
    }
    const lock = takeLock(file, 0);
    expect(lock).toBeDefined();
    expect(takeLock(file, 50)).toBeUndefined();
    lock?.release();
    const again = takeLock(file, 0);
    expect(again).toBeDefined();
    again?.release();
  });

  test("cannot be taken where there is no directory", async () => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, "none", "lock");
    expect(() => takeLock(file)).toThrow(expect.objectContaining({ code: "LOCK_FAILED" }));
  });
});
