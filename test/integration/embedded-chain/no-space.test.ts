import { execFileSync, spawn, spawnSync } from "node:child_process";
import { closeSync, openSync, statSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import {
  readEmbeddedChain,
  startEmbeddedChain,
  stopEmbeddedChain,
} from "../../../src/embedded-chain/launch.ts";
import { randomSender, rpc, startChain } from "../../support/chain-process.ts";
import { temporaryDirectory } from "../../support/embedded-chain.ts";

/** A small disk of its own takes root on Linux. */
function canMount(): boolean {
  return (
    process.platform === "linux" && process.getuid?.() === 0 && spawnSync("mount", ["--version"]).status === 0
  );
}

async function mountDisk(path: string, bytes: number): Promise<AsyncDisposable> {
  await mkdir(path);
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", path]);
  return {
    async [Symbol.asyncDispose]() {
      // Whoever looked at it last may not have let go yet.
      execFileSync("umount", ["--lazy", path]);
    },
  };
}

describe.skipIf(!canMount())("a chain on a full disk", () => {
  test("refuses transactions, answers reads, records nothing, and goes on once there is space", async () => {
    await using directory = await temporaryDirectory();
    const path = join(directory.path, "disk");
    await using _ = await mountDisk(path, 512 * 1024);
    await using chain = await startChain(path);
    const sender = randomSender();
    const send = (raw: string) => rpc(chain.url, "eth_sendRawTransaction", raw);
    const large = { gasLimit: 2_000_000, data: `0x${"11".repeat(60_000)}` };
    const acknowledged: unknown[] = [];
    let refused = "";
    while (refused === "") {
      const raw = await sender.sign(large);
      await send(raw).then(
        (hash) => acknowledged.push(hash),
        (error: unknown) => {
          expect(error).toMatchObject({ code: -32000, data: { code: "NO_SPACE" } });
          refused = raw;
        },
      );
    }
    expect(acknowledged.length).toBeGreaterThan(3);
    const bytes = statSync(join(path, "journal")).size;
    expect(await readEmbeddedChain({ directory: path })).toMatchObject({
      head: { number: acknowledged.length },
      journalBytes: bytes,
    });
    await expect(send(refused)).rejects.toMatchObject({ data: { code: "NO_SPACE" } });
    execFileSync("mount", ["-o", "remount,size=2M", path]);
    acknowledged.push(await send(refused), await send(await sender.sign(large)));
    await stopEmbeddedChain({ directory: path });
    await using again = await startChain(path);
    expect(again.tornBytes).toBe(0);
    for (const hash of acknowledged) {
      expect(await rpc(again.url, "eth_getTransactionReceipt", hash)).toMatchObject({
        transactionHash: hash,
      });
    }
  });

  test("is not begun, and begun once there is space", async () => {
    await using directory = await temporaryDirectory();
    const path = join(directory.path, "disk");
    await using _ = await mountDisk(path, 64 * 1024);
    await writeFile(join(path, "ballast"), Buffer.alloc(64 * 1024)).catch(() => undefined);
    await expect(startEmbeddedChain({ directory: join(path, "chain") })).rejects.toMatchObject({
      code: "NO_SPACE",
    });
    await rm(join(path, "ballast"));
    await using chain = await startChain(join(path, "chain"));
    expect(chain.started).toBe(true);
  });
});

test("a chain whose log cannot be written serves all the same, and ends in order", async () => {
  await using directory = await temporaryDirectory();
  const program = fileURLToPath(new URL("../../../src/embedded-chain/process.ts", import.meta.url));
  const full = openSync("/dev/full", "w");
  const child = spawn(process.execPath, [program, directory.path], { stdio: ["ignore", full, full] });
  closeSync(full);
  const ended = new Promise((resolve) => child.once("exit", resolve));
  try {
    const served = async () => (await readEmbeddedChain({ directory: directory.path }))?.url;
    await expect.poll(served, { timeout: 20_000 }).toBeDefined();
    const sender = randomSender();
    const hash = await rpc((await served()) ?? "", "eth_sendRawTransaction", await sender.sign());
    expect(hash).toMatch(/^0x/);
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
  } finally {
    child.kill("SIGKILL");
  }
});
