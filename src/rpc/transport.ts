import http from "node:http";
import { createConnection, type Socket } from "node:net";

/** The text of an answer, and HTTP's status where it came by HTTP. */
export interface Exchanged {
  readonly text: string;
  readonly status: number | undefined;
}

/** How the text of a request gets to an endpoint, and the text of the answer back. */
export interface Transport {
  /** the endpoint without credentials, for messages */
  readonly label: string;
  /** @throws AnswerTooLarge beyond `limit` bytes, and whatever the system says */
  exchange(body: string, signal: AbortSignal, limit: number): Promise<Exchanged>;
  close(): void;
}

export class AnswerTooLarge extends Error {
  override readonly name = "AnswerTooLarge";
}

/**
 * @param url http, https, or unix with a socket's path (`unix:/run/clef.ipc`)
 * @returns undefined where it is none of them, without repeating it: it may hold a secret
 */
export function openTransport(url: string): Transport | undefined {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol === "unix:") {
    const path = percentDecoded(parsed.pathname);
    return parsed.host === "" && path?.startsWith("/") ? socketTransport(path) : undefined;
  }
  const auth = parsed === undefined ? undefined : toAuth(parsed);
  if (parsed === undefined || auth === undefined || !["http:", "https:"].includes(parsed.protocol)) return;
  return httpTransport(parsed, auth);
}

function httpTransport(url: URL, auth: string): Transport {
  const secure = url.protocol === "https:";
  // TLS takes long to load, and most chains are asked without.
  const { Agent, request: open } = secure ? process.getBuiltinModule("node:https") : http;
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  return {
    label: `${url.protocol}//${url.host}`,
    close: () => agent.destroy(),
    exchange: (body, signal, limit) =>
      new Promise((resolve, reject) => {
        const request = open(
          {
            protocol: url.protocol,
            hostname: url.hostname.replace(/^\[|\]$/g, ""),
            port: url.port,
            path: url.pathname + url.search,
            method: "POST",
            agent,
            signal,
            ...(auth === "" ? {} : { auth }),
            headers: { "content-type": "application/json", "content-length": Buffer.byteLength(body) },
          },
          (response) => {
            const { statusCode: status } = response;
            readBounded(response, signal, limit).then((text) => resolve({ text, status }), reject);
          },
        );
        request.on("error", reject);
        request.end(body);
      }),
  };
}

/** JSON texts over a stream, as Ethereum clients speak it on their IPC sockets: each ends with its line. */
function socketTransport(path: string): Transport {
  return {
    label: `unix:${path}`,
    close: () => {},
    exchange: async (body, signal, limit) => {
      const socket: Socket = createConnection(path);
      const stop = (): unknown => socket.destroy(new Error("aborted"));
      signal.addEventListener("abort", stop, { once: true });
      try {
        socket.write(`${body}\n`);
        return { text: await readBounded(socket, signal, limit, true), status: undefined };
      } finally {
        signal.removeEventListener("abort", stop);
        socket.destroy();
      }
    },
  };
}

/** @param line up to the first line's end only */
async function readBounded(
  stream: AsyncIterable<Buffer>,
  signal: AbortSignal,
  limit: number,
  line = false,
): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    signal.throwIfAborted();
    size += chunk.length;
    if (size > limit) throw new AnswerTooLarge();
    chunks.push(chunk);
    if (line && chunk.includes(0x0a)) break;
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** @returns user:password, empty without; undefined where a percent sign stands for nothing */
function toAuth({ username, password }: URL): string | undefined {
  if (username === "" && password === "") return "";
  const [user, secret] = [percentDecoded(username), percentDecoded(password)];
  return user === undefined || secret === undefined ? undefined : `${user}:${secret}`;
}

function percentDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
