import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { checkContainerd, isVerifierRun } from "../../../cli/install/containerd-checks.ts";
import { readContainerdSettings } from "../../../cli/install/containerd-config.ts";
import type { Connection } from "../../../src/contract/connection.ts";
import { type Organisation, requireOrganisation } from "../../../src/contract/organisations.ts";
import type { Digest } from "../../../src/digest/digest.ts";
import { toPulledFacts } from "../../../src/gates/containerd/verify-request.ts";
import { openImage } from "../../../src/image/open.ts";
import { connect } from "../../../src/network/connect.ts";
import { revokeDigests } from "../../../src/operations/revoke.ts";
import { signImage } from "../../../src/operations/sign.ts";
import { defaultPolicy } from "../../../src/policy/policy.ts";
import { gatherEvidence } from "../../../src/verdict/chain-evidence.ts";
import { decide } from "../../../src/verdict/decide.ts";
import { verifyImage } from "../../../src/verdict/verify.ts";
import { signerOf } from "../../support/consortium.ts";
import { hasContainerd, TestContainerd } from "../../support/containerd.ts";
import { ContainerdGate } from "../../support/containerd-gate.ts";
import { startEngine } from "../../support/docker-engine.ts";
import { ask } from "../../support/docker-gate.ts";
import {
  type Files,
  json,
  makeImage,
  ociLayout,
  put,
  putImage,
  putTable,
  types,
} from "../../support/images.ts";
import { OwnChain } from "../../support/own-chain.ts";
import { hasRegistry, RegistryServer } from "../../support/registry-server.ts";
import { docker } from "../../support/runnable-image.ts";

const criImages = "[plugins.'io.containerd.cri.v1.images']";
/** Settings by which Kubernetes' interface pulls past the verifiers. */
const localPulls: Readonly<Record<string, string>> = {
  "use_local_image_pull = true": `${criImages}\nuse_local_image_pull = true`,
  "disable_snapshot_annotations = false": `${criImages}\ndisable_snapshot_annotations = false`,
  "discard_unpacked_layers = true": `${criImages}\ndiscard_unpacked_layers = true`,
  "image_pull_with_sync_fs = true": `${criImages}\nimage_pull_with_sync_fs = true`,
  "max_concurrent_downloads = 5": `${criImages}\nmax_concurrent_downloads = 5`,
  "registry.mirrors": `[plugins.'io.containerd.cri.v1.images'.registry.mirrors.'docker.io']\nendpoint = ['http://127.0.0.1:9']`,
  "registry.configs": `[plugins.'io.containerd.cri.v1.images'.registry.configs.'docker.io'.tls]\ninsecure_skip_verify = true`,
  "registry.auths": `[plugins.'io.containerd.cri.v1.images'.registry.auths.'https://docker.io']\nusername = 'x'`,
};

describe.skipIf(!hasContainerd || !hasRegistry)("a containerd with a gate", { timeout: 180_000 }, () => {
  let chain: OwnChain;
  let connection: Connection;
  let acme: Organisation;
  let registry: RegistryServer;
  let gate: ContainerdGate;
  let containerd: TestContainerd;

  beforeAll(async () => {
    chain = await OwnChain.start();
    connection = await connect(chain.home);
    acme = await requireOrganisation(connection, "acme");
    registry = await RegistryServer.start();
    gate = await ContainerdGate.start(chain);
    containerd = await TestContainerd.start();
    containerd.addVerifier(gate.socket);
  });
  afterAll(async () => {
    connection?.rpc.close();
    await containerd?.[Symbol.asyncDispose]();
    await gate?.[Symbol.asyncDispose]();
    await registry?.[Symbol.asyncDispose]();
    await chain?.[Symbol.asyncDispose]();
  });

  const named = (name: string): string => `${registry.address}/${name}`;
  const isIndex = (mediaType: string): boolean => mediaType === types.index;

  /** Pushes an image of its own content. @returns what containerd is told of it */
  const push = async (
    name: string,
    layout?: Files,
  ): Promise<{ mediaType: string; digest: Digest; size: number }> => {
    const files = layout ?? ociLayout(await makeImage({ contents: [name] }));
    const [repository = "", tag = ""] = name.split(":");
    await registry.push(repository, tag, files);
    return JSON.parse(Buffer.from(files.get("index.json") ?? "").toString()).manifests[0];
  };
  const pushIndex = async (name: string, platforms: readonly string[]) => {
    const files: Files = new Map();
    const manifests: object[] = [];
    for (const architecture of platforms) {
      const child = putImage(files, await makeImage({ contents: [name, architecture], architecture }));
      manifests.push({ ...child, platform: { os: "linux", architecture } });
    }
    const index = put(files, types.index, json({ schemaVersion: 2, mediaType: types.index, manifests }));
    return push(name, putTable(files, [index]));
  };
  const inspect = async (image: string) =>
    (await openImage(`docker://${image}`)).inspect({ depth: "content", thorough: true });
  const sign = async (image: string): Promise<void> => {
    await signImage(connection, signerOf("acme"), acme, await inspect(image));
  };
  const revoke = async (image: string): Promise<void> => {
    const { subjects } = await inspect(image);
    const digests = subjects.map(({ digest }) => digest);
    await revokeDigests(connection, signerOf("acme"), acme, digests, "test");
  };
  const pull = (image: string): Promise<string> => containerd.pull(image);
  const ctrPull = (image: string, ...flags: string[]): Promise<string> =>
    containerd.ctr("images", "pull", ...flags, "--plain-http", image);
  /** The gate learns of what the chain recorded within a second or two. @returns milliseconds */
  const becomes = async (image: string, wanted: string | undefined): Promise<number> => {
    const start = Date.now();
    for (;;) {
      const said = await pull(image);
      if (wanted === undefined ? said === "" : said.includes(wanted)) return Date.now() - start;
      if (Date.now() - start > 10_000) throw new Error(`It was not ${wanted ?? "pulled"}, but: ${said}`);
      await sleep(50);
    }
  };

  it("pulls what is signed, by tag and by digest, and says why it pulls nothing else", async () => {
    const { digest } = await push("acme/api:1");
    const other = await push("acme/other:1");
    expect(await pull(named("acme/api:1"))).toContain("unsigned: no claim names this image's digest");
    expect(await containerd.listImages()).toEqual([]);
    await sign(named("acme/api:1"));
    await becomes(named("acme/api:1"), undefined);
    expect(await pull(named(`acme/api@${digest}`))).toBe("");
    expect(await pull(named(`acme/api:1@${digest}`))).toBe("");
    expect(await ctrPull(named("acme/api:1"))).toBe("");
    expect(await ctrPull(named(`acme/api:1@${digest}`))).toBe("");
    expect(await pull(named("acme/other:1"))).toContain("unsigned: ");
    expect(await pull(named(`acme/other@${other.digest}`))).toContain("unsigned: ");
    expect(await ctrPull(named("acme/other:1"))).toContain("unsigned: ");
    const decisions = gate.decisions();
    const judged = new Set(decisions.map(({ image }) => image));
    // A kubelet's containerd leaves out the tag where there is a digest.
    expect(judged).toContain(named(`acme/api@${digest}`));
    expect(judged).toContain(named(`acme/api:1@${digest}`));
    expect(decisions.filter(({ image }) => image === named(`acme/api:1@${digest}`))).toHaveLength(1);
    expect(decisions.find(({ allowed }) => allowed)).toMatchObject({
      gate: "containerd",
      action: "pull",
      image: named("acme/api:1"),
      id: digest,
      status: "verified",
      organisation: "acme",
      depth: "manifest",
    });
  });

  it("pulls an image for several platforms by its index", async () => {
    await pushIndex("acme/multi:1", ["amd64", "arm64"]);
    expect(await pull(named("acme/multi:1"))).toContain("unsigned: ");
    await sign(named("acme/multi:1"));
    await becomes(named("acme/multi:1"), undefined);
    expect(await ctrPull(named("acme/multi:1"), "--all-platforms")).toBe("");
  });

  it("decides as verify does about the same digest", async () => {
    const policy = { ...defaultPolicy, newest: true };
    const first = await push("acme/moved:1");
    await sign(named("acme/moved:1"));
    // Claims of a tag must be issued one after the other.
    await sleep(1100);
    const second = await push("acme/moved:1", ociLayout(await makeImage({ contents: ["second"] })));
    await sign(named("acme/moved:1"));
    const never = await push("acme/moved:1", ociLayout(await makeImage({ contents: ["never signed"] })));
    const unsigned = await push("acme/unsigned:1");
    const revoked = await push("acme/revoked:1");
    await sign(named("acme/revoked:1"));
    await revoke(named("acme/revoked:1"));
    const multi = await pushIndex("acme/several:1", ["amd64", "arm64"]);
    await sign(named("acme/several:1"));
    const copied = await push("acme/copy:1", ociLayout(await makeImage({ contents: ["second"] })));

    const cases = [
      { name: "acme/moved:1", image: second, status: "verified" },
      { name: "acme/moved:1", image: first, status: "superseded" },
      { name: "acme/moved:1", image: never, status: "mismatch" },
      { name: "acme/unsigned:1", image: unsigned, status: "unsigned" },
      { name: "acme/revoked:1", image: revoked, status: "revoked" },
      { name: "acme/several:1", image: multi, status: "verified" },
      // Signed, but under another repository.
      { name: "acme/copy:1", image: copied, status: "untrusted" },
    ];
    for (const { name, image, status } of cases) {
      for (const reference of [
        `${named(name)}@${image.digest}`,
        `${named(name).replace(/:1$/, "")}@${image.digest}`,
      ]) {
        const facts = toPulledFacts({
          name: reference,
          digest: image.digest,
          stdinMediaType: "application/vnd.oci.descriptor.v1+json",
          stdin: Buffer.from(JSON.stringify(image)),
        });
        expect(facts.subjects[0]?.kind).toBe(isIndex(image.mediaType) ? "index" : "manifest");
        const own = decide(await gatherEvidence(connection, facts, policy), policy);
        const verified = await verifyImage(
          `docker://${reference}`,
          () => openImage(`docker://${reference}`),
          () => connect(chain.home),
          policy,
        );
        const told = ({
          status,
          organisation,
          repository,
          tag,
          matched,
          claim,
          depth,
          warnings,
        }: typeof own) => ({
          status,
          organisation,
          repository,
          tag,
          matched,
          claim,
          depth,
          warnings,
        });
        expect({ reference, ...told(own) }).toEqual({ reference, ...told(verified) });
        if (reference.includes(":1@")) expect([name, own.status]).toEqual([name, status]);
      }
    }
    // And so does containerd, also where a registry serves what a tag meant before.
    await becomes(named("acme/moved:1"), "mismatch: ");
    await becomes(named("acme/copy:1"), "untrusted: ");
    await push("acme/moved:1", ociLayout(await makeImage({ contents: ["acme/moved:1"] })));
    await becomes(named("acme/moved:1"), "superseded: ");
  });

  it("refuses a revoked image, which stays where it was pulled before", async () => {
    await push("acme/gone:1");
    await sign(named("acme/gone:1"));
    await becomes(named("acme/gone:1"), undefined);
    const before = new Set(await containerd.listImages());
    await revoke(named("acme/gone:1"));
    console.log(`revoked, then refused after ${await becomes(named("acme/gone:1"), "revoked: ")} ms`);
    expect(await ctrPull(named("acme/gone:1"))).toContain("revoked: ");
    // What is here is not pulled again by a kubelet that has it (IfNotPresent).
    expect(new Set(await containerd.listImages())).toEqual(before);
  });

  it("refuses while nothing is known of the chain, and answers again by itself", async () => {
    await push("acme/worker:1");
    await sign(named("acme/worker:1"));
    await becomes(named("acme/worker:1"), undefined);
    await chain.pause();
    // Its last state is good for a while.
    expect(await pull(named("acme/worker:1"))).toBe("");
    await gate.serve({ staleness: 1 }, false);
    expect(await pull(named("acme/worker:1"))).toContain("inconclusive: ");
    await chain.resume();
    connection.rpc.close();
    connection = await connect(chain.home);
    await becomes(named("acme/worker:1"), undefined);
    await chain.pause();
    await becomes(named("acme/worker:1"), "inconclusive: ");
    await chain.resume();
    connection.rpc.close();
    connection = await connect(chain.home);
    await becomes(named("acme/worker:1"), undefined);
    await gate.serve({ staleness: 60 });
  });

  it("refuses while the gate is dead or hangs, in its own words, and needs no hand when it is back", async () => {
    await gate.end("SIGKILL");
    expect(await pull(named("acme/worker:1"))).toContain("refused: DaoChain's gate does not answer");
    await gate.serve();
    expect(await pull(named("acme/worker:1"))).toBe("");
    gate.signal("SIGSTOP");
    const start = Date.now();
    const said = await pull(named("acme/worker:1"));
    console.log(`a gate that hangs: refused after ${Date.now() - start} ms`);
    // Before containerd gives up by itself, which tells nobody why.
    expect(said).toContain("refused: DaoChain's gate did not answer within 8 seconds");
    gate.signal("SIGCONT");
    expect(await pull(named("acme/worker:1"))).toBe("");
  });

  it("pulls nothing where containerd waits no longer than a slow gate takes", async () => {
    await containerd.restart("per_verifier_timeout = '2s'");
    gate.signal("SIGSTOP");
    expect(await pull(named("acme/worker:1"))).toContain("failed to call verifier");
    gate.signal("SIGCONT");
    expect(await pull(named("acme/worker:1"))).toBe("");
    await containerd.restart();
  });

  it("judges by the name that was asked for, whatever mirror serves it", async () => {
    await push("acme/mirrored:1");
    const hosts = join(containerd.directory, "hosts", "registry.acme.example");
    mkdirSync(hosts, { recursive: true });
    writeFileSync(
      join(hosts, "hosts.toml"),
      `server = "http://${registry.address}"\n[host."http://${registry.address}"]\ncapabilities = ["pull", "resolve"]\n`,
    );
    await containerd.restart(
      `[plugins.'io.containerd.cri.v1.images'.registry]\nconfig_path = '${join(containerd.directory, "hosts")}'`,
    );
    const image = "registry.acme.example/acme/mirrored:1";
    await sign(named("acme/mirrored:1"));
    await becomes(named("acme/mirrored:1"), undefined);
    expect(await pull(image)).toContain("untrusted: ");
    const facts = await inspect(named("acme/mirrored:1"));
    const name = { repository: "registry.acme.example/acme/mirrored", tag: "1", carried: true };
    await signImage(connection, signerOf("acme"), acme, { ...facts, name });
    await becomes(image, undefined);
    await containerd.restart();
  });

  it("judges what containerd pulls by itself when a pod starts", async () => {
    await push("acme/pause:1");
    await containerd.restart(
      `[plugins.'io.containerd.cri.v1.images'.pinned_images]\nsandbox = '${named("acme/pause:1")}'`,
    );
    expect(await containerd.runPodSandbox()).toContain("unsigned: ");
    await containerd.restart();
  });

  it("pulls what a policy's level lets pass, and says what it is all the same", async () => {
    await push("legacy/app:1");
    await push("acme/strict:1");
    const file = join(containerd.directory, "daochain.policy.json");
    const policy = (name: string, scope: string, level: string): object => ({
      name,
      registryScopes: [scope],
      signatureVerification: { level },
    });
    const trustPolicies = [policy("legacy", named("legacy/*"), "audit"), policy("all", "*", "strict")];
    writeFileSync(file, JSON.stringify({ version: "1.0", trustPolicies }));
    await gate.serve({ policy: file });
    expect(await pull(named("legacy/app:1"))).toBe("");
    expect(await pull(named("acme/strict:1"))).toContain("unsigned: ");
    expect(gate.decisions().slice(-2)).toMatchObject([
      { policy: "legacy", level: "audit", status: "unsigned", allowed: true },
      { policy: "all", level: "strict", status: "unsigned", allowed: false },
    ]);
    await gate.serve({ policy: { ...defaultPolicy, newest: true } });
  });

  it("refuses what its verifier would not ask", async () => {
    const image = await push("acme/asked:1");
    await sign(named("acme/asked:1"));
    await becomes(named("acme/asked:1"), undefined);
    const question = (more: object = {}): object => ({
      name: named("acme/asked:1"),
      digest: image.digest,
      stdinMediaType: "application/vnd.oci.descriptor.v1+json",
      stdin: Buffer.from(JSON.stringify(image)).toString("base64"),
      ...more,
    });
    const verify = async (body: string | Buffer | object) =>
      JSON.parse((await ask(gate.socket, "POST", "/verify", body)).text);
    expect(await verify(question())).toEqual({
      allow: true,
      reason: expect.stringContaining("verified: acme"),
    });
    const bodies: (string | Buffer | object)[] = [
      "",
      "null",
      "[]",
      randomBytes(5000),
      Buffer.alloc(300_000, " "),
      question({ name: "" }),
      question({ name: "not a name" }),
      question({ name: `${named("acme/asked:1")}@sha256:${"0".repeat(64)}` }),
      question({ digest: `sha256:${"0".repeat(64)}` }),
      question({ digest: null }),
      question({ stdinMediaType: "application/json" }),
      question({ stdin: "" }),
      question({ stdin: "not base64!" }),
      question({
        stdin: Buffer.from(JSON.stringify({ ...image, mediaType: "text/html" })).toString("base64"),
      }),
      JSON.stringify(question()).replace("{", `{"name":"acme/other:1",`),
    ];
    for (const body of bodies) {
      expect(await verify(body)).toEqual({
        allow: false,
        reason: expect.stringMatching(/^(refused|inconclusive): /),
      });
    }
    expect((await ask(gate.socket, "GET", "/verify")).status).toBe(404);
    expect((await ask(gate.socket, "POST", "/else", question())).status).toBe(404);
    const metrics = await ask(gate.socket, "GET", "/metrics");
    expect(metrics.text).toContain('daochain_gate_decisions_total{gate="containerd",status="verified"');
  });

  it("judges many pulls at once", async () => {
    await push("acme/evil:1");
    const images = Array.from({ length: 24 }, (_, at) =>
      named(at % 2 === 0 ? "acme/worker:1" : "acme/evil:1"),
    );
    const said = await Promise.all(images.map(pull));
    expect(said.map((text) => (text === "" ? "pulled" : /\): (\w+):/.exec(text)?.[1]))).toEqual(
      images.map((image) => (image.includes("evil") ? "unsigned" : "pulled")),
    );
  });

  describe("cannot see what docs/gates/containerd.md says that it cannot:", () => {
    const unsigned = (): string => named("acme/evil:1");
    const settings = () =>
      readContainerdSettings({
        containerd: join(containerd.programs, "containerd"),
        config: containerd.configuration,
      });
    const findings = async (): Promise<string[]> =>
      (await checkContainerd(await settings(), [])).map(({ code }) => code);
    const isAsked = async (): Promise<boolean> => isVerifierRun(await settings());

    it("ctr images pull --local, and ctr images import", async () => {
      expect(await findings()).toEqual([]);
      expect(await ctrPull(unsigned(), "--local")).toBe("");
      const files = ociLayout(await makeImage({ contents: ["imported"] }), {
        annotations: { "io.containerd.image.name": "docker.io/acme/imported:1" },
      });
      const directory = join(containerd.directory, "layout");
      for (const [name, content] of files) {
        mkdirSync(join(directory, name, ".."), { recursive: true });
        writeFileSync(join(directory, name), content);
      }
      const archive = join(containerd.directory, "image.tar");
      execFileSync("tar", ["-C", directory, "-cf", archive, "."]);
      expect(await containerd.ctr("images", "import", archive)).toBe("");
      expect(await containerd.ctr("images", "import", "--local", archive)).toBe("");
    });

    it("everything, where its directory is empty or gone", async () => {
      containerd.removeVerifier();
      expect(await pull(unsigned())).toBe("");
      expect([await findings(), await isAsked()]).toEqual([["empty-bin-dir"], false]);
      containerd.addVerifier(gate.socket);
      expect(await pull(unsigned())).toContain("unsigned: ");
      expect([await findings(), await isAsked()]).toEqual([[], true]);
      renameSync(containerd.binDir, `${containerd.binDir}.away`);
      expect(await pull(unsigned())).toBe("");
      expect([await findings(), await isAsked()]).toEqual([["empty-bin-dir"], false]);
      renameSync(`${containerd.binDir}.away`, containerd.binDir);
    });

    it("everything, where max_verifiers leaves it out", async () => {
      const other = join(containerd.binDir, "aaa");
      writeFileSync(other, "#!/bin/sh\nexit 0\n");
      chmodSync(other, 0o755);
      await containerd.restart("max_verifiers = 1");
      expect(await pull(unsigned())).toBe("");
      expect([await findings(), await isAsked()]).toEqual([["skipped"], false]);
      await containerd.restart("max_verifiers = 0");
      expect(await pull(unsigned())).toBe("");
      expect(await findings()).toContain("no-verifiers");
      await containerd.restart("max_verifiers = -1");
      expect(await pull(unsigned())).toContain("unsigned: ");
      // A file that is no program refuses everything.
      chmodSync(other, 0o644);
      expect(await findings()).toEqual(["not-executable"]);
      expect(await pull(named("acme/worker:1"))).toContain("permission denied");
      rmSync(other);
    });

    for (const [setting, text] of Object.entries(localPulls)) {
      it(`Kubernetes' pulls with ${setting}`, async () => {
        await containerd.restart(text);
        expect(await pull(unsigned())).toBe("");
        expect((await settings()).localPulls).toEqual([setting]);
        expect(await findings()).toEqual(["local-pull"]);
        // ctr goes by the transfer service still.
        expect(await ctrPull(unsigned())).toContain("unsigned: ");
        await containerd.restart();
        expect(await pull(unsigned())).toContain("unsigned: ");
      });
    }

    it("a Docker Engine's pulls", async ({ skip }) => {
      if (!inject("engines").some(({ name }) => name === "containerd")) skip();
      const engine = await startEngine("containerd");
      try {
        // Where its own containerd would look for verifiers.
        const directory = `/proc/${engine.pid}/root/opt/containerd/image-verifier/bin`;
        mkdirSync(directory, { recursive: true });
        writeFileSync(join(directory, "no"), "#!/bin/sh\nexit 1\n");
        chmodSync(join(directory, "no"), 0o755);
        docker(engine.host, ["pull", unsigned()]);
        expect(docker(engine.host, ["image", "ls", "--quiet"])).not.toBe("");
      } finally {
        await engine.stop();
      }
    });
  });
});
