import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { failure, systemErrorCode } from "../errors.ts";
import { systemReason } from "../files.ts";
import { say } from "../messages/message.ts";
import { answerRpc, failure as refusal } from "./rpc-dispatch.ts";
import type { Method } from "./rpc-methods.ts";

/** The port that is used where it is free and none is asked for. */
const usualPort = 8545;

const maximumBody = 1_048_576;
const maximumConnections = 256;
const maximumInFlight = 512;

/** The one port of the chain: JSON-RPC over HTTP on the loopback interface. */
export interface RpcServer {
  readonly url: string;
  /** since the start: requests that were answered, and those that were not even read; and those under way */
  readonly requests: { readonly answered: number; readonly refused: number; readonly inFlight: number };
  /** Takes no new requests, answers those under way, and closes. */
  close(): Promise<void>;
}

/**
 * Opens the door. Browsers are kept out (any request with an Origin, or with a Host that is not this machine's loopback: a page
 * must not reach the chain by rebinding its name), and so are slow and endless requests.
 *
 * @param options.port undefined: 8545, or any free one if that is taken; 0: any free one
 * @throws CHAIN_PORT_UNAVAILABLE where the port asked for cannot be had
 */
export async function openRpcServer(options: {
  port: number | undefined;
  methods: ReadonlyMap<string, Method>;
  onDefect: (error: unknown) => void;
}): Promise<RpcServer> {
  let [answered, refused, inFlight] = [0, 0, 0];
  const server = createServer(
    {
      maxHeaderSize: 8192,
      headersTimeout: 5_000,
      requestTimeout: 15_000,
      keepAliveTimeout: 30_000,
      connectionsCheckingInterval: 2_000,
    },
    (request, response) => {
      const refusedBy = refuse(request);
      if (refusedBy !== undefined) {
        refused += 1;
        return end(response, refusedBy.status, refusal(null, -32600, refusedBy.reason));
      }
      if (inFlight >= maximumInFlight) {
        refused += 1;
        return end(response, 503, refusal(null, -32005, "too many requests at once; try again later"));
      }
      inFlight += 1;
      answer(request, response, options)
        .catch((error: unknown) => {
          options.onDefect(error);
          response.destroy();
        })
        .finally(() => {
          inFlight -= 1;
          answered += 1;
        });
      return undefined;
    },
  );
  server.maxConnections = maximumConnections;
  const port = await listen(server, options.port);
  return {
    url: `http://127.0.0.1:${port}`,
    get requests() {
      return { answered, refused, inFlight };
    },
    close: () => close(server),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: { methods: ReadonlyMap<string, Method>; onDefect: (error: unknown) => void },
): Promise<void> {
  const text = await readBody(request);
  if (text === undefined) return end(response, 413, refusal(null, -32600, "the request is too large"));
  const answered = await answerRpc(text, options.methods, options.onDefect);
  if (answered === undefined) response.writeHead(204).end();
  else send(response, 200, answered);
}

/** Why a request is not even read, if it is not. */
function refuse(request: IncomingMessage): { status: number; reason: string } | undefined {
  const { origin, host, "content-type": type, "content-length": length } = request.headers;
  if (origin !== undefined) return { status: 403, reason: "requests from web pages are not answered" };
  if (!/^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i.test(host ?? "")) {
    return { status: 403, reason: "the host must be this machine's loopback address" };
  }
  if (request.method !== "POST") return { status: 405, reason: "JSON-RPC is spoken by POST" };
  if (!/^application\/json\s*(?:;|$)/i.test(type ?? "")) {
    return { status: 415, reason: "the content type must be application/json" };
  }
  if (length !== undefined && Number(length) > maximumBody) {
    return { status: 413, reason: "the request is too large" };
  }
  return undefined;
}

/** @returns undefined for a body over the limit, of which no more than that is read */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > maximumBody) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function send(response: ServerResponse, status: number, text: string): void {
  const body = Buffer.from(text);
  response.writeHead(status, { "content-type": "application/json", "content-length": body.length }).end(body);
}

/** Answers and closes the connection: there may be an unread body on it. */
function end(response: ServerResponse, status: number, text: string): void {
  response.shouldKeepAlive = false;
  send(response, status, text);
}

async function listen(server: Server, port: number | undefined): Promise<number> {
  try {
    return await listenOn(server, port ?? usualPort);
  } catch (error) {
    const code = systemErrorCode(error);
    if (port === undefined && (code === "EADDRINUSE" || code === "EACCES")) return listenOn(server, 0);
    const reason = code === "EADDRINUSE" ? say("port-taken") : systemReason(error);
    throw failure("CHAIN_PORT_UNAVAILABLE", { port: port ?? usualPort, reason }, { cause: error });
  }
}

function listenOn(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port }, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    // Whoever is still being answered after that is not reading.
    setTimeout(() => server.closeAllConnections(), 2_000).unref();
  });
}
