import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { PolicyFile } from "../../../src/gates/policy-file.ts";
import { openImage } from "../../../src/image/open.ts";
import { connect } from "../../../src/network/connect.ts";
import { revokeDigests } from "../../../src/operations/revoke.ts";
import { defaultPolicy } from "../../../src/policy/policy.ts";
import { verifyImage } from "../../../src/verdict/verify.ts";
import { toReview } from "../../support/api-server.ts";
import { signerOf } from "../../support/consortium.ts";
import { type Files, json, makeImage, put, putImage, putTable, types } from "../../support/images.ts";
import { KubernetesWorld, podOf } from "../../support/kubernetes-gate.ts";
import { hasRegistry } from "../../support/registry-server.ts";

const until = (what: () => boolean | Promise<boolean>) => vi.waitUntil(what, { timeout: 20_000 });
const nowhere = `sha256:${"0".repeat(64)}`;

describe.skipIf(!hasRegistry)("a Kubernetes gate", { timeout: 120_000 }, () => {
  let world: KubernetesWorld;
  const signed: Record<string, { image: string; digest: string }> = {};
  let unsigned: { image: string; digest: string };

  beforeAll(async () => {
    world = await KubernetesWorld.start();
    for (const name of ["acme/api:1", "acme/side:1", "acme/data:1"]) signed[name] = await world.push(name);
    signed["acme/multi:1"] = await world.push("acme/multi:1", "multi", "index");
    unsigned = await world.push("acme/other:1");
    await world.serve();
    await world.sign(...Object.values(signed).map(({ image }) => image));
  });
  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
  });

  const api = (): string => signed["acme/api:1"]?.image ?? "";
  const side = (): string => signed["acme/side:1"]?.image ?? "";
  const pinned = (name = "acme/api:1"): string =>
    `${signed[name]?.image.replace(/:1$/, "")}@${signed[name]?.digest}`;
  const admits = async (object: unknown, more: object = {}) => world.api.admit({ object, ...more });

  describe("about objects of every kind", () => {
    const template = (spec: unknown) => ({ template: { metadata: { labels: { app: "x" } }, spec } });
    const kinds: Record<string, (spec: unknown) => object> = {
      "v1 Pod": (spec) => ({ spec }),
      "v1 PodTemplate": (spec) => template(spec),
      "v1 ReplicationController": (spec) => ({ spec: template(spec) }),
      "apps/v1 Deployment": (spec) => ({ spec: template(spec) }),
      "apps/v1 ReplicaSet": (spec) => ({ spec: template(spec) }),
      "apps/v1 StatefulSet": (spec) => ({ spec: template(spec) }),
      "apps/v1 DaemonSet": (spec) => ({ spec: template(spec) }),
      "batch/v1 Job": (spec) => ({ spec: template(spec) }),
      "batch/v1 CronJob": (spec) => ({ spec: { jobTemplate: { spec: template(spec) } } }),
      "argoproj.io/v1alpha1 Rollout": (spec) => ({ spec: template(spec) }),
    };
    const places: Record<string, (image: string, good: string) => object> = {
      "a container": (image, good) => ({ containers: [{ image: good }, { image }] }),
      "an init container": (image, good) => ({ initContainers: [{ image }], containers: [{ image: good }] }),
      "an ephemeral container": (image, good) => ({
        containers: [{ image: good }],
        ephemeralContainers: [{ image }],
      }),
      "an image volume": (image, good) => ({
        containers: [{ image: good }],
        volumes: [{ name: "v", image: { reference: image } }],
      }),
    };
    for (const [name, make] of Object.entries(kinds)) {
      it(`${name}: verified images pass, others do not, wherever they stand`, async () => {
        const [apiVersion, kind] = name.split(" ");
        for (const place of Object.values(places)) {
          const object = (image: string) => ({
            apiVersion,
            kind,
            metadata: { name: "x" },
            ...make(place(image, pinned())),
          });
          for (const webhook of ["validate", "mutate"] as const) {
            expect(await world.api.admit({ object: object(side()) }, webhook)).toMatchObject({
              allowed: true,
            });
            const refused = await world.api.admit({ object: object(unsigned.image) }, webhook);
            expect(refused).toMatchObject({ allowed: false, code: 403 });
            expect(refused.message).toContain(`${unsigned.image} is unsigned`);
          }
        }
      });
    }
  });

  it("decides as verify does", async () => {
    const foreign = await world.push("acme/foreign:1");
    const moved = await world.push("acme/moved:1", "before");
    await world.sign(moved.image);
    await world.push("acme/moved:1", "after");
    const names = [
      api(),
      pinned(),
      `${api()}@${signed["acme/api:1"]?.digest}`,
      signed["acme/multi:1"]?.image ?? "",
      pinned("acme/multi:1"),
      unsigned.image,
      foreign.image,
      moved.image,
      `${moved.image}@${moved.digest}`,
      `${world.registry.address}/acme/api@${unsigned.digest}`,
      `${world.registry.address}/acme/api:nothing`,
      `${world.registry.address}/acme/api@${nowhere}`,
      "127.0.0.1:1/acme/api:1",
    ];
    const statuses = new Set<string>();
    for (const name of names) {
      await admits(podOf(name));
      const { status } = await verifyImage(
        name,
        () => openImage(`docker://${name}`),
        () => connect(world.chain.home),
        { ...defaultPolicy, newest: true },
      );
      await until(() => world.decisions().at(-1)?.["image"] === name);
      expect([name, world.decisions().at(-1)]).toMatchObject([name, { image: name, status }]);
      statuses.add(status);
    }
    expect(statuses).toEqual(new Set(["verified", "unsigned", "mismatch", "inconclusive"]));
  });

  it("refuses an image whose registry or name is none, and says why", async () => {
    for (const [name, wanted] of [
      ["", "without a name"],
      ["acme/UPPER", "not an image reference"],
      [" ", "not an image reference"],
      ["\u001b[2J", "not an image reference"],
      ["docker://acme/api", "not an image reference"],
      ["127.0.0.1:1/acme/api:1", "inconclusive"],
    ]) {
      const { allowed, message } = await admits(podOf(name ?? ""));
      expect([name, allowed]).toEqual([name, false]);
      expect(message).toContain(wanted);
      expect(message).not.toContain("\u001b");
    }
    expect(await admits(podOf("127.0.0.1:1/acme/api:1"))).toMatchObject({ code: 503 });
    expect(await admits(podOf("127.0.0.1:1/acme/api:1", unsigned.image))).toMatchObject({ code: 403 });
  });

  it("refuses what is revoked, and lets what was there be changed and deleted", async () => {
    const { image, digest } = await world.push("acme/fallen:1");
    await world.sign(image);
    expect(await admits(podOf(image))).toMatchObject({ allowed: true });
    const facts = await (await openImage(`docker://${image}`)).inspect();
    const digests = facts.subjects.map((subject) => subject.digest);
    await revokeDigests(world.connection, signerOf("acme"), world.acme, digests, "test");
    await until(async () => !(await admits(podOf(image))).allowed);
    expect((await admits(podOf(image))).message).toContain("revoked");
    const old = podOf(image, api());
    const labelled = { ...old, metadata: { name: "x", labels: { a: "b" }, finalizers: [] } };
    const change = { operation: "UPDATE", oldObject: old };
    expect(await admits(labelled, change)).toMatchObject({ allowed: true });
    expect(await admits(null, { operation: "DELETE", oldObject: old })).toMatchObject({ allowed: true });
    // At another place, or under another name, it is new.
    expect(await admits(podOf(api(), image), change)).toMatchObject({ allowed: false });
    expect(await admits(podOf(`${image.replace(/:1$/, "")}@${digest}`, api()), change)).toMatchObject({
      allowed: false,
    });
    expect(await admits(podOf(image, api()), { operation: "UPDATE" })).toMatchObject({ allowed: false });
  });

  it("judges what a debugging session adds to a pod", async () => {
    const old = podOf(pinned());
    const debug = (image: string) => ({
      ...old,
      spec: { ...(old["spec"] as object), ephemeralContainers: [{ name: "d", image }] },
    });
    const change = { operation: "UPDATE", subResource: "ephemeralcontainers", oldObject: old };
    expect(await admits(debug(side()), change)).toMatchObject({ allowed: true });
    expect(await admits(debug(unsigned.image), change)).toMatchObject({ allowed: false });
  });

  it("warns of a tag, and refuses it where a digest is asked for", async () => {
    expect((await admits(podOf(api()))).warnings).toEqual([expect.stringContaining(api())]);
    expect((await admits(podOf(pinned(), `${api()}@${signed["acme/api:1"]?.digest}`))).warnings).toEqual([]);
    await world.serve({ requireDigest: true });
    expect(await admits(podOf(api()))).toMatchObject({ allowed: false });
    expect(await admits(podOf(pinned()))).toMatchObject({ allowed: true });
    const { object } = await world.api.admit({ object: podOf(api()) }, "mutate");
    expect(await admits(object)).toMatchObject({ allowed: true });
    await world.serve();
  });

  it("writes the digest that it verified behind a tag, and nothing else", async () => {
    const pod = podOf(api(), pinned("acme/side:1"), api());
    const { object, patched } = await world.api.admit({ object: pod }, "mutate");
    const full = `${api()}@${signed["acme/api:1"]?.digest}`;
    expect(object).toEqual(podOf(full, pinned("acme/side:1"), full));
    expect(patched).toBe(true);
    expect(await world.api.admit({ object }, "mutate")).toMatchObject({ allowed: true, patched: false });
    const multi = await world.api.admit({ object: podOf(signed["acme/multi:1"]?.image ?? "") }, "mutate");
    expect(JSON.stringify(multi.object)).toContain(signed["acme/multi:1"]?.digest);
    // What validation would refuse is refused here too, and is not changed.
    expect(await world.api.admit({ object: podOf(api(), unsigned.image) }, "mutate")).toMatchObject({
      allowed: false,
      patched: false,
    });
    // A pod that is there keeps its names.
    const change = { operation: "UPDATE", object: pod, oldObject: pod };
    expect(await world.api.admit(change, "mutate")).toMatchObject({ allowed: true, patched: false });
  });

  it("admits no index, and pins none, by some of its images: what it calls the others, or lacks of them, changes nothing", async () => {
    const files: Files = new Map();
    const own = putImage(files, await makeImage({ contents: ["own"] }));
    const other = putImage(files, await makeImage({ contents: ["other"], architecture: "arm64" }));
    const lost = putImage(files, await makeImage({ contents: ["lost"], architecture: "arm64" }));
    const annotations = { "vnd.docker.reference.type": "attestation-manifest" };
    const platform = { os: "unknown", architecture: "unknown" };
    const indexOf = (...manifests: object[]): Files => {
      const index = put(files, types.index, json({ schemaVersion: 2, mediaType: types.index, manifests }));
      return new Map(putTable(files, [index]));
    };
    const ownPlatform = { os: "linux", architecture: "amd64" };
    // The tag is that of a signed image, until somebody puts an index in its place.
    for (const tag of ["mixed", "lost"]) {
      const signedOnly = await world.pushLayout(`acme/index:${tag}`, new Map(putTable(files, [own])));
      await world.sign(signedOnly.image);
    }
    for (const said of [{ annotations }, { platform }, { annotations, platform }, {}]) {
      const { image } = await world.pushLayout(
        "acme/index:mixed",
        indexOf({ ...own, platform: ownPlatform }, { ...other, ...said }),
      );
      for (const webhook of ["validate", "mutate"] as const) {
        expect(await world.api.admit({ object: podOf(image) }, webhook)).toMatchObject({
          allowed: false,
          code: 403,
        });
      }
    }
    const { image } = await world.pushLayout(
      "acme/index:lost",
      indexOf({ ...own, platform: ownPlatform }, { ...lost, annotations }),
    );
    await world.registry.remove("acme/index", "manifests", lost.digest);
    for (const webhook of ["validate", "mutate"] as const) {
      const refused = await world.api.admit({ object: podOf(image) }, webhook);
      expect(refused).toMatchObject({ allowed: false, code: 503 });
      expect(refused.message).toContain(lost.digest);
    }
    // What is missing is asked for again: it is not remembered as what the digest stands for.
    await world.pushLayout("acme/index:found", new Map(putTable(files, [lost])));
    expect(await world.api.admit({ object: podOf(image) })).toMatchObject({ allowed: false, code: 403 });
  });

  it("lets pass with a warning what a policy lets pass, and writes no digest into it", async () => {
    const file = join(world.directory, "policy.json");
    const policy = (name: string, scope: string, level: string) => ({
      name,
      registryScopes: [scope],
      signatureVerification: { level },
    });
    const trustPolicies = [
      policy("lenient", `${world.registry.address}/acme/other`, "audit"),
      policy("strict", "*", "strict"),
    ];
    writeFileSync(file, JSON.stringify({ version: "1.0", trustPolicies }));
    const third = await world.push("acme/third:1");
    await world.serve({ policy: await PolicyFile.open(file) });
    const warned = await admits(podOf(unsigned.image, pinned()));
    expect(warned).toMatchObject({ allowed: true, warnings: [expect.stringContaining("is unsigned")] });
    expect(await admits(podOf(unsigned.image, third.image))).toMatchObject({ allowed: false });
    const { object } = await world.api.admit({ object: podOf(unsigned.image, api()) }, "mutate");
    expect(object).toEqual(podOf(unsigned.image, `${api()}@${signed["acme/api:1"]?.digest}`));
    await world.serve();
  });

  it("remembers what a digest stands for without its registry, but not what a tag does", async () => {
    const other = await KubernetesWorld.start();
    try {
      const { image, digest } = await other.push("acme/api:1");
      await other.serve({ tagCache: 1 });
      await other.sign(image);
      const byDigest = `${image.replace(/:1$/, "")}@${digest}`;
      expect(await other.api.admit({ object: podOf(image, byDigest) })).toMatchObject({ allowed: true });
      await other.registry[Symbol.asyncDispose]();
      expect(await other.api.admit({ object: podOf(byDigest) })).toMatchObject({ allowed: true });
      await sleep(1100);
      expect(await other.api.admit({ object: podOf(image) })).toMatchObject({ allowed: false, code: 503 });
      expect(await other.api.admit({ object: podOf(byDigest) })).toMatchObject({ allowed: true });
    } finally {
      await other[Symbol.asyncDispose]();
    }
  });

  it("answers no before an API server stops waiting, however slow a registry is, and others are not held up", async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const address = silent.address();
    const port = typeof address === "object" ? address?.port : 0;
    try {
      const slow = Array.from({ length: 50 }, (_, at) => `127.0.0.1:${port}/acme/slow:${at}`);
      let isOver = false;
      const waiting = Promise.all(
        slow.map((image) => world.api.admit({ object: podOf(image) }, "validate", "5s")),
      ).finally(() => {
        isOver = true;
      });
      await sleep(100);
      expect(await admits(podOf((await world.push("acme/quick:1")).image))).toMatchObject({ code: 403 });
      expect(isOver).toBe(false);
      for (const answer of await waiting) expect(answer).toMatchObject({ allowed: false, code: 503 });
    } finally {
      silent.close();
    }
  });

  it("answers a thousand reviews at once", async () => {
    const reviews = Array.from({ length: 1000 }, (_, at) => {
      const isSigned = at % 2 === 0;
      const image = isSigned ? (at % 4 === 0 ? api() : pinned("acme/multi:1")) : unsigned.image;
      return admits(podOf(image)).then(({ allowed }) => [isSigned, allowed]);
    });
    for (const [isSigned, allowed] of await Promise.all(reviews)) expect(allowed).toBe(isSigned);
  });

  it("refuses while the chain is not known, and decides again by itself", async () => {
    await world.chain.pause();
    await world.serve({ staleness: 1 }, false);
    expect((await world.api.send("/readyz")).status).toBe(503);
    expect((await world.api.send("/livez")).status).toBe(200);
    expect(await admits(podOf(api()))).toMatchObject({ allowed: false, code: 503 });
    await world.chain.resume();
    await until(async () => (await admits(podOf(api()))).allowed);
    expect((await world.api.send("/readyz")).status).toBe(200);
    await world.chain.pause();
    await until(async () => !(await admits(podOf(api()))).allowed);
    await world.chain.resume();
    await until(async () => (await admits(podOf(api()))).allowed);
    await world.serve();
  });

  it("refuses while its clock is not to be believed", async () => {
    const now = Date.now.bind(Date);
    const jumped = vi.spyOn(Date, "now").mockImplementation(() => now() + 3_600_000);
    try {
      expect(await admits(podOf(api()))).toMatchObject({ allowed: false });
    } finally {
      jumped.mockRestore();
    }
    expect(await admits(podOf(api()))).toMatchObject({ allowed: true });
  });

  it("decides where its log cannot be written, and says so", async () => {
    await world.serve({ log: "/dev/full" });
    expect(await admits(podOf(api()))).toMatchObject({ allowed: true });
    expect(await admits(podOf(unsigned.image))).toMatchObject({ allowed: false });
    await until(async () => {
      const text = (await world.api.send("/metrics")).body.toString();
      return /daochain_gate_lost_log_lines_total [1-9]/.test(text);
    });
    await world.serve();
  });

  it("tells what it did", async () => {
    await admits(podOf(api()));
    const text = (await world.api.send("/metrics")).body.toString();
    expect(text).toMatch(/daochain_gate_decisions_total\{gate="kubernetes",status="verified",[^}]*\} \d/);
    expect(text).toMatch(/daochain_gate_reviews_total\{webhook="validate",outcome="allowed"\} \d/);
    expect(text).toMatch(/daochain_gate_certificate_ends_seconds \d{10}/);
    await until(() => world.decisions().at(-1)?.["image"] === api());
    expect(world.decisions().at(-1)).toMatchObject({ gate: "kubernetes", action: "create Pod default/x" });
  });

  it("serves a renewed certificate without a restart, and the old one where the new one is broken", async () => {
    const { certificate, key } = world.authority.issue("first", "DNS:daochain-gate.daochain.svc");
    const files = { cert: join(world.directory, "tls.crt"), key: join(world.directory, "tls.key") };
    const install = (from: { certificate: string; key: string }): void => {
      writeFileSync(files.cert, readFileSync(from.certificate));
      writeFileSync(files.key, readFileSync(from.key));
    };
    install({ certificate, key });
    const troubles: unknown[] = [];
    await world.serve({
      certificate: { from: "files", ...files, interval: 20 },
      onCertificateTrouble: (trouble) => troubles.push(trouble),
    });
    const served = (): Promise<string> =>
      new Promise((resolve, reject) => {
        const socket = connectTls(
          { port: world.gate.port, host: "127.0.0.1", rejectUnauthorized: false },
          () => {
            resolve(`${socket.getPeerCertificate().subject.CN}`);
            socket.destroy();
          },
        );
        socket.on("error", reject);
      });
    expect(await served()).toBe("first");
    writeFileSync(files.key, "broken");
    await until(() => troubles.length === 1);
    expect(await served()).toBe("first");
    expect(await admits(podOf(api()))).toMatchObject({ allowed: true });
    install(world.authority.issue("second", "DNS:daochain-gate.daochain.svc"));
    await until(async () => (await served()) === "second");
    await until(() => troubles.length === 2);
    expect(troubles[1]).toBeUndefined();
    await world.serve();
  });

  it("refuses what is malformed, hostile or too large, and goes on", async () => {
    const post = (body: string | Buffer, headers: Record<string, string> = {}) =>
      world.api.send("/validate?timeout=5s", { body, headers }).then(
        ({ status }) => status,
        () => 0,
      );
    const review = toReview({ object: podOf(api()) });
    const text = JSON.stringify(review);
    const uid = (review["request"] as { uid: string }).uid;
    for (const body of [
      "",
      "null",
      "[]",
      "{}",
      text.slice(0, -1),
      `\ufeff${text}`,
      text.replace("admission.k8s.io/v1", "admission.k8s.io/v1beta1"),
      text.replace("AdmissionReview", "Other"),
      text.replace(`"uid":"${uid}"`, `"uid":""`),
      text.replace(`"uid":"${uid}"`, `"uid":"${uid}","uid":"x"`),
      text.replace(`"uid":"${uid}"`, `"uid":7`),
      text.replace('"image":', '"image":"acme/x","image":'),
      "[".repeat(100_000),
      `{"a":${"[".repeat(1000)}${"]".repeat(1000)}}`,
      Buffer.from([0x7b, 0xff, 0x7d]),
    ]) {
      expect(await post(body)).toBe(400);
    }
    expect(await post(text, { "content-type": "text/plain" })).toBe(415);
    expect([413, 0]).toContain(await post(Buffer.alloc(9 * 1024 * 1024, 0x20)));
    expect((await world.api.send("/validate")).status).toBe(405);
    expect((await world.api.send("/")).status).toBe(404);
    expect((await world.api.send("/other", { body: text })).status).toBe(404);
    const pod = podOf(api());
    for (const change of [
      { operation: "PATCH", object: pod },
      { operation: "create", object: pod },
      { object: null },
      { object: [] },
      { object: { ...pod, kind: "Deployment" }, kind: { group: "", version: "v1", kind: "Pod" } },
      { object: { ...pod, Spec: {} } },
      { object: { ...pod, spec: { ...(pod["spec"] as object), Containers: [] } } },
      { object: { ...pod, spec: {} } },
      { object: { apiVersion: "v1", kind: "ConfigMap", data: {} } },
      { object: podOf(...Array.from({ length: 1001 }, (_, at) => `acme/x:${at}`)) },
    ]) {
      expect(await world.api.admit(change)).toMatchObject({ allowed: false });
    }
    expect(await admits(pod)).toMatchObject({ allowed: true });
  });
});
