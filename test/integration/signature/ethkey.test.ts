import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AccountStore } from "../../../src/signature/account-store.ts";
import { keyOf, signerOf } from "../../support/consortium.ts";
import { findProgram } from "../../support/programs.ts";

const program = findProgram("ethkey");
const password = "pässword with spaces";

describe.skipIf(program === undefined)("geth's ethkey", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "daochain-ethkey-"));
    await writeFile(join(directory, "password"), password);
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const ethkey = (...arguments_: string[]): Record<string, string> => {
    const [command = "", ...rest] = arguments_;
    const flags = ["--json", "--passwordfile", join(directory, "password")];
    const output = execFileSync(program ?? "", [command, ...flags, ...rest], { encoding: "utf8" });
    return JSON.parse(output);
  };

  test("opens our keystore files", async () => {
    const store = new AccountStore(join(directory, "accounts"));
    await store.importPrivateKey("ours", keyOf("ours"), password);
    const file = join(directory, "accounts", "ours.json");
    const { address } = signerOf("ours");
    expect(ethkey("inspect", "--private", file)).toMatchObject({
      Address: address,
      PrivateKey: keyOf("ours").slice(2),
    });
  });

  test.each([[[]], [["--lightkdf"]]])("writes files that we open (%j)", async (flags) => {
    const file = join(directory, "theirs.json");
    ethkey("generate", ...flags, file);
    const { Address, PrivateKey } = ethkey("inspect", "--private", file);
    const store = new AccountStore(join(directory, "accounts"));
    const imported = await store.importKeystore("theirs", await readFile(file, "utf8"), password);
    expect(imported.address).toBe(Address);
    expect(await store.privateKey("theirs", password)).toBe(`0x${PrivateKey}`);
  });
});
