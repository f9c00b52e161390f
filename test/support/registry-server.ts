import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Files, sha256 } from "./images.ts";
import { findProgram } from "./programs.ts";

/** Whether this machine has a registry (docker-registry, CNCF distribution) to run. */
export const hasRegistry = findProgram("docker-registry") !== undefined;

/** The one user that a registry with passwords knows. */
export const user = { name: "acme", password: "s3cret:with colon" };
const htpasswd = "$2b$05$abcdefghijklmnopqrstuuOb/B27OpVc3Bt3QXIepIr2DUn/DCZNi";

export interface RegistrySettings {
  /** demand the password above */
  readonly passwords?: boolean;
  /** demand tokens of this server, signed by this certificate's key */
  readonly tokens?: { readonly realm: string; readonly certificate: string };
  /** speak TLS with these files */
  readonly tls?: { readonly certificate: string; readonly key: string; readonly clientAuthority?: string };
}

/** A real registry on the loopback interface, with something to fill it by. */
export class RegistryServer implements AsyncDisposable {
  readonly #directory: string;
  readonly #process: ChildProcess;
  readonly #request: typeof fetch;
  /** host:port */
  readonly address: string;

  private constructor(directory: string, process: ChildProcess, address: string, request: typeof fetch) {
    this.#directory = directory;
    this.#process = process;
    this.#request = request;
    this.address = address;
  }

  /** @param request how to reach it where plain HTTP does not */
  static async start(
    settings: RegistrySettings = {},
    request: typeof fetch = (url, init) =>
      fetch(url, { ...init, headers: { ...basic(settings), ...init?.headers } }),
  ): Promise<RegistryServer> {
    const directory = await mkdtemp(join(tmpdir(), "daochain-registry-"));
    const address = `127.0.0.1:${await freePort()}`;
    await writeFile(join(directory, "htpasswd"), `${user.name}:${htpasswd}\n`);
    await writeFile(
      join(directory, "config.json"),
      JSON.stringify(configuration(directory, address, settings)),
    );
    const child = spawn("docker-registry", ["serve", join(directory, "config.json")], { stdio: "ignore" });
    const server = new RegistryServer(directory, child, address, request);
    for (let tries = 0; tries < 200 && child.exitCode === null; tries++) {
      if (await isListening(address)) return server;
      await sleep(50);
    }
    await server[Symbol.asyncDispose]();
    throw new Error("docker-registry did not start.");
  }

  /** Pushes what a layout's table points at, with everything beneath it. */
  async push(repository: string, tag: string, layout: Files): Promise<void> {
    const table = JSON.parse(Buffer.from(layout.get("index.json") ?? "").toString());
    await this.#pushManifest(repository, table.manifests[0], layout, tag);
  }

  /** Takes a manifest or a blob away. */
  async remove(repository: string, kind: "manifests" | "blobs", digest: string): Promise<void> {
    await this.#send(`/v2/${repository}/${kind}/${digest}`, { method: "DELETE" });
  }

  async #pushManifest(
    repository: string,
    { mediaType, digest }: { mediaType: string; digest: string },
    layout: Files,
    reference = digest,
  ): Promise<void> {
    const bytes = contentOf(layout, digest);
    const { manifests = [], config, layers = [] } = JSON.parse(Buffer.from(bytes).toString());
    for (const child of manifests) await this.#pushManifest(repository, child, layout);
    for (const blob of config === undefined ? [] : [config, ...layers]) {
      await this.#pushBlob(repository, contentOf(layout, blob.digest));
    }
    await this.#send(`/v2/${repository}/manifests/${reference}`, {
      method: "PUT",
      headers: { "content-type": mediaType },
      body: bytes,
    });
  }

  async #pushBlob(repository: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const begun = await this.#send(`/v2/${repository}/blobs/uploads/`, { method: "POST" });
    const upload = new URL(begun.headers.get("location") ?? "", begun.url);
    upload.searchParams.set("digest", sha256(bytes));
    const headers = { "content-type": "application/octet-stream" };
    await this.#send(upload.href, { method: "PUT", headers, body: bytes });
  }

  async #send(path: string, init: RequestInit): Promise<Response> {
    const answer = await this.#request(new URL(path, `http://${this.address}`), init);
    if (!answer.ok)
      throw new Error(`${init.method} ${path} was answered with ${answer.status}: ${await answer.text()}`);
    await answer.arrayBuffer();
    return answer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { exitCode, signalCode } = this.#process;
    if (exitCode === null && signalCode === null) {
      const exit = new Promise((resolve) => this.#process.once("exit", resolve));
      this.#process.kill("SIGKILL");
      await exit;
    }
    await rm(this.#directory, { recursive: true, force: true });
  }
}

function configuration(
  directory: string,
  address: string,
  { passwords, tokens, tls }: RegistrySettings,
): object {
  const auth = {
    ...(passwords === true ? { htpasswd: { realm: "acme", path: join(directory, "htpasswd") } } : {}),
    ...(tokens === undefined
      ? {}
      : {
          token: {
            realm: tokens.realm,
            service: "test",
            issuer: "test",
            rootcertbundle: tokens.certificate,
          },
        }),
  };
  return {
    version: "0.1",
    log: { level: "error", accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: join(directory, "data") },
      delete: { enabled: true },
      maintenance: { uploadpurging: { enabled: false } },
    },
    http: {
      addr: address,
      secret: "test",
      ...(tls === undefined
        ? {}
        : {
            tls: {
              certificate: tls.certificate,
              key: tls.key,
              ...(tls.clientAuthority === undefined ? {} : { clientcas: [tls.clientAuthority] }),
            },
          }),
    },
    ...(Object.keys(auth).length === 0 ? {} : { auth }),
  };
}

function basic({ passwords }: RegistrySettings): Record<string, string> {
  const text = Buffer.from(`${user.name}:${user.password}`).toString("base64");
  return passwords === true ? { authorization: `Basic ${text}` } : {};
}

function contentOf(layout: Files, digest: string): Uint8Array<ArrayBuffer> {
  const bytes = layout.get(`blobs/sha256/${digest.slice(7)}`);
  if (bytes === undefined || typeof bytes === "string") throw new Error(`The layout has no ${digest}.`);
  return new Uint8Array(bytes);
}

/** A port of this machine that nobody listens at now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

function isListening(address: string): Promise<boolean> {
  const [host, port] = address.split(":");
  return new Promise((resolve) => {
    const socket = connect(Number(port), host ?? "");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
