import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { access, chmod, readFile, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { writeOciLayout } from "../../../src/internal.ts";
import { CliHome, cliPath } from "../../support/cli.ts";
import { keyOf, signerOf } from "../../support/consortium.ts";

let home: CliHome;
beforeEach(async () => {
  home = await CliHome.create();
});
afterEach(() => home[Symbol.asyncDispose]());

const codeOf = ({ stdout }: { stdout: string }): string => JSON.parse(stdout).error.code;

async function file(name: string, content: string, mode = 0o600): Promise<string> {
  await writeFile(home.path(name), content);
  await chmod(home.path(name), mode);
  return home.path(name);
}

describe("a key from the environment", () => {
  const { address } = signerOf("ci");

  test("in a file: signs without an account, and others that can read it are warned of", async () => {
    const key = await file("key", `${keyOf("ci")}\n`);
    const env = { DAOCHAIN_PRIVATE_KEY_FILE: key };
    expect(await home.json(["up"], { env })).toMatchObject({
      code: 0,
      value: { account: { name: null, address } },
    });
    await writeOciLayout({ directory: home.path("layout"), tag: "1.0", files: { a: "b" } });
    const image = `oci:${home.path("layout")}:1.0`;
    const signed = await home.json(["sign", image], { env });
    expect(signed).toMatchObject({ code: 0, stderr: "", value: { claim: { signers: [address] } } });

    for (const mode of [0o640, 0o604, 0o666]) {
      await chmod(key, mode);
      const { code, stderr } = await home.run(["account", "show"], { env });
      expect([code, stderr]).toEqual([0, expect.stringMatching(/^warning: other users .* \(mode 06\d\d\)/)]);
      expect(stderr).not.toContain(keyOf("ci").replace(/^0x/, ""));
    }
  });

  test("that cannot be had ends with a sentence, and shows nothing of it", async () => {
    for (const [env, error] of [
      [{ DAOCHAIN_PRIVATE_KEY_FILE: home.path("none") }, "PRIVATE_KEY_FILE_MISSING"],
      [{ DAOCHAIN_PRIVATE_KEY_FILE: await file("bad", "0xdeadbeef") }, "KEY_INVALID"],
      [{ DAOCHAIN_PRIVATE_KEY_FILE: await file("empty", "") }, "KEY_INVALID"],
      [
        { DAOCHAIN_PRIVATE_KEY_FILE: await file("good", keyOf("ci")), DAOCHAIN_PRIVATE_KEY: keyOf("ci") },
        "PRIVATE_KEY_TWICE",
      ],
      [{ DAOCHAIN_PRIVATE_KEY_FILE: "/dev/zero" }, undefined],
    ] as const) {
      const result = await home.run(["account", "show", "--json"], { env });
      expect(result.code).toBe(2);
      if (error !== undefined) expect(codeOf(result)).toBe(error);
      expect(result.stdout + result.stderr).not.toMatch(/deadbeef|[0-9a-f]{64}/);
    }
  });

  test("goes before every account, and account show says who is in force and why", async () => {
    const show = async (env: Record<string, string> = {}, ...more: string[]) =>
      (await home.json(["account", "show", ...more], { env })).value;
    const none = await home.run(["account", "show", "--json"]);
    expect(codeOf(none)).toBe("ACCOUNT_NONE");
    await home.run(["account", "create", "one"]);
    expect(await show()).toMatchObject({ name: "one", source: "settings" });
    await home.run(["account", "create", "two"]);
    await writeFile(home.path("home", "settings.json"), "{}");
    expect(codeOf(await home.run(["account", "show", "--json"]))).toBe("ACCOUNT_NOT_CHOSEN");
    expect(await show({}, "two")).toMatchObject({ name: "two", source: "argument", reason: "as named" });
    await home.run(["account", "remove", "two", "--yes"]);
    expect(await show()).toMatchObject({ name: "one", source: "only" });

    const env = { DAOCHAIN_PRIVATE_KEY: keyOf("ci") };
    expect(await show(env)).toEqual({
      name: null,
      address,
      kind: "key",
      variable: "DAOCHAIN_PRIVATE_KEY",
      source: "environment",
      reason: "from DAOCHAIN_PRIVATE_KEY, which goes before every account",
    });
    expect(await show(env, "one")).toMatchObject({ name: "one", source: "argument" });
    expect((await home.run(["account", "list"], { env })).stderr).toContain("DAOCHAIN_PRIVATE_KEY is set");
    const chinese = await home.run(["account", "show", "--lang", "zh"], { env });
    expect(chinese.stdout).toBe(
      `DAOCHAIN_PRIVATE_KEY ${address} (来自 DAOCHAIN_PRIVATE_KEY，优先于所有账户)\n`,
    );
  });
});

describe("an account", () => {
  test("once made, says how CI uses it and how it may sign, and that works", async () => {
    await home.run(["up", "--org", "acme"]);
    const { code, stderr } = await home.run(["account", "create", "ci"]);
    expect(code).toBe(0);
    const commands = [...stderr.matchAll(/daochain (.*)$/gm)].map(([, words = ""]) => words.split(" "));
    expect(commands.map(([group, act]) => `${group} ${act}`)).toEqual(["org add-signer", "account export"]);
    expect((await home.run(commands[0] ?? [])).code).toBe(0);
    const [, , ...rest] = commands[1] ?? [];
    const key = home.path("key.txt");
    const words = ["account", "export", ...rest.map((word) => (word === "key.txt" ? key : word)), "--yes"];
    expect((await home.run(words)).code).toBe(0);
    await writeOciLayout({ directory: home.path("layout"), tag: "1.0", files: { a: "b" } });
    const env = { DAOCHAIN_PRIVATE_KEY_FILE: key };
    const signed = await home.run(["sign", `oci:${home.path("layout")}:1.0`], { env });
    expect([signed.code, signed.stderr]).toEqual([0, ""]);
  });

  test("whose password was generated gets another one without a terminal, and the file goes", async () => {
    await home.run(["account", "create", "ci"]);
    await access(home.path("home", "passwords", "ci"));
    const next = "the next password";
    const change = ["account", "password", "ci", "--json"];
    expect(codeOf(await home.run(change))).toBe("NEW_PASSWORD_MISSING");
    expect(codeOf(await home.run([...change, "--new-password-fd", "0"], { input: "short" }))).toBe(
      "PASSWORD_TOO_SHORT",
    );
    expect((await home.run([...change, "--new-password-fd", "0"], { input: `${next}\n` })).code).toBe(0);
    await expect(access(home.path("home", "passwords", "ci"))).rejects.toThrow();
    const open = ["account", "export", "ci", "--private-key", "--yes"];
    expect((await home.run([...open, "--password-fd", "0"], { input: next })).code).toBe(0);
    expect(codeOf(await home.run([...open, "--json"]))).toBe("PASSWORD_MISSING");
    const same = ["--password-fd", "0", "--new-password-fd", "0"];
    expect(codeOf(await home.run([...change, ...same], { input: next }))).toBe("PASSWORD_DESCRIPTORS_EQUAL");

    // Old and new, each from a descriptor of its own.
    const files = [await file("old", next), await file("new", "the third password")];
    const descriptors = files.map((path) => openSync(path, "r"));
    const child = spawn(
      process.execPath,
      [cliPath, ...change, "--password-fd", "3", "--new-password-fd", "4"],
      { env: { ...home.env }, stdio: ["ignore", "ignore", "ignore", ...descriptors] },
    );
    const [code] = await once(child, "exit");
    for (const descriptor of descriptors) closeSync(descriptor);
    expect(code).toBe(0);
    expect((await home.run([...open, "--password-fd", "0"], { input: "the third password" })).code).toBe(0);
  });

  test("is removed with its key and its generated password; the one in use only with --yes", async () => {
    for (const name of ["one", "two"]) await home.run(["account", "create", name]);
    const inUse = await home.run(["account", "remove", "one", "--json"]);
    expect([inUse.code, codeOf(inUse)]).toEqual([2, "ACCOUNT_IN_USE"]);
    const nobody = await home.run(["account", "remove", "two", "--json"]);
    expect([nobody.code, codeOf(nobody)]).toEqual([2, "CONFIRMATION_MISSING"]);
    expect((await home.json<object[]>(["account", "list"])).value).toHaveLength(2);
    expect((await home.run(["account", "remove", "one", "--yes"])).stdout).toBe("Account one was removed.\n");
    for (const names of [
      ["accounts", "one.json"],
      ["passwords", "one"],
    ])
      await expect(access(home.path("home", ...names))).rejects.toThrow();
    expect(JSON.parse(await readFile(home.path("home", "settings.json"), "utf8"))).toEqual({});
    expect(await home.json(["account", "show"])).toMatchObject({ value: { name: "two", source: "only" } });
    expect((await home.run(["account", "remove", "one", "--yes"])).code).toBe(2);
  });
});

test("status names log, disk, memory and the next step, and a clock that is behind the chain's", async () => {
  const next = async (): Promise<unknown> => (await home.json(["status"])).value["next"];
  expect(await next()).toBe("Run daochain up to make one.");
  await home.run(["up", "--org", "acme"]);
  const { stdout } = await home.run(["status"]);
  for (const word of ["home", "chain", "process", "log", "registry", "organisation", "account", "next"])
    expect(stdout).toMatch(new RegExp(`^${word} +\\S`, "m"));
  expect(stdout).toMatch(/^process +\d+, \d+ MB of memory, /m);
  const { value } = await home.json(["status"]);
  expect(value).toMatchObject({
    chain: { running: true, log: home.path("home", "chain", "chain.log"), organisation: "acme" },
    account: { name: "default", source: "settings" },
    clock: { behind: expect.any(Number), isOff: false },
    disk: { used: expect.any(Number), free: expect.any(Number) },
    gates: expect.any(Array),
    warnings: [],
    next: "daochain sign IMAGE, daochain verify IMAGE",
  });
  await home.run(["account", "create", "stranger"]);
  await home.run(["account", "use", "stranger"]);
  expect(await next()).toMatch(/^an admin of acme runs daochain org add-signer acme 0x/);

  const late = `const now = Date.now; Date.now = () => now() - 300_000;`;
  const env = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(late)}` };
  const behind = await home.run(["status"], { env });
  expect(behind.stderr).toMatch(
    /^warning: The chain's newest block is \d+ seconds ahead .* Check this machine's clock\.$/m,
  );
  const json = await home.json<{ clock: object; warnings: string[] }>(["status"], { env });
  expect(json.value.clock).toMatchObject({ isOff: true });
  expect(json.value.warnings.join()).toContain("Check this machine's clock");
  expect((await home.run(["status", "--lang", "zh"], { env })).stderr).toContain("请检查本机时钟");
  await home.run(["down"]);
  expect(await next()).toBe("Start it with daochain up.");
});
