import { readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Verdict, writeOciLayout } from "../../../src/internal.ts";
import { CliHome } from "../../support/cli.ts";

describe("policies from a file", () => {
  let home: CliHome;
  const annotations = { "io.containerd.image.name": "registry.acme.io/team/tool:1.0" };
  const file = (): string => home.path("policy.json");
  const write = (...policies: object[]): Promise<void> =>
    writeFile(file(), JSON.stringify({ version: "1.0", trustPolicies: policies }));
  const policy = (more: object = {}, scope = "registry.acme.io/**") => ({
    name: `for-${scope.replace(/[^\w.-]/g, "_")}`,
    registryScopes: [scope],
    signatureVerification: { level: "strict" },
    ...more,
  });
  const verify = () =>
    home.json<Verdict>(["verify", `oci:${home.path("tool")}`, "--policy", file()]).catch(async () => ({
      ...(await home.run(["verify", `oci:${home.path("tool")}`, "--policy", file()])),
      value: undefined,
    }));

  beforeAll(async () => {
    home = await CliHome.create();
    expect((await home.run(["up", "--org", "acme"])).code).toBe(0);
    expect((await home.run(["org", "create", "lab"])).code).toBe(0);
    await writeOciLayout({ directory: home.path("tool"), tag: "1.0", files: { hello: "x" }, annotations });
    expect((await home.run(["sign", `oci:${home.path("tool")}`])).code).toBe(0);
  });
  afterAll(() => home?.[Symbol.asyncDispose]());

  test("say who must have signed, how many of them, and how lately", async () => {
    await write(policy());
    expect(await verify()).toMatchObject({ code: 0, value: { status: "verified", organisation: "acme" } });
    await write(policy({ organisations: { any: ["lab", "acme"] } }));
    expect(await verify()).toMatchObject({ code: 0, value: { status: "verified", organisation: "acme" } });
    await write(policy({ organisations: { all: ["lab", "acme"] } }));
    expect(await verify()).toMatchObject({ code: 14, value: { status: "untrusted" } });
    expect((await home.run(["sign", `oci:${home.path("tool")}`, "--org", "lab"])).code).toBe(0);
    expect(await verify()).toMatchObject({ code: 0, value: { status: "verified" } });
    await write(policy({ organisations: { all: ["lab", "acme", "nobody"] } }));
    expect(await verify()).toMatchObject({ code: 2 });
    await write(policy({ maxAge: "1s" }));
    await expect.poll(async () => (await verify()).code, { timeout: 20_000 }).toBe(13);
    await write(policy({ maxAge: "1d" }));
    expect(await verify()).toMatchObject({ code: 0 });
  });

  test("deny what none of them holds, without a question to anybody", async () => {
    await write(policy({}, "registry.acme.io/other/*"));
    expect(await verify()).toMatchObject({ code: 16, value: { status: "denied", chain: null } });
  });

  test("are not used with mistakes in them, nor with what says the same", async () => {
    await write({ ...policy(), maxage: "1d" });
    expect((await verify()).code).toBe(2);
    const image = `oci:${home.path("tool")}`;
    expect((await home.run(["verify", image, "--policy", home.path("none.json")])).code).toBe(2);
    await write(policy());
    expect((await home.run(["verify", image, "--policy", file(), "--org", "acme"])).code).toBe(2);
  });

  test("init writes one that can be used, once; check and explain say what it says", async () => {
    const made = home.path("daochain.policy.json");
    expect((await home.run(["policy", "init", made, "--org", "acme"])).code).toBe(0);
    const text = await readFile(made, "utf8");
    expect((await home.run(["policy", "init", made])).code).toBe(2);
    expect(await readFile(made, "utf8")).toBe(text);
    const checked = await home.json<object[]>(["policy", "check", made]);
    expect(checked).toMatchObject({
      code: 0,
      value: [
        {
          name: "everything",
          level: "strict",
          organisations: ["acme"],
          needed: 1,
          missingOrganisations: [],
        },
      ],
    });
    await write(policy({ maxAge: "90d" }), policy({}, "docker.io/acme/*"));
    expect(
      await home.json(["policy", "explain", "--policy", file(), "registry.acme.io/team/tool:9"]),
    ).toMatchObject({
      code: 0,
      value: { repository: "registry.acme.io/team/tool", policy: { maxAge: 90 * 86_400 } },
    });
    expect(await home.json(["policy", "explain", "--policy", file(), "acme/api"])).toMatchObject({
      code: 0,
      value: { repository: "docker.io/acme/api", policy: { registryScopes: ["docker.io/acme/*"] } },
    });
    expect(await home.json(["policy", "explain", "--policy", file(), "nginx"])).toMatchObject({
      code: 16,
      value: { policy: null },
    });
    await writeFile(file(), "{");
    expect((await home.run(["policy", "check", file()])).code).toBe(2);
  });

  test("check says a span as people do, and finds organisations that do not exist", async () => {
    await write(policy({ maxAge: "90d", organisations: { atLeast: 2, of: ["acme", "lab", "nobody"] } }));
    const checked = await home.run(["policy", "check", file()]);
    expect(checked.code).toBe(20);
    expect(checked.stdout).toContain("at least 2 of acme, lab, nobody, within the last 90 days");
    expect(checked.stderr.match(/the registry knows no organisation/g)).toHaveLength(1);
    expect(checked.stderr).toContain("asks for nobody");
    const { code, value } = await home.json<object[]>(["policy", "check", file()]);
    expect([code, value]).toMatchObject([20, [{ missingOrganisations: ["nobody"] }]]);
    const chinese = await home.run(["policy", "check", file(), "--lang", "zh"]);
    expect(chinese.stdout).toContain("签名于最近 90 天内");

    // Whether they exist is not known where the registry cannot be asked.
    await write(policy({ organisations: { any: ["acme"] } }));
    const env = { DAOCHAIN_HOME: home.path("nowhere") };
    const unasked = await home.json<object[]>(["policy", "check", file()], { env });
    expect([unasked.code, unasked.value]).toMatchObject([20, [{ missingOrganisations: null }]]);
    expect(unasked.stderr).toContain("could not be asked");
    // Where the owner of each repository must have signed, there is nothing to ask.
    await write(policy());
    expect((await home.run(["policy", "check", file()], { env })).code).toBe(0);
  });
});
