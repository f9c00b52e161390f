import { expect, it, onTestFinished } from "vitest";
import { DockerClient } from "../../../src/image/docker/client.ts";
import { removeImage } from "../../../src/image/docker/tools.ts";
import type { ImageFacts, Subject } from "../../../src/image/image.ts";
import { openImage } from "../../../src/image/open.ts";
import { signable } from "../../../src/operations/signable.ts";
import { decide } from "../../../src/verdict/decide.ts";
import { hangsOnLayers } from "../../../src/verdict/depth.ts";
import { describeOnEngines } from "../../support/engines.ts";
import { claim, evidenceOf } from "../../support/evidence.ts";
import {
  type Files,
  json,
  legacyArchive,
  makeImage,
  put,
  putImage,
  putTable,
  sha256,
  tar,
  types,
} from "../../support/images.ts";

const attestation = { "vnd.docker.reference.type": "attestation-manifest" };

describeOnEngines("a local copy of an index", (engine) => {
  const docker = { host: engine.host };
  let number = 0;

  /** Loads an index of what is given; what is not in the files is not in the engine either. */
  async function load(files: Files, manifests: readonly object[]): Promise<string> {
    const name = `acme/local-index:${++number}`;
    const index = put(files, types.index, json({ schemaVersion: 2, mediaType: types.index, manifests }));
    putTable(files, [{ ...index, annotations: { "io.containerd.image.name": `docker.io/${name}` } }]);
    await send(files, name);
    return name;
  }

  async function send(files: Files, name: string): Promise<void> {
    const answer = await (await DockerClient.prepare(docker)).open("/images/load", {
      method: "POST",
      query: { quiet: "1" },
      body: Buffer.from(await tar(files)),
    });
    for await (const piece of answer.body) expect(String(piece)).not.toContain("error");
    onTestFinished(() => removeImage(name, { docker }));
  }

  const child = async (files: Files, architecture: string, content = architecture) => ({
    ...putImage(files, await makeImage({ architecture, contents: [`${content} ${number}`] })),
    platform: { os: "linux", architecture },
  });

  async function inspect(name: string, thorough: boolean): Promise<ImageFacts> {
    const facts = await (await openImage(`docker-daemon:${name}`, { docker })).inspect({ thorough });
    return { ...facts, name: { repository: "docker.io/acme/api", tag: "1.0", carried: true } };
  }

  /** As `verifyImage` does: first by what would run, then by what is there. */
  async function judge(name: string, subjects: readonly Subject[]) {
    const policy = { organisation: undefined, newest: true };
    const look = async (thorough: boolean) => {
      const evidence = evidenceOf(claim({ subjects }), { facts: await inspect(name, thorough) });
      const verdict = decide(evidence, policy);
      return { verdict, hangs: hangsOnLayers(evidence, verdict) };
    };
    const first = await look(false);
    const { verdict } = first.hangs ? await look(true) : first;
    return { status: verdict.status, matched: verdict.matched, wasReadWhole: first.hangs };
  }

  // The classic store keeps one image of an index, and forgets the index.
  if (engine.name === "classic") {
    it("is the one image that was fetched of it", async () => {
      const archive = legacyArchive(await makeImage({ contents: ["only"] }), ["acme/local-index:classic"]);
      await send(archive, "acme/local-index:classic");
      expect((await inspect("acme/local-index:classic", true)).listed).toBeUndefined();
    });
    return;
  }

  it.each([
    ["is annotated as an attestation", { annotations: attestation }],
    ["is of no known platform", { platform: { os: "unknown", architecture: "unknown" } }],
    ["is both", { annotations: attestation, platform: { os: "unknown", architecture: "unknown" } }],
    ["is an image like any other", {}],
  ])("is not verified by one platform where another %s", async (_what, said) => {
    const files: Files = new Map();
    const own = await child(files, "amd64");
    const other = { ...(await child(files, "arm64")), ...said };
    const name = await load(files, [own, other]);
    const { subjects } = await inspect(name, true);
    const named = (...digests: string[]) => subjects.filter(({ digest }) => digests.includes(digest));
    const ofOwn = subjects.filter(({ platform }) => platform === "linux/amd64");
    expect(ofOwn.map(({ kind }) => kind)).toEqual(["manifest", "config", "runtime"]);
    expect((await judge(name, ofOwn)).status).toBe("mismatch");
    expect(await judge(name, named(own.digest, other.digest))).toMatchObject({
      status: "verified",
      matched: "manifest",
    });
    const index = subjects.filter(({ kind }) => kind === "index");
    expect(await judge(name, [...index, ...ofOwn])).toEqual({
      status: "verified",
      matched: "index",
      wasReadWhole: false,
    });
  });

  it("that holds one platform is verified by it, and signed by it alone", async () => {
    const files: Files = new Map();
    const own = await child(files, "amd64");
    const absent = await child(new Map(), "arm64");
    const name = await load(files, [own, absent]);
    const facts = await inspect(name, true);
    const { subjects, notes } = signable(facts);
    expect(subjects.map(({ kind, platform }) => `${kind} ${platform}`)).toEqual([
      "manifest linux/amd64",
      "config linux/amd64",
      "runtime linux/amd64",
    ]);
    expect(notes.join()).toContain(`linux/arm64 ${absent.digest}`);
    expect(await judge(name, subjects)).toEqual({
      status: "verified",
      matched: "runtime",
      wasReadWhole: false,
    });
  });

  it("with an attestation beside its image is signed as a whole", async () => {
    const files: Files = new Map();
    const own = await child(files, "amd64");
    const statement = json({ _type: "https://in-toto.io/Statement/v0.1", of: own.digest });
    const config = put(
      files,
      types.config,
      json({
        architecture: "unknown",
        os: "unknown",
        config: {},
        rootfs: { type: "layers", diff_ids: [sha256(statement)] },
      }),
    );
    const layers = [put(files, "application/vnd.in-toto+json", statement)];
    const about = put(
      files,
      types.manifest,
      json({ schemaVersion: 2, mediaType: types.manifest, config, layers }),
    );
    const said = { annotations: attestation, platform: { os: "unknown", architecture: "unknown" } };
    const name = await load(files, [own, { ...about, ...said }]);
    const { subjects, notes } = signable(await inspect(name, true));
    expect(subjects.map(({ kind }) => kind)).toEqual(["index", "manifest", "config", "runtime"]);
    expect(notes.join()).toContain(about.digest);
    expect(await judge(name, subjects)).toEqual({
      status: "verified",
      matched: "index",
      wasReadWhole: false,
    });
    // The image alone is claimed: what lies beside it has to be looked at, and then is no reason to refuse it.
    const ofImage = subjects.filter(({ kind }) => kind !== "index");
    expect(await judge(name, ofImage)).toMatchObject({ status: "verified", wasReadWhole: true });
  });
});
