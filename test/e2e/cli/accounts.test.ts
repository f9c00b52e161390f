import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Verdict, writeOciLayout } from "../../../src/internal.ts";
import { CliHome, cliPath } from "../../support/cli.ts";
import { keyOf, signerOf } from "../../support/consortium.ts";
import { SignerProcess } from "../../support/external-signer.ts";

let home: CliHome;
beforeEach(async () => {
  home = await CliHome.create();
});
afterEach(() => home[Symbol.asyncDispose]());

async function layout(name: string): Promise<string> {
  await writeOciLayout({ directory: home.path(name), tag: "1.0", files: { name } });
  return `oci:${home.path(name)}:1.0`;
}

const codeOf = ({ stdout }: { stdout: string }): string => JSON.parse(stdout).error.code;

describe("an account whose key is with an external signer", () => {
  let signer: SignerProcess;
  const { address } = signerOf("release");
  beforeEach(async () => {
    signer = await SignerProcess.start("release");
    await home.run(["up"]);
  });
  afterEach(() => signer[Symbol.asyncDispose]());

  test("signs, approves, revokes and governs as any other", async () => {
    const account = { name: "release", address, kind: "external", signer: `${signer.url}/` };
    expect((await home.json(["account", "import", "release", "--signer", signer.url])).value).toEqual(
      account,
    );
    expect((await home.json(["account", "show", "release"])).value).toEqual({
      ...account,
      source: "argument",
      reason: "as named",
    });
    const list = await home.json<object[]>(["account", "list"]);
    expect(list.value).toMatchObject([{ name: "default", kind: "keystore", current: true }, account]);
    expect((await home.run(["account", "list"])).stdout).toContain(`external: ${signer.url}`);

    await home.run(["org", "add-signer", "local", address]);
    await home.run(["org", "add-admin", "local", address]);
    const image = await layout("one");
    const signed = await home.json<Verdict>(["sign", image, "--account", "release"]);
    expect(signed).toMatchObject({ code: 0, value: { status: "signed", claim: { signers: [address] } } });

    expect((await home.run(["account", "use", "release"])).code).toBe(0);
    expect((await home.run(["org", "threshold", "local", "2"])).code).toBe(0);
    const second = await layout("two");
    expect((await home.json<Verdict>(["sign", second, "--account", "default"])).value.status).toBe("pending");
    expect((await home.json<Verdict>(["approve", second])).value.status).toBe("signed");
    expect((await home.run(["verify", second])).code).toBe(0);
    expect((await home.run(["revoke", image, "--reason", "test", "--yes"])).code).toBe(0);
    expect((await home.run(["verify", image])).code).toBe(12);
    expect((await home.run(["up"])).code).toBe(0);
  });

  test("has no key to export, and its file holds none", async () => {
    await home.run(["account", "import", "release", "--signer", `unix:${signer.socket}`]);
    for (const more of [[], ["--private-key", "--yes"]]) {
      const exported = await home.run(["account", "export", "release", "--json", ...more]);
      expect([exported.code, codeOf(exported)]).toEqual([2, "KEY_ELSEWHERE"]);
    }
    const file = await readFile(home.path("home", "accounts", "release.json"), "utf8");
    expect(Object.keys(JSON.parse(file))).toEqual(["format", "address", "signer"]);
  });

  test("ends with a sentence and a code when the signer will not, cannot, or does something else", async () => {
    const image = await layout("one");
    await home.run(["account", "import", "release", "--signer", signer.url, "--address", address]);
    await home.run(["org", "add-signer", "local", address]);
    const attempt = async (): Promise<[number | null, string]> => {
      const result = await home.run(["sign", image, "--account", "release", "--json"]);
      if (result.code === 20) return [20, (JSON.parse(result.stdout) as Verdict).status];
      return [result.code, codeOf(result)];
    };
    await signer.behave("denies");
    expect(await attempt()).toEqual([2, "SIGNER_REFUSED"]);
    for (const behaviour of ["another-key", "altered", "garbage", "huge"] as const) {
      await signer.behave(behaviour);
      expect(await attempt()).toEqual([20, "inconclusive"]);
    }
    await signer[Symbol.asyncDispose]();
    expect(await attempt()).toEqual([20, "inconclusive"]);
    expect((await home.run(["verify", image])).code).toBe(10);
  });

  test("is waited for, and Ctrl-C ends that", async () => {
    const image = await layout("one");
    await home.run(["account", "import", "release", "--signer", signer.url]);
    await signer.behave("silent");
    const child = spawn(process.execPath, [cliPath, "sign", image, "--account", "release"], {
      env: { PATH: process.env["PATH"], DAOCHAIN_HOME: home.path("home") },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    for await (const piece of child.stderr) {
      const before = said;
      said += String(piece);
      const note = `Waiting for the signer at ${signer.url} to confirm.`;
      if (said.includes(note) && !before.includes(note)) child.kill("SIGINT");
    }
    if (child.exitCode === null) await once(child, "exit");
    expect(child.exitCode).toBe(130);
    expect(said).toContain("Cancelled.");
  });

  test("is imported by a URL that keeps what it says between the two", async () => {
    for (const [arguments_, code] of [
      [["--signer", "http://signer.acme.io"], "SIGNER_URL_INVALID"],
      [["--signer", "https://user:secret@signer.acme.io"], "SIGNER_URL_HOLDS_SECRET"],
      [["--signer", signer.url, "--keystore", "x.json"], "KEYSTORE_AND_SIGNER"],
      [["--address", address], "ADDRESS_WITHOUT_SIGNER"],
      [["--signer", signer.url, "--address", "0x12"], "ADDRESS_INVALID"],
      [["--signer", "http://127.0.0.1:1"], "SIGNER_UNREACHABLE"],
    ] as const) {
      const result = await home.run(["account", "import", "bad", "--json", ...arguments_]);
      expect([arguments_, codeOf(result)]).toEqual([arguments_, code]);
      expect(result.stderr).not.toContain("secret");
    }
    expect((await home.json<object[]>(["account", "list"])).value).toHaveLength(1);
  });
});

describe("a password from a descriptor", () => {
  test("protects and opens an account, and is in no file", async () => {
    await home.run(["up"]);
    const keyFile = home.path("key");
    await writeFile(keyFile, keyOf("ci"));
    await writeFile(home.path("password"), "from a file\n");
    // The key comes from stdin, so the password of the new account comes from a file here.
    const imported = await home.run(["account", "import", "ci"], {
      input: keyOf("ci"),
      env: { DAOCHAIN_PASSWORD_FILE: home.path("password") },
    });
    expect(imported.code).toBe(0);
    await home.run(["org", "add-signer", "local", signerOf("ci").address]);
    const image = await layout("one");
    const sign = ["sign", image, "--account", "ci", "--json", "--password-fd"];
    const wrong = await home.run([...sign, "0"], { input: "another\n" });
    expect([wrong.code, codeOf(wrong)]).toEqual([2, "PASSWORD_WRONG"]);
    for (const [descriptor, input, error] of [
      ["77", "from a file\n", "DESCRIPTOR_UNREADABLE"],
      ["0", "x".repeat(5000), "DESCRIPTOR_TOO_LONG"],
    ] as const) {
      const missing = await home.run([...sign, descriptor], { input });
      expect([missing.code, codeOf(missing)]).toEqual([2, error]);
    }
    expect((await home.run([...sign, "0"], { input: "from a file\n" })).code).toBe(0);
    expect(
      (await home.run(["account", "create", "new", "--password-fd", "0"], { input: "typed words" })).code,
    ).toBe(0);
    const exported = await home.run(
      ["account", "export", "new", "--private-key", "--yes", "--password-fd=0"],
      {
        input: "typed words",
      },
    );
    expect(exported.stdout).toMatch(/^0x[0-9a-f]{64}\n$/);
  });
});

test("of several images, those that cannot be signed do not keep the others from it", async () => {
  await home.run(["up"]);
  const images = [await layout("one"), await layout("two"), await layout("three")];
  // Its layer is not what the manifest says.
  const { manifest } = await writeOciLayout({ directory: home.path("bad"), tag: "1.0", files: { a: "b" } });
  const document = JSON.parse(await readFile(home.path("bad", "blobs", "sha256", manifest.slice(7)), "utf8"));
  const layer = home.path("bad", "blobs", "sha256", document.layers[0].digest.slice(7));
  const bytes = await readFile(layer);
  bytes[600] = (bytes[600] ?? 0) ^ 1;
  await writeFile(layer, bytes);
  const [one = "", two = "", three = ""] = images;
  const bad = `oci:${home.path("bad")}:1.0`;
  const mixed = await home.json<Verdict[]>(["sign", one, bad, two]);
  expect(mixed.value.map(({ status }) => status)).toEqual(["signed", "corrupt", "signed"]);
  expect(mixed.code).toBe(18);

  expect((await home.run(["revoke", one, "--reason", "test", "--yes"])).code).toBe(0);
  const refused = await home.json<Verdict[]>(["sign", one, three]);
  expect(refused.value.map(({ status }) => status)).toEqual(["inconclusive", "signed"]);
  expect(refused.code).toBe(2);
  expect((await home.run(["verify", two, three])).code).toBe(0);
});
