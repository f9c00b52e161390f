import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Connection } from "../../../src/contract/connection.ts";
import { readBlock } from "../../../src/contract/contract.ts";
import type { Organisation } from "../../../src/contract/organisations.ts";
import { failure } from "../../../src/errors.ts";
import type { ImageFacts, ImageSource } from "../../../src/image/image.ts";
import { writeOciLayout } from "../../../src/image/oci/write-layout.ts";
import { openImage } from "../../../src/image/open.ts";
import { connect } from "../../../src/network/connect.ts";
import { revokeDigests } from "../../../src/operations/revoke.ts";
import { signImage, signImages } from "../../../src/operations/sign.ts";
import { parseTrustPolicies } from "../../../src/policy/document.ts";
import { defaultPolicy, type Policy } from "../../../src/policy/policy.ts";
import type { TrustPolicies } from "../../../src/policy/trust-policy.ts";
import type { Rpc } from "../../../src/rpc/json-rpc.ts";
import type { Verdict, VerdictStatus } from "../../../src/verdict/verdict.ts";
import { type ImageQuestion, type Moment, verifyImage, verifyImages } from "../../../src/verdict/verify.ts";
import { Consortium, signerOf } from "../../support/consortium.ts";
import { temporaryDirectory } from "../../support/embedded-chain.ts";
import { codeOf } from "../../support/errors.ts";
import { subject } from "../../support/evidence.ts";
import { RegistryProxy } from "../../support/registry-proxy.ts";

let chain: Consortium;
let acme: Organisation;
let requests = 0;
beforeAll(async () => {
  chain = await Consortium.start();
  acme = await chain.admit("acme");
});
afterAll(() => chain?.stop());

/** The chain, with its requests counted. */
function counted(): Connection {
  const { rpc } = chain.connection;
  const counting: Rpc = {
    signal: undefined,
    label: rpc.label,
    close: () => {},
    call: (...call: Parameters<typeof rpc.call>) => {
      requests++;
      return rpc.call(...call);
    },
    callAll: (calls: Parameters<typeof rpc.callAll>[0]) => {
      requests += Math.ceil(calls.length / 100);
      return rpc.callAll(calls);
    },
  };
  return { ...chain.connection, rpc: counting };
}

const sourceOf = (facts: ImageFacts, thorough: ImageFacts = facts): ImageSource => ({
  image: facts.image,
  transport: facts.transport,
  inspect: async (options) => (options?.thorough === true ? thorough : facts),
});
const ask = (facts: ImageFacts, thorough?: ImageFacts): ImageQuestion => ({
  image: facts.image,
  open: async () => sourceOf(facts, thorough),
});

async function oneByOne(
  questions: readonly ImageQuestion[],
  policy: Policy | TrustPolicies,
): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const connection = counted();
  for (const { image, open } of questions)
    verdicts.push(await verifyImage(image, open, async () => connection, policy));
  return verdicts;
}

const bare = (verdicts: readonly Verdict[]): Verdict[] =>
  verdicts.map((verdict) => ({ ...verdict, checkedAt: "" }));

test("images of every status are judged together as they are one by one", async () => {
  const other = await chain.admit("other");
  const pair = await chain.admit("pair", { signers: ["second"], threshold: 2 });
  const voided = await chain.admit("voided", { signers: ["thief"] });
  const image = (name: string, more: Partial<ImageFacts> = {}) =>
    chain.image(`docker.io/${name}`, "1.0", more);
  const sign = (by: Organisation, facts: ImageFacts, options = {}, signer = by.name) =>
    signImage(chain.connection, signerOf(signer), by, facts, options);

  const good = image("acme/good");
  const superseded = image("acme/moved");
  const revoked = image("acme/revoked");
  const expired = image("acme/expired");
  const foreign = image("acme/foreign");
  const pending = image("pair/pending");
  const fallen = image("voided/fallen");
  const expiresAt = Math.floor(Date.now() / 1000) + 2;
  await sign(acme, good);
  await sign(acme, superseded);
  await sign(acme, revoked);
  await revokeDigests(
    chain.connection,
    signerOf("acme"),
    acme,
    revoked.subjects.map(({ digest }) => digest),
    "a hole",
  );
  await sign(acme, expired, { expiresAt });
  await sign(other, foreign);
  await sign(pair, pending);
  await sign(voided, fallen, {}, "thief");
  await chain.send("voided", "voidSigner", voided.id, signerOf("thief").address, 0);
  await sleep(1100);
  await sign(acme, image("acme/moved"));
  await sleep(Math.max(0, expiresAt * 1000 - Date.now() + 10));

  // What would run is looked at first; where no claim has a digest of it, the layers are.
  const shallow: ImageFacts = { ...good, depth: "runtime", layers: "unread" };
  const run: ImageFacts = { ...shallow, subjects: [...good.subjects, subject("runtime", 77)] };
  const altered: ImageFacts = { ...run, corruptions: [{ at: "bin/sh", detail: "another content" }] };
  const failing = (error: Error): ImageQuestion => ({
    image: "acme/away:1.0",
    open: async () => {
      throw error;
    },
  });
  const questions = [
    ask(good),
    ask(image("acme/unsigned")),
    ask(image("acme/good")),
    ask(revoked),
    ask(expired),
    ask(foreign),
    ask(fallen),
    ask(pending),
    ask(superseded),
    ask(run, altered),
    ask(run, { ...run, layers: "config" }),
    ask(image("acme/corrupt", { corruptions: [{ at: "layer", detail: "another digest" }] })),
    failing(failure("REGISTRY_UNREACHABLE", { registry: "away", reason: "it is away" })),
    ask(image("nobody/unowned")),
    ask({ ...good, name: undefined }),
  ];
  for (const newest of [false, true]) {
    const policy = { ...defaultPolicy, newest };
    const alone = await oneByOne(questions, policy);
    expect(bare(await verifyImages(questions, async () => counted(), policy))).toEqual(bare(alone));
    expect(alone.map(({ status }) => status)).toEqual([
      "verified",
      "unsigned",
      "mismatch",
      "revoked",
      "expired",
      "untrusted",
      "untrusted",
      "pending",
      newest ? "superseded" : "verified",
      "corrupt",
      "verified",
      "corrupt",
      "inconclusive",
      "unsigned",
      "verified",
    ]);
  }
  // Policies that ask several questions of an image, or none.
  const document = {
    version: "1.0",
    trustPolicies: [
      {
        name: "both",
        registryScopes: ["docker.io/acme/good", "docker.io/acme/foreign"],
        signatureVerification: { level: "strict" },
        organisations: { atLeast: 1, of: ["acme", "other"] },
      },
      {
        name: "lenient",
        registryScopes: ["docker.io/acme/moved", "docker.io/acme/expired"],
        signatureVerification: { level: "permissive" },
      },
    ],
  };
  const policies = parseTrustPolicies(Buffer.from(JSON.stringify(document)), "policies");
  const alone = await oneByOne(questions, policies);
  expect(bare(await verifyImages(questions, async () => counted(), policies))).toEqual(bare(alone));
  expect(new Set(alone.map(({ status }) => status)).size).toBeGreaterThan(3);
});

test("the number of requests hardly grows with that of the images, and the block is one", async () => {
  const images = Array.from({ length: 150 }, (_, i) => chain.image(`docker.io/acme/many-${i % 9}`, `1.${i}`));
  await signImages(chain.connection, signerOf("acme"), acme, images);
  const asked = [...images, ...images.map((facts) => ({ ...facts, subjects: [subject("config", 0xffff)] }))];
  const cost = async (task: () => Promise<Verdict[]>): Promise<{ verdicts: Verdict[]; requests: number }> => {
    requests = 0;
    const verdicts = await task();
    return { verdicts: bare(verdicts), requests };
  };
  const together = await cost(() =>
    verifyImages(
      asked.map((facts) => ask(facts)),
      async () => counted(),
      defaultPolicy,
    ),
  );
  const alone = await cost(() =>
    oneByOne(
      asked.map((facts) => ask(facts)),
      defaultPolicy,
    ),
  );
  expect(together.verdicts).toEqual(alone.verdicts);
  expect(new Set(together.verdicts.map(({ chain: at }) => at?.block)).size).toBe(1);
  expect(together.verdicts.filter(({ status }) => status === "verified")).toHaveLength(150);
  expect(together.verdicts.filter(({ status }) => status === "mismatch")).toHaveLength(150);
  expect(together.requests).toBeLessThan(40);
  expect(alone.requests).toBeGreaterThan(asked.length * 4);
});

test("layouts on disk are judged in a dozen requests over HTTP, now and as of a moment in the past", async () => {
  await using directory = await temporaryDirectory();
  await using proxy = await RegistryProxy.start(new URL(chain.url).host);
  proxy.meddle = () => {
    requests++;
    return false;
  };
  const references: string[] = [];
  for (let i = 0; i < 40; i++) {
    const layout = join(directory.path, `layout-${i}`);
    await writeOciLayout({
      directory: layout,
      tag: "1.0",
      files: { "app/number": `${i}` },
      annotations: { "io.containerd.image.name": `docker.io/acme/layout-${i}:1.0` },
    });
    references.push(`oci:${layout}:1.0`);
  }
  // Of four, one is not signed, and one is not there.
  const missing = `oci:${join(directory.path, "gone")}:1.0`;
  const signed = references.filter((_, i) => i % 4 !== 0);
  const facts = await Promise.all(
    signed.map(async (reference) => (await openImage(reference)).inspect({ thorough: true })),
  );
  const results = await signImages(chain.connection, signerOf("acme"), acme, facts);
  expect(results.filter(({ status }) => status === "rejected")).toEqual([]);
  const { number } = await readBlock(chain.connection.rpc);
  const then = { at: { block: number } };
  await revokeDigests(
    chain.connection,
    signerOf("acme"),
    acme,
    facts[0]?.subjects.map(({ digest }) => digest) ?? [],
    "a hole",
  );

  const connection = await connect(chain.home, { rpcUrl: `http://${proxy.address}` });
  const cost = async (asked: readonly string[], options: { at?: Moment }) => {
    requests = 0;
    const verdicts = await verifyImages(
      asked.map((image) => ({ image, open: () => openImage(image) })),
      async () => connection,
      defaultPolicy,
      options,
    );
    return { statuses: verdicts.map(({ status }) => status), requests };
  };
  const wanted = references.map((_, i): VerdictStatus => (i % 4 === 0 ? "unsigned" : "verified"));
  const past = await cost([...references, missing], then);
  expect(past.statuses).toEqual([...wanted, "inconclusive"]);
  const now = await cost([missing, ...references], {});
  expect(now.statuses).toEqual(["inconclusive", ...wanted.with(1, "revoked")]);
  for (const { requests } of [past, now]) expect(requests).toBeLessThanOrEqual(16);
  const alone = await Promise.all(references.map((reference) => openImage(reference)));
  requests = 0;
  for (const source of alone)
    await verifyImage(
      source.image,
      async () => source,
      async () => connection,
      defaultPolicy,
      then,
    );
  expect(requests).toBeGreaterThan(40 * 4);
  connection.rpc.close();
});

test("a chain that cannot be asked makes every verdict inconclusive; the caller's mistake is thrown", async () => {
  const questions = [0, 1, 2].map((i) => ask(chain.image("docker.io/acme/offline", `${i}`)));
  const away = async (): Promise<Connection> => {
    throw failure("CHAIN_UNREACHABLE", { endpoint: "away", reason: "it is away" });
  };
  const verdicts = await verifyImages(questions, away, defaultPolicy);
  expect(verdicts.map(({ status }) => status)).toEqual(["inconclusive", "inconclusive", "inconclusive"]);
  const broken = counted();
  const { rpc } = broken;
  let answered = 0;
  Object.assign(rpc, {
    callAll: async (calls: Parameters<typeof rpc.callAll>[0]) => {
      if (++answered > 1) throw failure("CHAIN_UNREACHABLE", { endpoint: "away", reason: "it broke" });
      return chain.connection.rpc.callAll(calls);
    },
  });
  const half = await verifyImages(questions, async () => broken, defaultPolicy);
  expect(half.map(({ status }) => status)).toEqual(["inconclusive", "inconclusive", "inconclusive"]);
  const policy = { ...defaultPolicy, organisation: "nobody" };
  expect(await codeOf(() => verifyImages(questions, async () => counted(), policy))).toBe(
    "ORGANISATION_NOT_FOUND",
  );
});
