import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { stopEmbeddedChain, writeOciLayout } from "../../../src/internal.ts";
import { CliHome } from "../../support/cli.ts";

describe.skipIf(process.getuid?.() !== 0)("a home that cannot be written to", () => {
  test("is said in a sentence, breaks nothing, and can be asked", async () => {
    await using home = await CliHome.create();
    await writeOciLayout({ directory: home.path("layout"), tag: "1.0", files: { a: "b" } });
    const image = `oci:${home.path("layout")}:1.0`;
    expect((await home.run(["up"])).code).toBe(0);
    expect((await home.run(["sign", image])).code).toBe(0);
    const before = await readFile(home.path("home", "settings.json"), "utf8");
    const directory = home.path("home");
    execFileSync("mount", ["--bind", directory, directory]);
    try {
      execFileSync("mount", ["-o", "remount,bind,ro", directory]);
      for (const arguments_ of [["status"], ["verify", image], ["org", "show"], ["account", "show"], ["log"]])
        expect({ arguments_, code: (await home.run(arguments_)).code }).toEqual({ arguments_, code: 0 });
      for (const arguments_ of [
        ["account", "create", "more"],
        ["account", "use", "default"],
        ["account", "remove", "default", "--yes"],
        ["org", "use", "local"],
      ]) {
        const { code, stderr } = await home.run(arguments_);
        expect({ arguments_, code }).toEqual({ arguments_, code: 2 });
        expect(stderr).toMatch(/^daochain: .*the file system is read-only\.$/m);
        expect(stderr).not.toMatch(/\n\s+at /);
      }
      await stopEmbeddedChain({ directory: home.path("home", "chain") }).catch(() => {});
      const up = await home.run(["up"]);
      expect(up.code).toBe(2);
      expect(up.stderr).toMatch(/^daochain: .*read-only\.$/m);
    } finally {
      execFileSync("umount", [directory]);
    }
    expect(await readFile(home.path("home", "settings.json"), "utf8")).toBe(before);
    expect((await home.run(["up"])).code).toBe(0);
    expect((await home.run(["verify", image])).code).toBe(0);
  });

  test("full: a change of a password or of a setting leaves the old one", async () => {
    await using home = await CliHome.create();
    const directory = home.path("home");
    await mkdir(directory);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", directory]);
    try {
      await writeFile(home.path("old"), "the old password\n");
      await writeFile(home.path("new"), "the new password\n");
      const old = { env: { DAOCHAIN_PASSWORD_FILE: home.path("old") } };
      expect((await home.run(["account", "create", "one"], old)).code).toBe(0);
      expect((await home.run(["account", "create", "two"], old)).code).toBe(0);
      const change = ["account", "password", "one", "--new-password-fd", "0"];
      const filler = home.path("home", "filler");
      execFileSync("sh", ["-c", `cat /dev/zero > '${filler}' 2>/dev/null || true`]);
      const input = await readFile(home.path("new"), "utf8");
      for (const arguments_ of [change, ["account", "use", "two"]]) {
        const { code, stderr } = await home.run(arguments_, { ...old, input });
        expect({ arguments_, code }).toEqual({ arguments_, code: 20 });
        expect(stderr).toMatch(/no space is left on the device/i);
      }
      const list = await home.json<{ name: string; current: boolean }[]>(["account", "list"]);
      expect(list.value.map(({ name, current }) => [name, current])).toEqual([
        ["one", true],
        ["two", false],
      ]);
      expect((await home.run(["account", "export", "one", "--private-key", "--yes"], old)).code).toBe(0);
      await rm(filler);
      expect((await home.run(change, { ...old, input })).code).toBe(0);
      expect((await home.run(["account", "export", "one", "--private-key", "--yes"], old)).code).toBe(2);
      expect(readdirSync(home.path("home", "accounts")).sort()).toEqual(["one.json", "two.json"]);
    } finally {
      execFileSync("umount", [directory]);
    }
  });
});

describe("a home of another version", () => {
  test("an earlier one, whose files lack fields, and a later one, whose files have more", async () => {
    await using home = await CliHome.create();
    const { value: up } = await home.json<{ registry: string }>(["up"]);
    const files = {
      settings: home.path("home", "settings.json"),
      network: home.path("home", "network.json"),
    };
    const network = JSON.parse(await readFile(files.network, "utf8"));

    // As the first versions left it: nothing chosen.
    await writeFile(files.settings, "{}\n");
    expect((await home.json<{ registry: string }>(["up"])).value).toMatchObject({
      registry: up.registry,
      organisation: "local",
    });

    const later = { account: "default", organisation: "local", theme: { dark: true }, version: 9 };
    await writeFile(files.settings, JSON.stringify(later));
    await writeFile(files.network, JSON.stringify({ ...network, name: "own", blockPeriod: 1, version: 3 }));
    expect((await home.run(["status"])).code).toBe(0);
    expect((await home.run(["org", "create", "acme"])).code).toBe(0);
    expect((await home.run(["org", "use", "acme"])).code).toBe(0);
    expect((await home.run(["up"])).code).toBe(0);
    expect(JSON.parse(await readFile(files.settings, "utf8"))).toEqual({ ...later, organisation: "acme" });
    expect(JSON.parse(await readFile(files.network, "utf8"))).toMatchObject({ name: "own", version: 3 });

    const { registry: _, ...short } = network;
    await writeFile(files.network, JSON.stringify(short));
    for (const arguments_ of [["up"], ["org", "show"]]) {
      const { code, stderr } = await home.run(arguments_);
      expect({ arguments_, code }).toEqual({ arguments_, code: 2 });
      expect(stderr).toMatch(/^daochain: The network profile .* is not valid\b/m);
    }
    await writeFile(files.network, JSON.stringify(network));
    expect((await home.run(["status"])).code).toBe(0);
  });
});
