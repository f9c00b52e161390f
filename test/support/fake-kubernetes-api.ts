import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ApiOptions } from "../../src/gates/kubernetes/api.ts";
import { applyPatch } from "./api-server.ts";
import { Authority } from "./authority.ts";

type Stored = Record<string, unknown> & { metadata: { resourceVersion: string } };

/**
 * As much of a cluster's API as the gate asks for: objects by path with GET, PUT by version, and JSON Patch, over TLS, for one token. What
 * the gate's Role does not allow is refused.
 */
export class FakeKubernetesApi implements AsyncDisposable {
  readonly objects = new Map<string, Stored>();
  /** each request as METHOD PATH */
  readonly requests: string[] = [];
  /** called before a request is answered: a status to refuse it with */
  refuse: (method: string, path: string) => number | undefined = () => undefined;
  readonly #directory = mkdtempSync(join(tmpdir(), "daochain-api-"));
  readonly #server: Server;
  #version = 1;

  private constructor(server: (api: FakeKubernetesApi) => Server) {
    this.#server = server(this);
  }

  static async start(): Promise<FakeKubernetesApi> {
    const api = new FakeKubernetesApi((self) => {
      const authority = new Authority(self.#directory);
      const { certificate, key } = authority.issue("api", "IP:127.0.0.1");
      return createServer(
        { cert: readFileSync(certificate), key: readFileSync(key) },
        (request, response) => {
          const pieces: Buffer[] = [];
          request.on("data", (piece) => pieces.push(piece));
          request.on("end", () => {
            const { method = "", url = "", headers } = request;
            const [status, body] =
              headers.authorization === `Bearer ${self.token}`
                ? self.#answer(method, url, headers["content-type"], Buffer.concat(pieces).toString())
                : [401, { kind: "Status", message: "Unauthorized" }];
            response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
          });
        },
      );
    });
    api.token = "first";
    writeFileSync(join(api.#directory, "namespace"), "daochain");
    await new Promise<void>((resolve) => api.#server.listen(0, "127.0.0.1", resolve));
    return api;
  }

  get options(): ApiOptions {
    const { port } = this.#server.address() as AddressInfo;
    return { host: "127.0.0.1", port, account: this.#directory };
  }

  get token(): string {
    return readFileSync(join(this.#directory, "token"), "utf8");
  }

  /** The account's token becomes another, as it does every hour. */
  set token(token: string) {
    writeFileSync(join(this.#directory, "token"), token);
  }

  put(path: string, object: Record<string, unknown>): void {
    const metadata = { ...(object["metadata"] as object), resourceVersion: `${++this.#version}` };
    this.objects.set(path, { ...object, metadata });
  }

  #answer(method: string, path: string, type: string | undefined, body: string): [number, unknown] {
    this.requests.push(`${method} ${path}`);
    const refused = this.refuse(method, path);
    if (refused !== undefined) return [refused, { kind: "Status", message: `refused ${method}` }];
    const object = this.objects.get(path);
    if (object === undefined) return [404, { kind: "Status", message: "not found" }];
    if (method === "PUT" && type === "application/json") {
      const given = JSON.parse(body) as Stored;
      if (given.metadata.resourceVersion !== object.metadata.resourceVersion)
        return [409, { kind: "Status", message: "the object has been modified" }];
      this.put(path, given);
    } else if (method === "PATCH" && type === "application/json-patch+json") {
      try {
        this.put(path, applyPatch(object, JSON.parse(body)) as Stored);
      } catch {
        return [422, { kind: "Status", message: "the patch does not apply" }];
      }
    } else if (method !== "GET") return [403, { kind: "Status", message: "forbidden" }];
    return [200, this.objects.get(path)];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
