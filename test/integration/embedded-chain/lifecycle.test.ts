import { spawn } from "node:child_process";
import { appendFile, cp, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { keccak256 } from "ethers";
import { describe, expect, test, vi } from "vitest";
import {
  readEmbeddedChain,
  startEmbeddedChain,
  stopEmbeddedChain,
} from "../../../src/embedded-chain/launch.ts";
import { killProcess, randomSender, rpc, startChain } from "../../support/chain-process.ts";
import { temporaryDirectory } from "../../support/embedded-chain.ts";

describe("an embedded chain", () => {
  test("starts once, keeps what it was given over a restart, and stops", async () => {
    await using directory = await temporaryDirectory();
    const chain = { directory: join(directory.path, "deep", "chain") };
    expect(await readEmbeddedChain(chain)).toBeUndefined();
    expect(await stopEmbeddedChain(chain)).toBe(false);

    await using started = await startChain(chain.directory);
    expect(started).toMatchObject({ started: true, chainId: 2016, tornBytes: 0 });
    expect(await startEmbeddedChain(chain)).toMatchObject({
      started: false,
      pid: started.pid,
      url: started.url,
    });
    const sender = randomSender();
    const hash = await rpc(started.url, "eth_sendRawTransaction", await sender.sign());
    const block = await rpc(started.url, "eth_getBlockByNumber", "latest", false);
    expect(await readEmbeddedChain(chain)).toMatchObject({
      responding: true,
      url: started.url,
      head: { number: 1 },
      journalBytes: expect.any(Number),
      rss: expect.any(Number),
      warnings: [],
    });
    expect(await stopEmbeddedChain(chain)).toBe(true);
    // Its parent, this process, may not have taken note of its end yet.
    await vi.waitFor(() => expect(() => process.kill(started.pid, 0)).toThrow(), 5000);
    expect(await stopEmbeddedChain(chain)).toBe(false);
    expect(await readEmbeddedChain(chain)).toBeUndefined();
    expect(await readdir(chain.directory)).toEqual(["chain.json", "chain.log", "journal", "lock", "made"]);

    await using again = await startChain(chain.directory);
    expect(again).toMatchObject({ started: true, genesisHash: started.genesisHash });
    expect(await rpc(again.url, "eth_getBlockByNumber", "latest", false)).toEqual(block);
    expect(await rpc(again.url, "eth_getTransactionReceipt", hash)).toMatchObject({ status: "0x1" });
    await rpc(again.url, "eth_sendRawTransaction", await sender.sign());
  });

  test("keeps its files and its environment to itself", async () => {
    await using directory = await temporaryDirectory();
    process.env["DAOCHAIN_PRIVATE_KEY"] = "not-for-the-chain";
    try {
      const path = join(directory.path, "chain");
      await using chain = await startChain(path);
      expect((await stat(path)).mode & 0o077).toBe(0);
      for (const file of await readdir(path)) expect((await stat(join(path, file))).mode & 0o077).toBe(0);
      if (process.platform === "linux") {
        expect(await readFile(`/proc/${chain.pid}/environ`, "utf8")).not.toContain("not-for-the-chain");
      }
    } finally {
      delete process.env["DAOCHAIN_PRIVATE_KEY"];
    }
  });

  test("started several times at once, is one chain", async () => {
    await using directory = await temporaryDirectory();
    const starts = await Promise.all([0, 1, 2, 3].map(() => startChain(directory.path)));
    await using first = starts[0];
    expect(new Set(starts.map(({ pid }) => pid)).size).toBe(1);
    expect(starts.filter(({ started }) => started)).toHaveLength(1);
    expect(await rpc(first?.url ?? "", "eth_blockNumber")).toBe("0x0");
  });

  test("is the same chain by whatever path its directory is reached", async () => {
    await using directory = await temporaryDirectory();
    await mkdir(join(directory.path, "real"));
    await symlink(join(directory.path, "real"), join(directory.path, "link"));
    await using chain = await startChain(join(directory.path, "real"));
    const link = { directory: join(directory.path, "link") };
    expect(await readEmbeddedChain(link)).toMatchObject({ pid: chain.pid, responding: true });
    expect(await startEmbeddedChain(link)).toMatchObject({ pid: chain.pid, started: false });
    expect(await stopEmbeddedChain(link)).toBe(true);
  });

  test("survives its starter", async () => {
    await using directory = await temporaryDirectory();
    const launch = new URL("../../../src/embedded-chain/launch.ts", import.meta.url).href;
    const script = `const { startEmbeddedChain } = await import(${JSON.stringify(launch)});
      await startEmbeddedChain({ directory: process.argv[1], port: 0 });
      process.kill(process.pid, "SIGKILL");`;
    const starter = spawn(process.execPath, ["--input-type=module", "-e", script, directory.path]);
    await new Promise((resolve) => starter.once("exit", resolve));
    await using chain = await startChain(directory.path);
    expect(chain.started).toBe(false);
    expect(await rpc(chain.url, "eth_blockNumber")).toBe("0x0");
  });

  test("after kill -9 starts again, whatever files that left", async () => {
    await using directory = await temporaryDirectory();
    const chain = await startChain(directory.path);
    const hash = await rpc(chain.url, "eth_sendRawTransaction", await randomSender().sign());
    await killProcess(chain.pid);
    expect(await readdir(directory.path)).toContain("process.json");
    expect(await readEmbeddedChain({ directory: directory.path })).toBeUndefined();
    await appendFile(join(directory.path, "journal"), Buffer.alloc(11, 7));
    await using again = await startChain(directory.path);
    expect(again).toMatchObject({ started: true, tornBytes: 11 });
    expect(await rpc(again.url, "eth_getTransactionReceipt", hash)).toMatchObject({ blockNumber: "0x1" });
  });

  test("interrupted while it was made, is made again", async () => {
    await using directory = await temporaryDirectory();
    const chain = await startChain(directory.path);
    await stopEmbeddedChain({ directory: directory.path });
    await rm(join(directory.path, "chain.json"));
    await using again = await startChain(directory.path);
    expect(again.started).toBe(true);
    expect(again.pid).not.toBe(chain.pid);
  });

  test("takes another port where the usual one is taken, and only the one asked for", async () => {
    await using directory = await temporaryDirectory();
    await using chain = await startChain(join(directory.path, "first"));
    const port = Number(new URL(chain.url).port);
    const second = { directory: join(directory.path, "second"), port };
    await expect(startEmbeddedChain(second)).rejects.toMatchObject({ code: "CHAIN_PORT_UNAVAILABLE" });
    expect(await readEmbeddedChain(second)).toBeUndefined();
    const usual = createServer().on("error", () => undefined);
    const { promise, resolve } = Promise.withResolvers<void>();
    // Taken by this listener, or by somebody else already.
    usual.on("error", () => resolve()).listen(8545, "127.0.0.1", resolve);
    await promise;
    try {
      await using third = await startChain(join(directory.path, "third"), { port: undefined });
      expect(new URL(third.url).port).not.toBe("8545");
      expect(await rpc(third.url, "eth_chainId")).toBe("0x7e0");
    } finally {
      usual.close();
    }
  });

  test("that hangs, is told from one that is gone, and can be stopped", async () => {
    await using directory = await temporaryDirectory();
    await using chain = await startChain(directory.path);
    process.kill(chain.pid, "SIGSTOP");
    const status = await readEmbeddedChain({ directory: directory.path });
    expect(status).toMatchObject({ pid: chain.pid, responding: false, head: undefined });
    expect(status?.warnings).toHaveLength(1);
    await expect(startEmbeddedChain({ directory: directory.path })).rejects.toMatchObject({
      code: "CHAIN_NOT_ANSWERING",
    });
    expect(await stopEmbeddedChain({ directory: directory.path })).toBe(true);
    await using again = await startChain(directory.path);
    expect(again.started).toBe(true);
  });

  test("whose id went to another process, is not running, and that process is left alone", async () => {
    await using directory = await temporaryDirectory();
    const chain = await startChain(directory.path);
    await killProcess(chain.pid);
    const bystander = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    const file = join(directory.path, "process.json");
    const record = JSON.parse(await readFile(file, "utf8"));
    await writeFile(file, JSON.stringify({ ...record, pid: bystander.pid }));
    try {
      if (process.platform !== "linux") return;
      expect(await stopEmbeddedChain({ directory: directory.path })).toBe(false);
      expect(await readEmbeddedChain({ directory: directory.path })).toBeUndefined();
      expect(bystander.exitCode).toBeNull();
    } finally {
      bystander.kill("SIGKILL");
    }
  });

  test("stops taking transactions when its directory is deleted", async () => {
    await using directory = await temporaryDirectory();
    const path = join(directory.path, "chain");
    const chain = await startChain(path);
    const sender = randomSender();
    await rpc(chain.url, "eth_sendRawTransaction", await sender.sign());
    await rm(path, { recursive: true });
    await expect(
      sender.sign().then((raw) => rpc(chain.url, "eth_sendRawTransaction", raw)),
    ).rejects.toThrow();
    await expect.poll(() => isAlive(chain.pid), { timeout: 5_000 }).toBe(false);
  });

  test("tells how far it is with its journal", async () => {
    await using directory = await temporaryDirectory();
    const golden = join(import.meta.dirname, "../../vectors/golden-journal");
    await cp(golden, directory.path, { recursive: true });
    const progress: { done: number; total: number }[] = [];
    await using chain = await startChain(directory.path, { onProgress: (step) => progress.push(step) });
    expect(progress[0]).toEqual({ done: 1, total: 400 });
    expect(progress.every(({ done }, index) => done > (progress[index - 1]?.done ?? 0))).toBe(true);
    expect(await readEmbeddedChain({ directory: directory.path })).toMatchObject({
      replay: { done: 400, total: 400 },
    });
    expect(await rpc(chain.url, "eth_blockNumber")).toBe("0x190");
  });

  test("keeps its chain id", async () => {
    await using directory = await temporaryDirectory();
    await using chain = await startChain(directory.path, { chainId: 77 });
    expect(await rpc(chain.url, "eth_chainId")).toBe("0x4d");
    const other = { directory: directory.path, chainId: 78 };
    await expect(startEmbeddedChain(other)).rejects.toMatchObject({ code: "CHAIN_ID_DIFFERS" });
    await stopEmbeddedChain(other);
    await expect(startEmbeddedChain(other)).rejects.toMatchObject({ code: "CHAIN_ID_DIFFERS" });
    await using again = await startChain(directory.path);
    expect(again.chainId).toBe(77);
  });

  test("whose start is given up, is left not running", async () => {
    await using directory = await temporaryDirectory();
    const abort = new AbortController();
    const starting = startEmbeddedChain({ directory: directory.path, port: 0, signal: abort.signal });
    setTimeout(() => abort.abort(), 60);
    await expect(starting).rejects.toMatchObject({ code: "CANCELLED" });
    expect(await readEmbeddedChain({ directory: directory.path })).toBeUndefined();
    await using chain = await startChain(directory.path);
    expect(chain.started).toBe(true);
  });

  test.each([
    ["the journal is missing", "JOURNAL_UNREADABLE", (path: string) => rm(join(path, "journal"))],
    ["a block is damaged", "JOURNAL_DAMAGED", (path: string) => damage(join(path, "journal"), 200)],
    ["chain.json is missing", "JOURNAL_WITHOUT_CHAIN", (path: string) => rm(join(path, "chain.json"))],
    [
      "chain.json is not ours",
      "CHAIN_FILE_INVALID",
      (path: string) => writeFile(join(path, "chain.json"), "{}"),
    ],
    [
      "the genesis is not the recorded one",
      "GENESIS_DIFFERS",
      async (path: string) => {
        const file = join(path, "chain.json");
        const text = await readFile(file, "utf8");
        await writeFile(file, text.replace(/"genesisTimestamp": (\d+)/, '"genesisTimestamp": 1'));
      },
    ],
  ])("does not start where %s, and changes nothing", async (_, code, harm) => {
    await using directory = await temporaryDirectory();
    const path = join(directory.path, "chain");
    const chain = await startChain(path);
    const sender = randomSender();
    for (let count = 0; count < 3; count++)
      await rpc(chain.url, "eth_sendRawTransaction", await sender.sign());
    await stopEmbeddedChain({ directory: path });
    await harm(path);
    await rm(join(path, "chain.log"));
    const before = join(directory.path, "before");
    await cp(path, before, { recursive: true });
    await expect(startEmbeddedChain({ directory: path })).rejects.toMatchObject({ code });
    expect(await readEmbeddedChain({ directory: path })).toBeUndefined();
    await rm(join(path, "chain.log"));
    expect(await readdir(path)).toEqual(await readdir(before));
    for (const file of await readdir(before)) {
      expect(await readFile(join(path, file))).toEqual(await readFile(join(before, file)));
    }
  });

  test("does not start where its directory cannot be", async () => {
    await using directory = await temporaryDirectory();
    const path = join(directory.path, "file");
    await writeFile(path, "");
    await expect(startEmbeddedChain({ directory: join(path, "chain") })).rejects.toMatchObject({
      code: "DIRECTORY_UNWRITABLE",
    });
  });
});

describe("two transactions of one sender", () => {
  test("sent again or too early, are answered as Ethereum clients expect", async () => {
    await using directory = await temporaryDirectory();
    await using chain = await startChain(directory.path);
    const sender = randomSender();
    const [first, second, third] = [await sender.sign(), await sender.sign(), await sender.sign()];
    const send = (raw: string) => rpc(chain.url, "eth_sendRawTransaction", raw);
    expect(await Promise.all([send(first), send(first)])).toEqual([keccak256(first), keccak256(first)]);
    await expect(send(third)).rejects.toThrow(/nonce too high/);
    expect(await send(second)).toBe(keccak256(second));
    expect(await send(first)).toBe(keccak256(first));
    const other = await randomSender().sign({ value: 1 });
    await expect(send(other)).rejects.toThrow(/insufficient funds/);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function damage(file: string, at: number): Promise<void> {
  const bytes = await readFile(file);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  await writeFile(file, bytes);
}
