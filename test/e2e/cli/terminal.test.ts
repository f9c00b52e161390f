import { access, readFile, stat, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CliHome } from "../../support/cli.ts";

const address = "0x008AeEda4D805471dF9b2A5B0f38A0C3bCBA786b";
const privateKey = "7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d";

describe("accounts, on a terminal and without one", () => {
  let home: CliHome;
  beforeAll(async () => {
    home = await CliHome.create();
  });
  afterAll(() => home?.[Symbol.asyncDispose]());

  test("up asks for a new password twice, until both are the same, and shows neither", async () => {
    const { code, stdout } = await home.terminal(
      ["up"],
      [
        ["New password for account default (at least 10 characters): ", "correct horse"],
        ["The same again: ", "battery staple"],
        ["New password for account default (at least 10 characters): ", "correct horse"],
        ["The same again: ", "correct horse"],
      ],
    );
    expect(code).toBe(0);
    expect(stdout).toContain("The two differ");
    expect(stdout).not.toMatch(/horse|staple/);
    await expect(access(home.path("home", "passwords"))).rejects.toThrow();
  });

  test("a password is asked for where one is needed; a wrong one is said to be wrong", async () => {
    const question = "Password of account default: ";
    const right = await home.terminal(
      ["account", "export", "--private-key", "--yes"],
      [[question, "correct horse"]],
    );
    expect(right.code, right.stdout + right.stderr).toBe(0);
    expect(right.stdout).toMatch(/0x[0-9a-f]{64}/);
    const wrong = await home.terminal(
      ["account", "export", "--private-key", "--yes"],
      [
        [question, "tr0ub4dor"],
        [question, "tr0ub4dour"],
        [question, "troubadour"],
      ],
    );
    expect(wrong.code, wrong.stdout + wrong.stderr).toBe(2);
    expect(wrong.stdout).toContain("does not open this account");
    const nobody = await home.run(["account", "export", "--private-key", "--yes"]);
    expect(nobody.code).toBe(2);
    expect(nobody.stderr).toContain("DAOCHAIN_PASSWORD_FILE");
  });

  test("what cannot be undone is asked for; no is no", async () => {
    const no = await home.terminal(["account", "export", "--private-key"], [["[y/N] ", "n"]]);
    expect(no.code, no.stdout + no.stderr).toBe(130);
    expect(no.stdout).toContain("Nothing was changed.");
  });

  test("a private key comes from stdin, and the account list shows which is in use", async () => {
    const password = home.path("password");
    await writeFile(password, "secret words\n");
    const env = { DAOCHAIN_PASSWORD_FILE: password };
    const imported = await home.json(["account", "import", "ci"], { env, input: `${privateKey}\n` });
    expect(imported).toMatchObject({ code: 0, value: { name: "ci", address } });
    const again = await home.run(["account", "import", "ci"], { env, input: privateKey });
    expect(again.code).toBe(2);
    const bad = await home.run(["account", "import", "bad"], { env, input: "0x1234" });
    expect(bad.code).toBe(2);
    expect(bad.stderr).not.toContain("1234");

    expect((await home.run(["account", "use", "ci"])).code).toBe(0);
    const list = await home.json<{ name: string; current: boolean }[]>(["account", "list"]);
    expect(list.value.map(({ name, current }) => [name, current])).toEqual([
      ["ci", true],
      ["default", false],
    ]);
    expect(await home.json(["account", "show"])).toMatchObject({ value: { name: "ci", address } });
  });

  test("an exported keystore is a file for its owner alone, and can be imported elsewhere", async () => {
    const file = home.path("ci.json");
    expect((await home.run(["account", "export", "ci", "--output", file])).code).toBe(0);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ version: 3 });
    await using other = await CliHome.create();
    const env = { DAOCHAIN_PASSWORD_FILE: home.path("password") };
    const imported = await other.json(["account", "import", "moved", "--keystore", file], { env });
    expect(imported.value).toEqual({ name: "moved", address, kind: "keystore" });
  });

  test("a key in the environment needs no account", async () => {
    await using ci = await CliHome.create();
    const env = { DAOCHAIN_PRIVATE_KEY: privateKey };
    const up = await ci.json(["up", "--org", "acme"], { env });
    expect(up).toMatchObject({ code: 0, value: { account: { name: null, address }, organisation: "acme" } });
    expect((await ci.json(["account", "list"])).value).toEqual([]);
    expect((await ci.json(["org", "show"])).value).toMatchObject({ signers: [address], admins: [address] });
  });
});
