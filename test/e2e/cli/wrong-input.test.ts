import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Verdict, writeOciLayout } from "../../../src/internal.ts";
import { CliHome, type CliResult } from "../../support/cli.ts";
import { expectVerdict } from "../../support/verdict.ts";

/** A known error is a sentence: no stack, and no more than a hint below it. */
function expectSentence({ stderr }: CliResult): void {
  expect(stderr).toMatch(/^daochain: .+\.$/m);
  expect(stderr).not.toMatch(/\n\s+at /);
}

describe("wrong input", () => {
  let home: CliHome;
  let layout: string;
  let archive: string;

  beforeAll(async () => {
    home = await CliHome.create();
    layout = home.path("layout");
    archive = home.path("image.tar");
    await writeOciLayout({
      directory: layout,
      tag: "1.0",
      files: { hello: "hello", more: "x".repeat(50_000) },
    });
    execFileSync("tar", ["-C", layout, "-cf", archive, "oci-layout", "index.json", "blobs"]);
    expect((await home.run(["up"])).code).toBe(0);
    expect((await home.run(["sign", `oci:${layout}:1.0`])).code).toBe(0);
  });
  afterAll(() => home?.[Symbol.asyncDispose]());

  const verify = (image: string, env: Record<string, string> = {}) =>
    home.json<Verdict>(["verify", image], { env });

  test("usage: no image, no such command, no such option, a bad reference, a bad time", async () => {
    for (const arguments_ of [
      ["verify"],
      ["frobnicate"],
      ["verify", "--frobnicate", "a"],
      ["verify", "UPPER/Case"],
      ["verify", "--depth", "deeper", "a"],
      ["sign", `oci:${layout}:1.0`, "--expires", "yesterday"],
      ["sign", `oci:${layout}:1.0`, "--annotation", "novalue"],
      ["revoke", `oci:${layout}:1.0`],
      ["log", `oci:${layout}:1.0`],
      ["account", "show", "nobody"],
      ["account", "create", "../escape"],
      ["org", "show", "nobody"],
      ["org", "add-signer", "local", "0x1234"],
      ["org", "create", "Not A Name"],
      ["up", "--org", "someone-else"],
    ]) {
      const result = await home.run(arguments_);
      expect({ arguments_, code: result.code }).toEqual({ arguments_, code: 2 });
      expect(result.stderr).not.toMatch(/\n\s+at /);
      expect(result.stderr.trim()).not.toBe("");
      expect(result.stdout).toBe("");
    }
  });

  test("an engine that is not there is inconclusive, to verify and to sign", async () => {
    const verdict = await verify("acme/api:1");
    expect(verdict.code).toBe(20);
    expect(expectVerdict(verdict.value, "inconclusive").reasons[0]).toContain("cannot be reached");
    expect(await home.json(["sign", "acme/api:1"])).toMatchObject({
      code: 20,
      value: { status: "inconclusive" },
    });
  });

  test("a file or directory that is not there is inconclusive", async () => {
    for (const image of ["docker-archive:/nowhere.tar", "oci:/nowhere:1", "oci-archive:/nowhere.tar:1"]) {
      expect(await verify(image)).toMatchObject({ code: 20, value: { status: "inconclusive" } });
    }
  });

  test("an archive that was cut short is corrupt, wherever it was cut", async () => {
    expect((await verify(`oci-archive:${archive}:1.0`)).code).toBe(0);
    const whole = (await readFile(archive)).length;
    const cut = home.path("cut.tar");
    for (const length of [whole - 12_000, Math.floor(whole / 2), 1000, 511, 0]) {
      await cp(archive, cut);
      await truncate(cut, length);
      const { code, value } = await verify(`oci-archive:${cut}:1.0`);
      expect({ length, code, status: value.status }).toEqual({ length, code: 18, status: "corrupt" });
      expect((await home.run(["sign", `oci-archive:${cut}:1.0`])).code).toBe(18);
    }
  });

  test("a layer that is not what the manifest says is corrupt, and is not signed", async () => {
    const broken = home.path("broken");
    await cp(layout, broken, { recursive: true });
    const blobs = home.path("broken", "blobs", "sha256");
    const sizes = await Promise.all(
      (await readdir(blobs)).map(
        async (name) => [name, (await readFile(`${blobs}/${name}`)).length] as const,
      ),
    );
    const [largest] = sizes.sort(([, a], [, b]) => b - a)[0] ?? [""];
    const bytes = await readFile(`${blobs}/${largest}`);
    bytes.write("y", bytes.length - 20_000);
    await writeFile(`${blobs}/${largest}`, bytes);
    const { code, value } = await verify(`oci:${broken}:1.0`);
    expect(code).toBe(18);
    expect(expectVerdict(value, "corrupt").reasons.join()).toContain(largest);
    expect(await home.json(["sign", `oci:${broken}:1.0`])).toMatchObject({
      code: 18,
      value: { status: "corrupt" },
    });
  });

  test("a wrong password, and one that nobody gave", async () => {
    const wrong = home.path("wrong");
    await writeFile(wrong, "not it\n");
    const refused = await home.run(["sign", `oci:${layout}:1.0`], { env: { DAOCHAIN_PASSWORD_FILE: wrong } });
    expect(refused.code).toBe(2);
    expectSentence(refused);
    expect(refused.stderr).not.toContain("not it");
    const missing = await home.run(["sign", `oci:${layout}:1.0`], {
      env: { DAOCHAIN_PASSWORD_FILE: home.path("none") },
    });
    expect(missing.code).toBe(2);
    expectSentence(missing);
    const key = await home.run(["sign", `oci:${layout}:1.0`], {
      env: { DAOCHAIN_PRIVATE_KEY: "0xdeadbeef" },
    });
    expect(key.code).toBe(2);
    expect(key.stderr).not.toContain("deadbeef");
  });

  test("a URL that is not a chain's, and no URL at all", async () => {
    const server = createServer((_request, response) => response.end("<html>hello</html>")).listen(
      0,
      "127.0.0.1",
    );
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      for (const rpc of [url, "http://127.0.0.1:1"]) {
        const { code, value } = await verify(`oci:${layout}:1.0`, { DAOCHAIN_RPC_URL: rpc });
        expect({ rpc, code }).toEqual({ rpc, code: 20 });
        expectVerdict(value, "inconclusive");
        const signed = await home.run(["sign", `oci:${layout}:1.0`], { env: { DAOCHAIN_RPC_URL: rpc } });
        expect(signed.code).toBe(20);
        expectSentence(signed);
      }
      expect(
        (await home.run(["verify", `oci:${layout}:1.0`], { env: { DAOCHAIN_RPC_URL: "not a url" } })).code,
      ).toBe(2);
    } finally {
      server.close();
    }
  });

  test("a chain or contract that is not the pinned one is not believed", async () => {
    await using other = await CliHome.create();
    const up = await other.json<{ chain: { url: string } }>(["up"]);
    const env = { DAOCHAIN_RPC_URL: up.value.chain.url };
    // The same chain id, another genesis: a signature there says nothing here.
    const foreign = await verify(`oci:${layout}:1.0`, env);
    expect(foreign).toMatchObject({ code: 20, value: { status: "inconclusive" } });
    expect(foreign.value.reasons[0]).toContain("genesis hash");

    const profile = home.path("home", "network.json");
    const pinned = await readFile(profile, "utf8");
    try {
      for (const change of [{ chainId: 1 }, { registry: "0x0000000000000000000000000000000000000001" }]) {
        await writeFile(profile, JSON.stringify({ ...JSON.parse(pinned), ...change }));
        expect(await verify(`oci:${layout}:1.0`)).toMatchObject({
          code: 20,
          value: { status: "inconclusive" },
        });
        expect((await home.run(["sign", `oci:${layout}:1.0`])).code).toBe(20);
        expect((await home.run(["up"])).code).toBe(20);
      }
      await writeFile(profile, "{ not json");
      expect((await home.run(["verify", `oci:${layout}:1.0`])).code).toBe(2);
    } finally {
      await writeFile(profile, pinned);
    }
    expect((await verify(`oci:${layout}:1.0`)).code).toBe(0);
  });

  test("before the first up there is no chain to ask", async () => {
    await using empty = await CliHome.create();
    expect(await empty.json(["verify", `oci:${layout}:1.0`])).toMatchObject({
      code: 20,
      value: { status: "inconclusive" },
    });
    for (const arguments_ of [["sign", `oci:${layout}:1.0`], ["log"], ["org", "list"], ["status"]]) {
      expect((await empty.run(arguments_)).code).toBe(20);
    }
    expect((await empty.run(["down"])).code).toBe(0);
    expect((await empty.run(["account", "list"])).code).toBe(0);
  });

  test.skipIf(process.getuid?.() !== 0)(
    "no space left: nothing is half-written, and it works once there is space",
    async () => {
      await using full = await CliHome.create();
      await mkdir(full.path("home"));
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", full.path("home")]);
      try {
        const filler = full.path("home", "filler");
        await writeFile(filler, Buffer.alloc(62 * 1024));
        const refused = await full.run(["up"]);
        expect(refused.code).toBe(20);
        expectSentence(refused);
        expect(refused.stderr).toMatch(/space/);
        await rm(filler);
        expect((await full.run(["up"])).code).toBe(0);
        expect((await full.run(["sign", `oci:${layout}:1.0`])).code).toBe(0);
        const { size } = await import("node:fs").then(({ statfsSync }) => {
          const { bavail, bsize } = statfsSync(full.path("home"));
          return { size: Number(bavail) * Number(bsize) };
        });
        await writeFile(filler, Buffer.alloc(size));
        const unsigned = await full.run([
          "sign",
          `oci:${layout}:1.0`,
          "--annotation",
          `long=${"x".repeat(6000)}`,
        ]);
        expect(unsigned.code).toBe(20);
        expect(unsigned.stdout + unsigned.stderr).toMatch(/space/);
        expect((await full.run(["verify", `oci:${layout}:1.0`])).code).toBe(0);
        await rm(filler);
        expect(
          (await full.run(["sign", `oci:${layout}:1.0`, "--annotation", `long=${"x".repeat(6000)}`])).code,
        ).toBe(0);
        expect((await full.run(["down"])).code).toBe(0);
      } finally {
        await full.run(["down"]);
        execFileSync("umount", [full.path("home")]);
      }
    },
  );

  test("nothing of a hostile image reaches the terminal as a control sequence", async () => {
    const annotations = { "org.opencontainers.image.ref.name": "\u001b]0;owned\u0007evil" };
    await writeOciLayout({
      directory: home.path("hostile"),
      tag: "\u001b[2J\u001b[31m1.0",
      files: { hello: "hi" },
      annotations,
    });
    const { stdout, stderr } = await home.run(["verify", `oci:${home.path("hostile")}`]);
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
  });
});
