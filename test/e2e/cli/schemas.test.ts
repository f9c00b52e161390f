import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Verdict, writeOciLayout } from "../../../src/internal.ts";
import { CliHome } from "../../support/cli.ts";
import { compile } from "../../support/schemas.ts";

/** `CliHome.json` holds each output against its schema; here, each command has its turn, in the forms that its output takes. */
describe("what --json prints is what docs/schemas says", () => {
  let home: CliHome;
  let image: string;
  let other: string;
  let waiting: string;
  const json = async (code: number, ...words: string[]) => {
    const result = await home.json(words);
    expect({ words, code: result.code, stderr: result.stderr }).toMatchObject({ words, code });
    return result.value;
  };

  beforeAll(async () => {
    home = await CliHome.create();
    for (const name of ["app", "other", "waiting"])
      await writeOciLayout({ directory: home.path(name), tag: "1.0", files: { name } });
    image = `oci:${home.path("app")}:1.0`;
    other = `oci:${home.path("other")}:1.0`;
    waiting = `oci:${home.path("waiting")}:1.0`;
  });
  afterAll(() => home?.[Symbol.asyncDispose]());

  test("of a home with nothing in it", async () => {
    await json(20, "status");
    await json(20, "verify", image);
    await json(20, "inspect", image);
    await json(20, "log");
    await json(0, "account", "list");
    await json(0, "down");
    await json(2, "verify", "Not An Image");
  });

  test("of a chain and its organisations", async () => {
    await json(0, "up", "--org", "acme");
    await json(0, "up");
    await json(0, "status");
    await json(0, "org", "create", "other");
    await json(0, "org", "list");
    await json(0, "org", "show", "acme");
    await json(2, "org", "show", "nobody");
    const { address } = await json(0, "account", "create", "second");
    await json(0, "org", "add-signer", "acme", String(address));
    await json(2, "org", "add-namespace", "other", "registry.acme.io/other");
  });

  test("of accounts", async () => {
    const signer = ["--signer", "http://127.0.0.1:1", "--address", `0x${"11".repeat(20)}`];
    await json(0, "account", "import", "imported", ...signer);
    await json(0, "account", "list");
    await json(0, "account", "show", "imported");
    await json(0, "account", "use", "default");
  });

  test("of images", async () => {
    await json(10, "verify", image);
    await json(0, "sign", "--dry-run", image, "--annotation", "a=b");
    await json(0, "sign", image, "--annotation", "a=b", "--expires", "2099-01-01");
    await json(0, "sign", image, other);
    await json(20, "sign", "--dry-run", other, `oci:${home.path("gone")}:1.0`);
    await json(0, "verify", image, other);
    await json(0, "inspect", image);
    await json(0, "search");
    await json(0, "search", "--all", "--superseded", "app");
    await json(0, "images");
    await json(0, "log");
    await json(0, "log", "--org", "acme", "localhost/app");
    await writeFile(home.path("list"), `${image}\n${other}\n`);
    await json(0, "audit", "--file", home.path("list"));
    await json(20, "diff", "docker-daemon:acme/api:1.0");
    await json(0, "sign", other, "--output", home.path("claim.json"), "--org", "other");
    await json(0, "org", "threshold", "acme", "2");
    const { claim } = (await json(0, "sign", waiting)) as unknown as Verdict<string>;
    await json(15, "verify", waiting);
    await json(15, "inspect", waiting);
    await json(0, "approve", claim?.id ?? "", "--account", "second");
    await json(0, "submit", home.path("claim.json"));
    await json(0, "revoke", claim?.id ?? "", "--reason", "superseded", "--yes");
    await json(0, "revoke", image, "--reason", "flawed", "--yes");
    await json(0, "revoke", image, "--reason", "flawed", "--yes");
    await json(12, "inspect", image);
    await json(0, "search", "--all");
    await json(12, "audit", "--file", home.path("list"));
  });

  test("of policies and gates", async () => {
    const policy = home.path("policy.json");
    expect((await home.run(["policy", "init", policy])).code).toBe(0);
    await json(0, "policy", "check", policy);
    await json(0, "policy", "explain", "--policy", policy, "registry.acme.io/api:1.0");
    await writeFile(home.path("daemon.json"), "{}");
    const places = ["--daemon-json", home.path("daemon.json"), "--socket", home.path("gate.sock")];
    await json(20, "gate", "docker", "status", ...places);
  });

  test("of each line of watch", async () => {
    const { stdout } = await home.run(["watch", "--json", "--since", "0", "--no-containers"], {
      interrupt: { signal: "SIGTERM", after: "flawed" },
    });
    const lines = stdout.trimEnd().split("\n");
    expect(lines.length).toBeGreaterThan(5);
    const validate = compile("watch-event");
    for (const line of lines) expect(validate(JSON.parse(line))).toEqual([]);
  });
});
