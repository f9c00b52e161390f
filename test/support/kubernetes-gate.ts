import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Connection } from "../../src/contract/connection.ts";
import { type Organisation, requireOrganisation } from "../../src/contract/organisations.ts";
import {
  type KubernetesGateStart,
  type ServedKubernetesGate,
  serveKubernetesGate,
} from "../../src/gates/kubernetes/serve.ts";
import { openImage } from "../../src/image/open.ts";
import { connect } from "../../src/network/connect.ts";
import { readNetworkProfile } from "../../src/network/profile.ts";
import { signImages } from "../../src/operations/sign.ts";
import { defaultPolicy } from "../../src/policy/policy.ts";
import { ApiServer } from "./api-server.ts";
import { Authority, type Certificate } from "./authority.ts";
import { signerOf } from "./consortium.ts";
import { type Files, json, makeImage, ociLayout, put, putImage, putTable, types } from "./images.ts";
import { OwnChain } from "./own-chain.ts";
import { RegistryServer } from "./registry-server.ts";

const service = "daochain-gate.daochain.svc";

/** A chain, a registry, and a gate between them and an API server. */
export class KubernetesWorld implements AsyncDisposable {
  readonly chain: OwnChain;
  readonly registry: RegistryServer;
  readonly connection: Connection;
  readonly acme: Organisation;
  readonly authority: Authority;
  readonly directory: string;
  readonly #certificate: Certificate;
  #gate: ServedKubernetesGate | undefined;
  #api: ApiServer | undefined;

  private constructor(
    chain: OwnChain,
    registry: RegistryServer,
    connection: Connection,
    acme: Organisation,
    directory: string,
  ) {
    this.chain = chain;
    this.registry = registry;
    this.connection = connection;
    this.acme = acme;
    this.directory = directory;
    this.authority = new Authority(directory);
    this.#certificate = this.authority.issue("gate", `DNS:${service}`);
  }

  static async start(): Promise<KubernetesWorld> {
    const chain = await OwnChain.start();
    const registry = await RegistryServer.start();
    const connection = await connect(chain.home);
    const acme = await requireOrganisation(connection, "acme");
    const directory = mkdtempSync(join(tmpdir(), "daochain-gate-"));
    return new KubernetesWorld(chain, registry, connection, acme, directory);
  }

  get gate(): ServedKubernetesGate {
    if (this.#gate === undefined) throw new Error("No gate is served.");
    return this.#gate;
  }

  /** An API server that trusts the gate's authority. */
  get api(): ApiServer {
    this.#api ??= new ApiServer(() => this.gate.port, this.authority.pem, { servername: service });
    return this.#api;
  }

  /** Serves the gate anew, with other options where some are given, and waits until it decides. */
  async serve(options: Partial<KubernetesGateStart> = {}, decides = true): Promise<void> {
    await this.stop();
    const profile = await readNetworkProfile(this.chain.home);
    if (profile === undefined) throw new Error("The chain has no profile.");
    this.#gate = await serveKubernetesGate({
      profile,
      connect: (signal) => connect(this.chain.home, { signal }),
      index: join(this.directory, "gate.sqlite"),
      policy: { ...defaultPolicy, newest: true },
      staleness: 60,
      log: join(this.directory, "decisions.jsonl"),
      host: "127.0.0.1",
      port: 0,
      certificate: {
        from: "files",
        cert: this.#certificate.certificate,
        key: this.#certificate.key,
      },
      requireDigest: false,
      tagCache: 0,
      ...options,
    });
    for (let tries = 0; decides && tries < 500 && !this.#gate.status.isReady; tries++) await sleep(20);
  }

  async stop(): Promise<void> {
    this.#api?.close();
    this.#api = undefined;
    await this.#gate?.close();
    this.#gate = undefined;
  }

  /** Pushes an image of this content. @returns its name, and the digest of what its tag points at */
  async push(
    name: string,
    content = name,
    kind: "manifest" | "index" = "manifest",
  ): Promise<{ image: string; digest: string }> {
    const layout = await (kind === "index"
      ? indexLayout(content)
      : makeImage({ contents: [content] }).then(ociLayout));
    return this.pushLayout(name, layout);
  }

  /** Pushes what a layout's table points at. @returns as `push` */
  async pushLayout(name: string, layout: Files): Promise<{ image: string; digest: string }> {
    const [repository = "", tag = "latest"] = name.split(":");
    await this.registry.push(repository, tag, layout);
    const table = JSON.parse(Buffer.from(layout.get("index.json") ?? "").toString());
    return { image: `${this.registry.address}/${name}`, digest: table.manifests[0].digest };
  }

  /** Signs images of the registry as acme, and waits until the gate knows. */
  async sign(...images: readonly string[]): Promise<void> {
    const facts = await Promise.all(
      images.map(async (image) => (await openImage(`docker://${image}`)).inspect({ depth: "content" })),
    );
    const results = await signImages(this.connection, signerOf("acme"), this.acme, facts);
    for (const result of results) if (result.status === "rejected") throw result.reason;
    await this.settle();
  }

  /** Waits until the gate has read the registry as of now. */
  async settle(): Promise<void> {
    const head = await this.connection.rpc.call("eth_blockNumber");
    for (let tries = 0; this.#gate !== undefined && tries < 500; tries++) {
      const { block } = this.#gate.status;
      if (block !== undefined && block >= Number(head)) return;
      await sleep(20);
    }
  }

  /** The decisions so far. */
  decisions(): Record<string, unknown>[] {
    const text = readFileSync(join(this.directory, "decisions.jsonl"), { encoding: "utf8", flag: "a+" });
    const lines = text.split("\n").filter((line) => line !== "");
    return lines.map((line) => JSON.parse(line));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    this.connection.rpc.close();
    await this.registry[Symbol.asyncDispose]();
    await this.chain[Symbol.asyncDispose]();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** An image for two platforms. */
async function indexLayout(content: string): Promise<Files> {
  const files: Files = new Map();
  const manifests = [];
  for (const architecture of ["amd64", "arm64"]) {
    const image = await makeImage({ contents: [`${content} ${architecture}`], architecture });
    manifests.push({ ...putImage(files, image), platform: { os: "linux", architecture } });
  }
  const index = put(files, types.index, json({ schemaVersion: 2, mediaType: types.index, manifests }));
  return putTable(files, [index]);
}

/** A pod of these images. */
export function podOf(...images: readonly string[]): Record<string, unknown> {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "x", namespace: "default" },
    spec: { containers: images.map((image, at) => ({ name: `c${at}`, image })) },
  };
}
