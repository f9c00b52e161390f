import { spawn } from "node:child_process";
import { chmodSync, mkdirSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ApiServer } from "../../support/api-server.ts";
import { Authority, type Certificate } from "../../support/authority.ts";
import { CliHome, cliPath } from "../../support/cli.ts";
import { FakeKubernetesApi } from "../../support/fake-kubernetes-api.ts";
import { podOf } from "../../support/kubernetes-gate.ts";

const distribution = new URL("../../../dist/internal.js", import.meta.url).href;

describe("gate kubernetes", { timeout: 120_000 }, () => {
  let home: CliHome;
  let authority: Authority;
  let certificate: Certificate;

  beforeAll(async () => {
    home = await CliHome.withAccount();
    authority = new Authority(home.directory);
    certificate = authority.issue("gate", "DNS:daochain-gate.daochain.svc");
    expect((await home.run(["up"])).code).toBe(0);
  });
  afterAll(async () => {
    await home?.[Symbol.asyncDispose]();
  });

  const gate = (...arguments_: string[]) => home.run(["gate", "kubernetes", ...arguments_]);

  it("wants a certificate, once, and an address", async () => {
    expect((await gate()).code).toBe(2);
    expect((await gate("--cert", certificate.certificate)).code).toBe(2);
    expect((await gate("--cert-secret", "tls")).code).toBe(2);
    expect((await gate("--cert-secret", "../tls")).code).toBe(2);
    const files = ["--cert", certificate.certificate, "--key", certificate.key];
    expect((await gate(...files, "--cert-secret", "tls")).code).toBe(2);
    expect((await gate(...files, "--listen", "8443")).code).toBe(2);
    expect((await gate(...files, "--tag-cache", "61")).code).toBe(2);
    const others = authority.issue("other", "DNS:other");
    expect((await gate("--cert", certificate.certificate, "--key", others.key)).code).toBe(2);
    expect((await gate("--cert", certificate.certificate, "--key", home.path("missing"))).code).toBe(2);
  });

  it("makes and serves a certificate of its own, as it is built", async () => {
    const { serveKubernetesGate } = (await import(distribution)) as typeof import("../../../src/internal.ts");
    await using fake = await FakeKubernetesApi.start();
    fake.put("/api/v1/namespaces/daochain/secrets/tls", { apiVersion: "v1", kind: "Secret", metadata: {} });
    const gate = await serveKubernetesGate({
      profile: {
        chainId: 1,
        genesisHash: `0x${"0".repeat(64)}`,
        registry: `0x${"0".repeat(40)}`,
        rpcUrls: [],
        embedded: false,
      },
      connect: () => Promise.reject(new Error("no chain")),
      index: home.path("index.sqlite"),
      policy: { organisation: undefined, newest: true },
      staleness: 60,
      log: home.path("log"),
      host: "127.0.0.1",
      port: 0,
      certificate: {
        from: "secret",
        api: fake.options,
        secret: "tls",
        service: "daochain-gate",
        webhook: "gate",
      },
      requireDigest: false,
      tagCache: 0,
    });
    try {
      const data = fake.objects.get("/api/v1/namespaces/daochain/secrets/tls")?.["data"];
      const authority = Buffer.from((data as { "ca.crt": string })["ca.crt"], "base64").toString();
      const api = new ApiServer(gate.port, authority, { servername: "daochain-gate.daochain.svc" });
      expect(await api.admit({ object: podOf("acme/api:1") })).toMatchObject({ allowed: false });
      expect((await api.send("/readyz")).status).toBe(503);
      api.close();
    } finally {
      await gate.close();
    }
  });

  it("serves until it is stopped, from a directory that a cluster made and holds no more than the chain's profile", async () => {
    const own = home.path("volume");
    mkdirSync(own);
    chmodSync(own, 0o777);
    await copyFile(home.path("home", "network.json"), home.path("volume", "network.json"));
    const rpc = JSON.parse((await home.run(["status", "--json"])).stdout);
    const child = spawn(
      process.execPath,
      [
        cliPath,
        ...["gate", "kubernetes", "--home", own, "--listen", "127.0.0.1:0", "--staleness", "5"],
        ...["--cert", certificate.certificate, "--key", certificate.key],
      ],
      { env: { ...home.env, DAOCHAIN_RPC_URL: rpc.chain.url }, stdio: ["ignore", "ignore", "pipe"] },
    );
    try {
      let port = 0;
      for await (const line of createInterface({ input: child.stderr })) {
        port = Number(/served at https:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1] ?? 0);
        if (port !== 0) break;
      }
      expect(port).not.toBe(0);
      const api = new ApiServer(port, authority.pem, { servername: "daochain-gate.daochain.svc" });
      for (;;) if ((await api.send("/readyz")).status === 200) break;
      expect(await api.admit({ object: podOf("127.0.0.1:1/acme/api:1") })).toMatchObject({ allowed: false });
      api.close();
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      expect(await ended).toBe(0);
    } finally {
      child.kill("SIGKILL");
    }
  });
});
