import { createServer, type Server } from "node:http";
import { failure } from "./errors.ts";

/** What is shown of a gate, or of a chain. */
export interface Shown {
  /** Prometheus' text */
  metrics(): string;
  readonly status: { readonly isReady: boolean };
}

/** Serves `GET /metrics` and `GET /ready` over HTTP. */
export class MetricsServer {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** @param address host and port, such as 127.0.0.1:9464 @throws METRICS_ADDRESS_INVALID, METRICS_NOT_SERVED */
  static async listen(address: string, shown: Shown): Promise<MetricsServer> {
    const { host, port } = parseAddress(address);
    const server = createServer(
      { requestTimeout: 10_000, headersTimeout: 10_000 },
      ({ method, url }, answer) => {
        const isKnown = (method === "GET" || method === "HEAD") && (url === "/metrics" || url === "/ready");
        if (!isKnown) return answer.writeHead(404).end();
        if (url === "/metrics")
          return answer
            .writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" })
            .end(shown.metrics());
        const { isReady } = shown.status;
        return answer
          .writeHead(isReady ? 200 : 503, { "content-type": "application/json" })
          .end(JSON.stringify({ ready: isReady }));
      },
    );
    server.maxConnections = 100;
    server.on("clientError", (_, socket) => socket.destroy());
    await new Promise<void>((resolve, reject) => {
      server.once("error", (cause) =>
        reject(failure("METRICS_NOT_SERVED", { address, reason: cause.message }, { cause })),
      );
      server.listen(port, host, resolve);
    });
    return new MetricsServer(server);
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }
}

/** @throws METRICS_ADDRESS_INVALID */
function parseAddress(address: string): { host: string; port: number } {
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]/]+)):(\d{1,5})$/.exec(address) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host !== undefined && port <= 65_535) return { host, port };
  throw failure("METRICS_ADDRESS_INVALID", { address: JSON.stringify(address.slice(0, 100)) });
}
