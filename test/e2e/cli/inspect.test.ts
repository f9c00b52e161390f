import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Inspection } from "../../../cli/actions/inspect.ts";
import { type Verdict, writeOciLayout } from "../../../src/internal.ts";
import { CliHome } from "../../support/cli.ts";
import { expectVerdict, type VerdictJson } from "../../support/verdict.ts";

describe("what is known of an image, and what would be signed", () => {
  let home: CliHome;
  let image: string;
  let archive: string;
  let signed: VerdictJson;
  const inspect = (...words: string[]) => home.json<Inspection>(["inspect", ...words]);

  beforeAll(async () => {
    home = await CliHome.create();
    await writeOciLayout({ directory: home.path("app"), tag: "1.0", files: { hello: "app" } });
    image = `oci:${home.path("app")}:1.0`;
    archive = home.path("app.tar");
    execFileSync("tar", ["-C", home.path("app"), "-cf", archive, "oci-layout", "index.json", "blobs"]);
    expect((await home.run(["up", "--org", "acme"])).code).toBe(0);
  });
  afterAll(() => home?.[Symbol.asyncDispose]());

  describe("sign --dry-run", () => {
    type DryRun = Record<string, unknown> & { subjects: { kind: string }[]; reasons: string[] };
    const dryRun = (...words: string[]) => home.json<DryRun>(["sign", "--dry-run", ...words]);

    test("shows what would be signed, asks for no password and records nothing", async () => {
      const before = (await home.json<unknown[]>(["log"])).value.length;
      // What would open the account is not there.
      const env = { DAOCHAIN_PASSWORD_FILE: home.path("no-such-file") };
      const words = ["sign", "--dry-run", image, "--annotation", "rev=1", "--expires", "2099-01-01"];
      const { code, value } = await home.json<DryRun>(words, { env });
      expect(code).toBe(0);
      expect(value).toMatchObject({
        image,
        dryRun: true,
        signable: true,
        organisation: "acme",
        threshold: 1,
        repository: "localhost/app",
        tag: "1.0",
        depth: "content",
        expiresAt: "2099-01-01T00:00:00Z",
        annotations: { rev: "1" },
        reasons: [],
      });
      expect(value.subjects.map(({ kind }) => kind).sort()).toEqual(["config", "manifest", "runtime"]);
      const text = await home.run(words, { env });
      expect(text.code).toBe(0);
      expect(text.stdout).toContain("would sign");
      expect(text.stderr).toContain("Nothing was signed or recorded.");
      expect((await home.json<unknown[]>(["log"])).value).toHaveLength(before);
      expect((await home.run(["verify", image])).code).toBe(10);
    });

    test("is what sign then signs", async () => {
      const { value } = await dryRun(image);
      const { value: recorded } = await home.json<Verdict<string>>(["sign", image]);
      signed = expectVerdict(recorded, "signed");
      expect(value["subjects"]).toEqual(signed.subjects);
      expect(value["signer"]).toBe(signed.claim?.signers[0]);
    });

    test("says what stands in the way", async () => {
      await home.run(["account", "create", "stranger"]);
      const stranger = await dryRun(image, "--account", "stranger");
      expect(stranger).toMatchObject({ code: 2, value: { signable: false } });
      expect(stranger.value.reasons.join()).toContain("is not a current signer of acme");
      const gone = await dryRun(`oci:${home.path("gone")}:1.0`);
      expect(gone).toMatchObject({ code: 20, value: { signable: false, subjects: [] } });
      await writeOciLayout({ directory: home.path("fallen"), tag: "1.0", files: { hello: "fallen" } });
      const fallen = `oci:${home.path("fallen")}:1.0`;
      expect((await home.run(["sign", fallen])).code).toBe(0);
      expect((await home.run(["revoke", fallen, "--reason", "flawed", "--yes"])).code).toBe(0);
      const revoked = await dryRun(fallen);
      expect(revoked).toMatchObject({ code: 2, value: { signable: false } });
      expect(revoked.value.reasons.join()).toContain("has revoked");
      expect((await home.run(["sign", fallen])).code).toBe(2);
    });

    test("needs no chain for what is signed into a file, and says so of what is not", async () => {
      const env = { DAOCHAIN_RPC_URL: "http://127.0.0.1:1" };
      const file = home.path("never");
      const offline = await home.json<DryRun>(["sign", "--dry-run", image, "--output", file], { env });
      expect(offline).toMatchObject({ code: 0, value: { signable: true, threshold: null, warnings: [] } });
      const { code, value } = await home.json<DryRun>(["sign", "--dry-run", image], { env });
      expect(code).toBe(0);
      expect(String(value["warnings"])).toContain("the chain was not asked");
    });
  });

  describe("inspect", () => {
    test("has the verdict, the image, its claims, its tag's head and its history", async () => {
      const { code, value } = await inspect(image);
      expect(code).toBe(0);
      expectVerdict(value.verdict, "verified");
      expect(value).toMatchObject({ image, transport: "oci", id: null, unknown: [] });
      expect(value.platforms).toHaveLength(1);
      expect(value.platforms[0]?.layers[0]?.diffId).toMatch(/^sha256:/);
      expect(value.size).toBeGreaterThan(0);
      expect(value.claims?.map(({ claim }) => claim.id)).toEqual([signed.claim?.id]);
      expect(value.claims?.[0]).toMatchObject({
        organisation: "acme",
        byOwner: true,
        status: "verified",
        claim: { approvals: 1, threshold: 1, transaction: signed.claim?.transaction },
      });
      expect(value.heads?.map(({ claim }) => claim.id)).toEqual([signed.claim?.id]);
      expect(value.history?.map(({ act }) => act)).toEqual(["approved", "claimed"]);
      expect(value.asOf?.block).toBeGreaterThan(0);
    });

    test("has claims of others, and revocations", async () => {
      expect((await home.run(["org", "create", "other"])).code).toBe(0);
      expect((await home.run(["sign", image, "--org", "other"])).code).toBe(0);
      const { value } = await inspect(image);
      expect(value.claims?.map(({ organisation, byOwner }) => [organisation, byOwner]).sort()).toEqual([
        ["acme", true],
        ["other", false],
      ]);
      const fallen = await inspect(`oci:${home.path("fallen")}:1.0`);
      expect(fallen.code).toBe(12);
      expect(fallen.value.claims?.[0]?.revocation?.reason).toBe("flawed");
      expect(fallen.value.history?.map(({ reason }) => reason)).toContain("flawed");
      const text = await home.run(["inspect", `oci:${home.path("fallen")}:1.0`]);
      expect(text.stdout).toContain("flawed");
      expect(text.stdout).toContain("HISTORY");
    });

    test("is the same of an archive, and short where it is to be quiet", async () => {
      const { code, value } = await inspect(`oci-archive:${archive}:1.0`);
      expect(code).toBe(0);
      expect(value.transport).toBe("oci-archive");
      expect(value.claims).toHaveLength(2);
      const quiet = await home.run(["inspect", "-q", image]);
      expect(quiet.stdout).toBe(`verified ${image}\n`);
    });

    test("without a chain it has the image, and says what is not known", async () => {
      await using other = await CliHome.create();
      const { code, value } = await other.json<Inspection>(["inspect", image]);
      expect(code).toBe(20);
      expect(value.verdict.status).toBe("inconclusive");
      expect(value.platforms).toHaveLength(1);
      expect(value).toMatchObject({ claims: null, heads: null, history: null, asOf: null });
      expect(value.unknown.join()).toContain("no chain");
      const text = await other.run(["inspect", image]);
      expect(text.stdout).toContain("What is claimed of it is not known");

      // The index still has what it was told before.
      const env = { DAOCHAIN_RPC_URL: "http://127.0.0.1:1" };
      const before = await home.json<Inspection>(["inspect", image], { env });
      expect(before.code).toBe(20);
      expect(before.value.claims).toHaveLength(2);
      expect(before.value.history).toBeNull();
      expect(before.value.asOf).not.toBeNull();
    });

    test("an image that is not there is inconclusive, and nothing of it is made up", async () => {
      const { code, value } = await inspect(`oci:${home.path("gone")}:1.0`);
      expect(code).toBe(20);
      expect(value).toMatchObject({ transport: null, platforms: [], size: null, claims: null, heads: [] });
      // What its name means to the chain is known all the same.
      const named = await inspect("docker-daemon:localhost/app:1.0");
      expect(named.code).toBe(20);
      expect(named.value).toMatchObject({ transport: null, claims: null });
      expect(named.value.heads?.map(({ organisation }) => organisation)).toContain("acme");
      expect(named.value.history?.map(({ act }) => act)).toContain("claimed");
    });

    test("speaks Chinese, with columns that are aligned", async () => {
      const { stdout } = await home.run(["inspect", image, "--lang", "zh"]);
      expect(stdout).toContain("verified");
      expect(stdout).toMatch(/^ {2}组织 {10}acme$/m);
      expect(stdout).toMatch(/^ {2}签名者 {8}0x/m);
    });
  });

  describe("what is typed in haste", () => {
    test.each(["verify", "inspect", "sign", "approve", "diff"])(
      "%s of a file without its transport",
      async (command) => {
        const result = await home.run([command, archive]);
        expect(result.code).toBe(2);
        expect(result.stderr).toContain(`oci-archive:${archive}`);
      },
    );

    test("a name that ends like a file, and a directory, are told apart by what lies there", async () => {
      await writeFile(
        home.path("saved.tar"),
        "manifest.json\0".padEnd(124, "\0").concat("00000000000\0".padEnd(388, "\0")),
      );
      expect((await home.run(["verify", home.path("saved.tar")])).stderr).toContain("docker-archive:");
      expect((await home.run(["verify", home.path("app")])).stderr).toContain(`oci:${home.path("app")}.`);
      // What does not lie here is a name, if it can be one.
      const none = await home.run(["verify", home.path("none.tar")]);
      expect(none.stderr).toContain("is not an image reference");
    });

    test("a list from standard input", async () => {
      const { code, stdout } = await home.run(["verify", "--file", "-", "-q"], {
        input: `# list\n${image}\n`,
      });
      expect({ code, stdout }).toEqual({ code: 0, stdout: `verified ${image}\n` });
      expect((await home.run(["sign", "--file", "-", "--password-fd", "0"], { input: image })).code).toBe(2);
      expect((await home.run(["verify", "--file", "-"])).stderr).toContain("No image is named");
    });

    test("a block that is not there yet, and a moment that has not come", async () => {
      const { code, value } = await home.json<Verdict>(["verify", image, "--at", "99999"]);
      expect(code).toBe(20);
      expect(value.reasons.join()).toMatch(/has no block 99999\./);
      const ahead = await home.run(["verify", image, "--at", "2099-01-01"]);
      expect(ahead.code).toBe(2);
      expect(ahead.stderr).toContain("future");
    });

    test("a revocation without a reason", async () => {
      for (const reason of ["", "  "]) {
        const result = await home.run(["revoke", image, "--reason", reason, "--yes"]);
        expect(result.code).toBe(2);
        expect(result.stderr).toContain("needs a reason");
      }
      expect((await home.run(["verify", image])).code).toBe(0);
    });
  });
});
