import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { AccountStore } from "../../../src/signature/account-store.ts";
import { codeOf, failureOf } from "../../support/errors.ts";
import { testDirectory } from "../../support/images.ts";

const key = "0x7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d";
const address = "0x008AeEda4D805471dF9b2A5B0f38A0C3bCBA786b";

let directory: string;
let store: AccountStore;
beforeEach(async () => {
  directory = join(await testDirectory(), "home", "accounts");
  store = new AccountStore(directory);
});

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;
const file = (name: string): string => join(directory, `${name}.json`);

// Scrypt is slow by design, and slower where others compute.
describe("AccountStore", { timeout: 60_000 }, () => {
  test("keeps an account in a file for this user alone", async () => {
    expect(await store.importPrivateKey("ci", key, "secret words")).toEqual({
      name: "ci",
      address,
      kind: "keystore",
    });
    expect(await modeOf(directory)).toBe(0o700);
    expect(await modeOf(file("ci"))).toBe(0o600);
    expect(await readdir(directory)).toEqual(["ci.json"]);
    expect(await store.list()).toEqual([{ name: "ci", address, kind: "keystore" }]);
    expect(await store.export("ci")).toBe(await readFile(file("ci"), "utf8"));
    expect((await store.unlock("ci", "secret words")).address).toBe(address);
    expect(await store.privateKey("ci", "secret words")).toBe(key);
    expect(await codeOf(() => store.unlock("ci", "Secret words"))).toBe("PASSWORD_WRONG");
  });

  test("is empty before the first account, and lists no more than accounts", async () => {
    expect(await store.list()).toEqual([]);
    await mkdir(directory, { recursive: true });
    for (const name of [".0a1b.tmp", "NOTES.json", "readme.txt", ".json"])
      await writeFile(join(directory, name), "x");
    expect(await store.list()).toEqual([]);
  });

  test("takes a keystore over with its password, and fills in the address that it lacks", async () => {
    await store.importPrivateKey("first", key, "secret words");
    const { address: _, ...unnamed } = JSON.parse(await store.export("first"));
    const json = JSON.stringify(unnamed);
    expect(await store.importKeystore("second", json, "secret words")).toEqual({
      name: "second",
      address,
      kind: "keystore",
    });
    expect(await store.show("second")).toEqual({ name: "second", address, kind: "keystore" });
    expect((await store.unlock("second", "secret words")).address).toBe(address);
    expect(await codeOf(() => store.importKeystore("third", json, "wrong"))).toBe("PASSWORD_WRONG");
    expect(await codeOf(() => store.importKeystore("third", "{}", "secret words"))).toBe("KEYSTORE_INVALID");
    expect((await readdir(directory)).sort()).toEqual(["first.json", "second.json"]);
  });

  test("notes an account whose key is elsewhere, and has no key of it to give", async () => {
    const external = { name: "release", address, kind: "external", signer: "https://signer.acme.io/" };
    expect(await store.importExternal("release", address, "https://signer.acme.io")).toEqual(external);
    expect(await modeOf(file("release"))).toBe(0o600);
    expect(await store.list()).toEqual([external]);
    expect(await store.show("release")).toEqual(external);
    expect(await codeOf(() => store.export("release"))).toBe("KEY_ELSEWHERE");
    expect(await codeOf(() => store.privateKey("release", ""))).toBe("KEY_ELSEWHERE");
    expect(await codeOf(() => store.importExternal("release", address, "https://b.io"))).toBe(
      "ACCOUNT_EXISTS",
    );
    expect(await codeOf(() => store.importExternal("other", address, "http://b.io"))).toBe(
      "SIGNER_URL_INVALID",
    );
  });

  test.each([
    { address: "0x12", signer: "https://signer.acme.io/" },
    { address, signer: "http://signer.acme.io/" },
    { address },
    {},
  ])("does not believe an external account's file that says %j", async (fields) => {
    await mkdir(directory, { recursive: true });
    const json = JSON.stringify({ format: "daochain-external-account/1", ...fields });
    await writeFile(file("release"), json);
    expect(await codeOf(() => store.show("release"))).toBe("ACCOUNT_FILE_INVALID");
  });

  test("says which account's file names no address", async () => {
    await mkdir(directory, { recursive: true });
    await store.importPrivateKey("good", key, "secret words");
    const { address: _, ...unnamed } = JSON.parse(await store.export("good"));
    await writeFile(file("bare"), JSON.stringify(unnamed));
    const failure = await failureOf(() => store.show("bare"));
    expect(failure.code).toBe("KEYSTORE_WITHOUT_ADDRESS");
    expect(failure.message).toContain("bare");
  });

  test("never overwrites an account, whoever comes first", async () => {
    const attempts = await Promise.allSettled(
      Array.from({ length: 4 }, () => new AccountStore(directory).create("same", "secret words")),
    );
    const made = attempts.filter((attempt) => attempt.status === "fulfilled");
    expect(made).toHaveLength(1);
    for (const attempt of attempts) {
      if (attempt.status === "rejected") expect(attempt.reason).toMatchObject({ code: "ACCOUNT_EXISTS" });
    }
    expect(await store.show("same")).toEqual(made[0]?.value);
    expect(await readdir(directory)).toEqual(["same.json"]);
    expect(await codeOf(() => store.importPrivateKey("same", key, "long enough"))).toBe("ACCOUNT_EXISTS");
    expect(await store.show("same")).toEqual(made[0]?.value);
  });

  test.each(["", ".", "..", "../ci", "a/b", "A", "-a", ".a", "a".repeat(64), "a\u0000", "ä", "a b"])(
    "has no account named %j",
    async (name) => {
      expect(await codeOf(() => store.importPrivateKey(name, key, "long enough"))).toBe(
        "ACCOUNT_NAME_INVALID",
      );
      expect(await codeOf(() => store.show(name))).toBe("ACCOUNT_NAME_INVALID");
    },
  );

  test.each(["a", "0", "ci.prod_eu-1", "a".repeat(63)])("may have one named %s", async (name) => {
    expect(await codeOf(() => store.show(name))).toBe("ACCOUNT_NOT_FOUND");
  });

  test("changes a password, and keeps the old one where it cannot", async () => {
    await store.importPrivateKey("ci", key, "secret words");
    expect(await codeOf(() => store.changePassword("ci", "other words", "next words"))).toBe(
      "PASSWORD_WRONG",
    );
    expect(await codeOf(() => store.changePassword("ci", "secret words", "too short"))).toBe(
      "PASSWORD_TOO_SHORT",
    );
    expect(await store.privateKey("ci", "secret words")).toBe(key);
    await store.changePassword("ci", "secret words", "next words 馬");
    expect(await store.privateKey("ci", "next words 馬")).toBe(key);
    expect(await codeOf(() => store.privateKey("ci", "secret words"))).toBe("PASSWORD_WRONG");
    expect(await modeOf(file("ci"))).toBe(0o600);
    expect(await readdir(directory)).toEqual(["ci.json"]);
  });

  test("takes no short password for a new key: characters count, not bytes", async () => {
    for (const password of ["", "123456789", "馬馬馬馬馬馬馬馬馬", "😀".repeat(9)])
      expect(await codeOf(() => store.importPrivateKey("ci", key, password))).toBe("PASSWORD_TOO_SHORT");
    expect(await store.list()).toEqual([]);
    await store.importPrivateKey("ci", key, "馬".repeat(10));
  });

  test("removes an account, and only that", async () => {
    const url = "http://127.0.0.1:8550/";
    await store.importExternal("first", address, url);
    await store.importExternal("second", address, url);
    await store.remove("first");
    expect((await store.list()).map(({ name }) => name)).toEqual(["second"]);
    expect(await codeOf(() => store.remove("first"))).toBe("ACCOUNT_NOT_FOUND");
    expect((await failureOf(() => store.remove("../second"))).outcome).toBe("usage");
  });
});
