import { readFile, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Organisation, type Verdict, writeOciLayout } from "../../../src/internal.ts";
import { CliHome } from "../../support/cli.ts";
import { expectVerdict } from "../../support/verdict.ts";

describe("an organisation of several keys", () => {
  let home: CliHome;
  const keys: Record<string, string> = {};
  const run = (...arguments_: string[]) => home.run(arguments_);
  const code = async (...arguments_: string[]) => (await home.run(arguments_)).code;
  const org = (...arguments_: string[]) => home.json<Organisation>(["org", ...arguments_]);
  const layout = async (name: string): Promise<string> => {
    await writeOciLayout({ directory: home.path(name), tag: "1.0", files: { name } });
    return `oci:${home.path(name)}:1.0`;
  };
  const verify = (...arguments_: string[]) => home.json<Verdict>(["verify", ...arguments_]);
  const block = async (): Promise<number> =>
    (await verify(`oci:${home.path("any")}:1.0`)).value.chain?.block ?? 0;

  beforeAll(async () => {
    home = await CliHome.withAccount();
    await layout("any");
    expect(await code("up", "--org", "acme")).toBe(0);
    for (const name of ["build", "release", "spare"]) {
      keys[name] = (await home.json<{ address: string }>(["account", "create", name])).value.address;
    }
    for (const name of ["build", "release"])
      expect(await code("org", "add-signer", "acme", keys[name] ?? "")).toBe(0);
  });
  afterAll(() => home?.[Symbol.asyncDispose]());

  test("threshold 2: pending until a second key approves, by image or by claim; the same key twice does not do", async () => {
    expect((await org("threshold", "acme", "2")).value.threshold).toBe(2);
    const image = await layout("quorum");
    const signed = await home.json<Verdict<string>>(["sign", image, "--account", "build"]);
    expect(signed.code).toBe(0);
    expectVerdict(signed.value, "pending");
    expect(await verify(image)).toMatchObject({
      code: 15,
      value: { status: "pending", claim: { threshold: 2 } },
    });

    const again = await run("approve", image, "--account", "build");
    expect((await verify(image)).code).toBe(15);
    expect(again.code === 0 || again.code === 2).toBe(true);
    const stranger = await run("approve", image, "--account", "spare");
    expect(stranger).toMatchObject({ code: 2 });
    expect(stranger.stderr).toContain("is not a current signer");

    const approved = await home.json<Verdict<string>>(["approve", image, "--account", "release"]);
    expect(expectVerdict(approved.value, "signed").claim?.signers).toEqual([keys["build"], keys["release"]]);
    expect((await verify(image)).code).toBe(0);
    expect(await code("approve", image, "--account", "release")).toBe(2);

    const second = await layout("by-claim");
    const { value } = await home.json<Verdict<string>>(["sign", second, "--account", "build"]);
    expect(await code("approve", value.claim?.id ?? "", "--account", "release")).toBe(0);
    expect((await verify(second)).code).toBe(0);
  });

  test("many images by one signature: one record, approved at once, each verified and revoked by itself", async () => {
    expect((await org("threshold", "acme", "2")).value.threshold).toBe(2);
    const images = await Promise.all(["one", "two", "three"].map((name) => layout(`batch-${name}`)));
    const signed = await home.json<Verdict<string>[]>(["sign", "--batch", "--account", "build", ...images]);
    expect(signed.code).toBe(0);
    expect(signed.value.map(({ status }) => status)).toEqual(["pending", "pending", "pending"]);
    expect(new Set(signed.value.map(({ claim }) => claim?.transaction)).size).toBe(1);
    expect(new Set(signed.value.map(({ claim }) => claim?.id)).size).toBe(3);

    expect(await code("approve", images[1] ?? "", "--account", "release")).toBe(0);
    const verdicts = await home.json<Verdict[]>(["verify", ...images]);
    expect(verdicts.code).toBe(0);
    expect(verdicts.value.map(({ claim }) => claim?.signers)).toEqual(
      images.map(() => [keys["build"], keys["release"]]),
    );

    expect(await code("revoke", images[0] ?? "", "--reason", "flawed", "--yes")).toBe(0);
    const after = await home.json<Verdict[]>(["verify", ...images]);
    expect(after.value.map(({ status }) => status)).toEqual(["revoked", "verified", "verified"]);
    const history = await home.json<{ act: string }[]>(["log", "localhost/batch-one"]);
    // Its manifest, its config and what it would run.
    expect(history.value.map(({ act }) => act)).toEqual([
      "revoked digest",
      "revoked digest",
      "revoked digest",
      "approved",
      "approved",
      "claimed",
    ]);
  });

  test("a claim is revoked by an admin, or by the key that signed it, alone or in a batch; its image may be signed again", async () => {
    expect((await org("threshold", "acme", "1")).value.threshold).toBe(1);
    const images = await Promise.all(["a", "b"].map((name) => layout(`claim-${name}`)));
    const [first = "", second = ""] = images;
    const batch = await home.json<Verdict<string>[]>(["sign", "--batch", "--account", "build", ...images]);
    const id = batch.value[0]?.claim?.id ?? "";
    const stranger = await run("revoke", id, "--reason", "no", "--yes", "--account", "release");
    expect(stranger.code).toBe(2);
    expect(await code("revoke", id, "--reason", "mistake", "--yes", "--account", "build")).toBe(0);
    expect(await verify(first)).toMatchObject({ code: 12, value: { status: "revoked" } });
    expect((await verify(second)).code).toBe(0);
    expect(await code("revoke", id, "--reason", "mistake", "--yes", "--account", "build")).toBe(0);
    expect(await code("sign", first, "--account", "release")).toBe(0);
    const alone = (await verify(first)).value;
    expect(alone.status).toBe("verified");
    expect(await code("revoke", alone.claim?.id ?? "", "--reason", "by the admin", "--yes")).toBe(0);
    expect((await verify(first)).code).toBe(12);
    expect(await code("revoke", `0x${"1".repeat(64)}`, "--reason", "none", "--yes")).toBe(2);
  });

  test("a claim signed without the chain is recorded from elsewhere, by somebody who is no signer", async () => {
    expect((await org("threshold", "acme", "2")).value.threshold).toBe(2);
    const image = await layout("offline");
    const file = home.path("claim.json");
    expect(await code("down")).toBe(0);
    expect(await code("sign", image, "--account", "build", "--output", file)).toBe(0);
    expect(await code("up")).toBe(0);
    const submitted = await home.json<Verdict<string>>(["submit", file, "--account", "spare"]);
    expect(expectVerdict(submitted.value, "pending").claim?.signers).toEqual([keys["build"]]);
    expect(await code("approve", image, "--account", "release")).toBe(0);
    expect((await verify(image)).code).toBe(0);

    const altered = JSON.parse(await readFile(file, "utf8")) as { claim: { tag: string } };
    altered.claim.tag = "2.0";
    await writeFile(file, JSON.stringify(altered));
    const refused = await run("submit", file, "--account", "spare");
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("altered");
  });

  test("--at tells what the answer was: before the revocation it was verified, before the signature unsigned", async () => {
    expect((await org("threshold", "acme", "1")).value.threshold).toBe(1);
    const image = await layout("past");
    const unsigned = await block();
    expect(await code("sign", image)).toBe(0);
    const signed = await block();
    const moment = new Date().toISOString();
    await sleep(1100);
    expect(await code("revoke", image, "--reason", "flawed", "--yes")).toBe(0);
    expect((await verify(image)).code).toBe(12);
    expect((await verify(image, "--at", String(signed))).code).toBe(0);
    expect((await verify(image, "--at", String(unsigned))).code).toBe(10);
    expect((await verify(image, "--at", moment)).code).toBe(0);
    expect((await verify(image, "--at", "0s")).code).toBe(12);
    expect((await verify(image, "--at", "0")).code).toBe(20);
    expect((await verify(image, "--at", "9y")).code).toBe(2);
    expect((await verify(image, "--at", "whenever")).code).toBe(2);
  });

  test("what a retired key signed stands; what a voided key signed since the moment falls", async () => {
    const [byRetired, byVoided, byBoth] = [
      await layout("retired"),
      await layout("voided"),
      await layout("both"),
    ];
    const { value: account } = await home.json<{ address: string }>(["account", "create", "thief"]);
    expect(await code("org", "add-signer", "acme", account.address)).toBe(0);
    expect(await code("sign", byRetired, "--account", "build")).toBe(0);
    const before = await layout("before");
    expect(await code("sign", before, "--account", "thief")).toBe(0);
    await sleep(1100);
    const since = new Date().toISOString();
    await sleep(1100);
    expect(await code("sign", byVoided, "--account", "thief")).toBe(0);
    expect(await code("org", "threshold", "acme", "2")).toBe(0);
    expect(await code("sign", byBoth, "--account", "thief")).toBe(0);
    expect(await code("approve", byBoth, "--account", "release")).toBe(0);
    expect(await code("org", "threshold", "acme", "1")).toBe(0);
    expect((await verify(byBoth)).code).toBe(0);

    expect(await code("org", "retire-signer", "acme", keys["build"] ?? "")).toBe(2);
    expect(await code("org", "retire-signer", "acme", keys["build"] ?? "", "--yes")).toBe(0);
    expect(await code("sign", byRetired, "--account", "build")).toBe(2);
    expect((await verify(byRetired)).code).toBe(0);

    const voided = await org("void-signer", "acme", account.address, "--since", since, "--yes");
    expect(voided.value.signers).not.toContain(account.address);
    expect(await verify(byVoided)).toMatchObject({ code: 14, value: { status: "untrusted" } });
    expect(await verify(byBoth)).toMatchObject({ code: 15, value: { status: "pending" } });
    expect((await verify(before)).code).toBe(0);
    expect((await home.run(["org", "add-signer", "acme", account.address])).code).toBe(2);
  });

  test("keys are replaced in one act; admins come and go, but the last one stays", async () => {
    const before = (await org("show", "acme")).value;
    const replaced = await org("replace-signer", "acme", keys["release"] ?? "", keys["spare"] ?? "", "--yes");
    expect(replaced.value.signers).toContain(keys["spare"]);
    expect(replaced.value.signers).not.toContain(keys["release"]);
    const [admin = ""] = before.admins;
    expect(await code("org", "remove-admin", "acme", admin, "--yes")).toBe(2);
    expect((await org("add-admin", "acme", keys["spare"] ?? "")).value.admins).toEqual([
      admin,
      keys["spare"],
    ]);
    expect((await org("remove-admin", "acme", admin, "--yes")).value.admins).toEqual([keys["spare"]]);
    expect(await code("org", "add-signer", "acme", keys["build"] ?? "")).toBe(2);
    expect(await code("org", "add-admin", "acme", admin, "--account", "spare")).toBe(0);
    expect((await run("org", "threshold", "acme", "9")).stderr).toContain("does not fit");
  });

  test("namespaces: an owner's cannot be taken, a stranger's claim is told from the owner's", async () => {
    expect((await org("remove-namespace", "acme", "", "--yes")).value.namespaces).toEqual([]);
    expect((await org("add-namespace", "acme", "docker.io/acme")).value.namespaces).toEqual([
      "docker.io/acme",
    ]);
    const admitted = await org(
      "admit",
      "globex",
      "--admin",
      keys["build"] ?? "",
      "--namespace",
      "docker.io/globex",
    );
    expect(admitted.value).toMatchObject({
      name: "globex",
      signers: [keys["build"]],
      namespaces: ["docker.io/globex"],
    });
    for (const prefix of ["docker.io/acme", "docker.io/acme/api", "docker.io"]) {
      expect((await run("org", "add-namespace", "globex", prefix)).stderr).toContain("overlaps");
    }
    expect(await code("org", "add-namespace", "globex", "docker.io/acmex", "--account", "build")).toBe(2);
    expect(await code("org", "add-namespace", "globex", "docker.io/acmex")).toBe(0);

    const annotations = { "io.containerd.image.name": "docker.io/acme/api:1.0" };
    await writeOciLayout({ directory: home.path("api"), tag: "1.0", files: { api: "api" }, annotations });
    const image = `oci:${home.path("api")}`;
    expect(await code("sign", image, "--org", "globex", "--account", "build")).toBe(0);
    expect(await verify(image)).toMatchObject({
      code: 14,
      value: { status: "untrusted", organisation: "globex" },
    });
    expect((await verify(image, "--org", "globex")).code).toBe(0);
    expect(await code("sign", image)).toBe(0);
    expect(await verify(image)).toMatchObject({ code: 0, value: { organisation: "acme" } });

    const { value } = await home.json<{ act: string; by: string | null }[]>(["log", "--org", "globex"]);
    expect(value.map(({ act }) => act)).toEqual(
      expect.arrayContaining(["organisation admitted", "namespace added", "claimed", "approved"]),
    );
  });
});
