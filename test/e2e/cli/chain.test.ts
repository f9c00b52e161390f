import { readFileSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Verdict, writeOciLayout } from "../../../src/internal.ts";
import { CliHome } from "../../support/cli.ts";

interface Up {
  chain: { id: number; url: string; pid: number; started: boolean; genesisHash: string };
  registry: string;
  organisation: string;
  account: { name: string; address: string };
  made: { registry: boolean; organisation: boolean; account: boolean };
}

/** Whether a process runs; one that has ended and that nobody has collected yet does not. */
const isAlive = (pid: number): boolean => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
};

describe("the chain behind the command line", () => {
  let home: CliHome;
  beforeEach(async () => {
    home = await CliHome.create();
  });
  afterEach(() => home[Symbol.asyncDispose]());

  const layout = async (name: string): Promise<string> => {
    await writeOciLayout({ directory: home.path(name), tag: "1.0", files: { name } });
    return `oci:${home.path(name)}:1.0`;
  };

  test("up makes everything once, and finds it the next time; down stops it", async () => {
    const first = await home.json<Up>(["up"]);
    expect(first.value).toMatchObject({ chain: { id: 2016, started: true }, organisation: "local" });
    expect(first.value.made).toEqual({ registry: true, organisation: true, account: true });
    const second = await home.json<Up>(["up"]);
    expect(second.value.made).toEqual({ registry: false, organisation: false, account: false });
    expect(second.value).toMatchObject({
      chain: { ...first.value.chain, started: false },
      registry: first.value.registry,
    });

    const status = await home.json<{ chain: { running: boolean; organisation: string } }>(["status"]);
    expect(status).toMatchObject({
      code: 0,
      value: { chain: { running: true, id: 2016, organisation: "local" } },
    });

    expect((await home.run(["down"])).code).toBe(0);
    expect(isAlive(first.value.chain.pid)).toBe(false);
    expect((await home.run(["down"])).code).toBe(0);
    expect((await home.json(["status"])).code).toBe(20);

    const third = await home.json<Up>(["up"]);
    expect(third.value).toMatchObject({ registry: first.value.registry, account: first.value.account });
    expect(third.value.chain.genesisHash).toBe(first.value.chain.genesisHash);
  });

  test("two at once make one chain", async () => {
    const both = await Promise.all([home.json<Up>(["up"]), home.json<Up>(["up"])]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(new Set(both.map(({ value }) => value.chain.pid)).size).toBe(1);
    expect(new Set(both.map(({ value }) => value.registry)).size).toBe(1);
    expect(new Set(both.map(({ value }) => value.account.address)).size).toBe(1);
  });

  test("keys and passwords are for their owner alone", async () => {
    await home.run(["up"]);
    for (const names of [
      ["accounts", "default.json"],
      ["passwords", "default"],
      ["network.json"],
      ["settings.json"],
    ]) {
      expect(((await stat(home.path("home", ...names))).mode & 0o777).toString(8)).toBe("600");
    }
    for (const names of [[], ["accounts"], ["passwords"], ["chain"]]) {
      expect(((await stat(home.path("home", ...names))).mode & 0o777).toString(8)).toBe("700");
    }
    const keystore = await readFile(home.path("home", "accounts", "default.json"), "utf8");
    expect(JSON.parse(keystore)).toMatchObject({ version: 3, crypto: { kdf: "scrypt" } });
  });

  test("kill -9 in the middle of concurrent signing loses nothing that was acknowledged", async () => {
    let { value: up } = await home.json<Up>(["up"]);
    const acknowledged: string[] = [];
    for (let round = 0; round < 4; round++) {
      const images = await Promise.all(Array.from({ length: 6 }, (_, i) => layout(`round${round}-${i}`)));
      const { pid } = up.chain;
      let left = 1 + Math.floor(Math.random() * 4);
      await Promise.all(
        images.map(async (image) => {
          if ((await home.run(["sign", image, "--quiet"])).code !== 0) return;
          acknowledged.push(image);
          if (--left === 0) setTimeout(() => process.kill(pid, "SIGKILL"), Math.random() * 100);
        }),
      );
      const again = await home.json<Up>(["up"]);
      expect(again).toMatchObject({ code: 0, value: { chain: { started: true }, registry: up.registry } });
      up = again.value;
      if (acknowledged.length > 0) {
        const { value } = await home.json<Verdict | Verdict[]>(["verify", ...acknowledged]);
        expect([value].flat().map(({ status }) => status)).toEqual(acknowledged.map(() => "verified"));
      }
    }
    expect(acknowledged.length).toBeGreaterThan(0);
  });

  test("kill -9 of up itself, at any moment: the next up just works", async () => {
    for (let round = 0; round < 6; round++) {
      await using fresh = await CliHome.create();
      await fresh.run(["up"], { interrupt: { signal: "SIGKILL", after: 100 + round * 150 } });
      expect((await fresh.run(["up"])).code).toBe(0);
      const image = await layout(`killed-${round}`);
      expect((await fresh.run(["sign", image])).code).toBe(0);
      expect((await fresh.run(["verify", image])).code).toBe(0);
      expect(
        (await readdir(fresh.path("home"))).filter((name) => name.endsWith(".tmp") && !name.startsWith(".")),
      ).toEqual([]);
    }
  });

  test("Ctrl-C ends with 130, and the next command just works", async () => {
    const codes = new Set<number | null>();
    for (const after of [60, 200, 350, 500]) {
      const { code, signal, stderr } = await home.run(["up"], { interrupt: { signal: "SIGINT", after } });
      // A signal that comes before anything of ours runs ends the process as such; a shell calls that 130 too.
      codes.add(signal === "SIGINT" ? 130 : code);
      expect(stderr).not.toMatch(/\n\s+at /);
    }
    expect([...codes].every((code) => code === 130 || code === 0)).toBe(true);
    expect((await home.run(["up"])).code).toBe(0);
    const image = await layout("interrupted");
    for (const after of [100, 250, 400]) {
      const { code, signal, stderr } = await home.run(["sign", image], {
        interrupt: { signal: "SIGINT", after },
      });
      expect([0, 130]).toContain(signal === "SIGINT" ? 130 : code);
      expect(stderr).not.toMatch(/\n\s+at /);
    }
    expect((await home.run(["sign", image])).code).toBe(0);
  });

  test("the demo leaves nothing behind, also when it is interrupted", async () => {
    // What Node compiled is kept for the next run, in the user's own cache.
    const left = async (): Promise<string[]> =>
      (await readdir(home.directory)).filter((name) => name !== ".cache");
    const { code, stdout } = await home.run(["demo", "--no-docker"], { env: { TMPDIR: home.directory } });
    expect(code).toBe(0);
    expect(stdout).toContain("mismatch (exit code 11)");
    expect(await left()).toEqual([]);
    const interrupted = await home.run(["demo", "--no-docker"], {
      env: { TMPDIR: home.directory },
      interrupt: { signal: "SIGINT", after: 900 },
    });
    expect([0, 130]).toContain(interrupted.code);
    expect(await left()).toEqual([]);
  });
});
