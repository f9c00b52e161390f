import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Verdict } from "../../../src/internal.ts";
import { CliHome } from "../../support/cli.ts";
import { fakeRegistry } from "../../support/fake-registry.ts";
import { type Files, json, makeImage, put, putImage, putTable, sha256, types } from "../../support/images.ts";
import { expectVerdict } from "../../support/verdict.ts";

const attestation = { "vnd.docker.reference.type": "attestation-manifest" };

describe("an index in a registry", () => {
  let home: CliHome;
  let number = 0;
  const daochain = (...arguments_: string[]) => home.json<Verdict<string>>(arguments_);
  const status = async (...arguments_: string[]) => {
    const { code, value } = await daochain(...arguments_);
    return [code, value.status];
  };

  beforeAll(async () => {
    home = await CliHome.create();
    expect((await home.run(["up", "--org", "acme"])).code).toBe(0);
  });
  afterAll(async () => home?.[Symbol.asyncDispose]());

  /** An index of an image for linux/amd64 and of another, of which something is said. */
  async function twoImages(said: object) {
    const files: Files = new Map();
    // Of their own: what was signed in one test is signed in the next.
    const [one, two] = [1, 2].map((at) => `${at} of index ${number}`);
    number++;
    const own = putImage(files, await makeImage({ contents: [one ?? ""] }));
    const other = putImage(files, await makeImage({ contents: [two ?? ""], architecture: "arm64" }));
    const manifests = [
      { ...own, platform: { os: "linux", architecture: "amd64" } },
      { ...other, platform: { os: "linux", architecture: "arm64" }, ...said },
    ];
    const index = put(files, types.index, json({ schemaVersion: 2, mediaType: types.index, manifests }));
    const { address } = await fakeRegistry(putTable(files, [index]));
    return { files, own, other, index, repository: `docker://${address}/acme/app` };
  }

  test.each([
    ["annotated as an attestation", { annotations: attestation }],
    ["of no known platform", { platform: { os: "unknown", architecture: "unknown" } }],
  ])(
    "is not verified by one of its images where the other is %s, and signed with both",
    async (_what, said) => {
      const { own, other, repository } = await twoImages(said);
      expect(await status("sign", `${repository}@${own.digest}`)).toEqual([0, "signed"]);
      for (const depth of ["manifest", "content", "runtime"])
        expect(await status("verify", "--depth", depth, `${repository}:1.0`)).toEqual([10, "unsigned"]);
      const { value } = await daochain("sign", `${repository}:1.0`);
      const { subjects } = expectVerdict(value, "signed");
      expect(subjects.map(({ digest }) => digest)).toEqual(
        expect.arrayContaining([own.digest, other.digest]),
      );
      expect(await status("verify", `${repository}:1.0`)).toEqual([0, "verified"]);
    },
  );

  test("that lacks an image is neither verified by the others nor signed", async () => {
    const { files, own, other, repository } = await twoImages({});
    expect(await status("sign", `${repository}@${own.digest}`)).toEqual([0, "signed"]);
    files.delete(`blobs/sha256/${other.digest.slice(7)}`);
    const verified = await daochain("verify", `${repository}:1.0`);
    expect([verified.code, verified.value.status]).toEqual([20, "inconclusive"]);
    expect(verified.value.reasons.join()).toContain(`linux/arm64 ${other.digest}`);
    const signed = await daochain("sign", `${repository}:1.0`);
    expect([signed.code, signed.value.status]).toEqual([20, "inconclusive"]);
    expect(signed.value.reasons.join()).toContain("sign one platform by its digest");
    const offline = await home.run(["sign", "--output", home.path("claim.json"), `${repository}:1.0`]);
    expect([offline.code, offline.stderr]).toEqual([20, expect.stringContaining(other.digest)]);
  });

  test("is verified and signed with an attestation beside its images, which is named", async () => {
    const files: Files = new Map();
    const own = {
      ...putImage(files, await makeImage({ contents: ["attested"] })),
      platform: { os: "linux", architecture: "amd64" },
    };
    const statement = json({ _type: "https://in-toto.io/Statement/v0.1", of: own.digest });
    const unknown = { os: "unknown", architecture: "unknown" };
    const rootfs = { type: "layers", diff_ids: [sha256(statement)] };
    const config = put(files, types.config, json({ ...unknown, config: {}, rootfs }));
    const layers = [put(files, "application/vnd.in-toto+json", statement)];
    const about = {
      ...put(files, types.manifest, json({ schemaVersion: 2, mediaType: types.manifest, config, layers })),
      platform: unknown,
      annotations: attestation,
    };
    const manifests = [own, about];
    const index = put(files, types.index, json({ schemaVersion: 2, mediaType: types.index, manifests }));
    const { address } = await fakeRegistry(putTable(files, [index]));
    const image = `docker://${address}/acme/app:1.0`;
    expect(await status("sign", image.replace(":1.0", `@${own.digest}`))).toEqual([0, "signed"]);
    const byImage = await daochain("verify", image);
    expect([byImage.code, byImage.value.matched]).toEqual([0, "manifest"]);
    expect(byImage.value.warnings.join()).toContain(about.digest);
    const signed = await daochain("sign", image);
    expect(signed.code).toBe(0);
    expect(signed.value.warnings.join()).toContain(about.digest);
    const offline = await home.run(["sign", "--output", home.path("claim.json"), image]);
    expect([offline.code, offline.stderr]).toEqual([0, expect.stringContaining(about.digest)]);
    const verified = await daochain("verify", image);
    expect([verified.code, verified.value.matched]).toEqual([0, "index"]);
  });
});
