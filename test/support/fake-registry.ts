import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { serve } from "./http-server.ts";
import type { Files } from "./images.ts";

/** Answers a request in the place of the registry; false leaves it to it. */
export type Intercept = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

export interface FakeRegistry {
  /** host:port */
  readonly address: string;
  /** every request so far, in order */
  readonly seen: readonly Seen[];
}

/**
 * A registry that serves one layout, its first image as every tag, and misbehaves where a test wants it to: real ones do not.
 * It speaks plain HTTP on the loopback interface.
 */
export async function fakeRegistry(layout: Files, intercept: Intercept = () => false): Promise<FakeRegistry> {
  const seen: Seen[] = [];
  const root = rootOf(layout);
  const types = new Map<string, string>(describe(layout, root));
  const url = await serve(async (request, response) => {
    seen.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers });
    if (await intercept(request, response)) return;
    const [, kind = "", reference = ""] =
      /^\/v2\/[a-z/]+\/(manifests|blobs)\/([^/?]+)$/.exec(request.url ?? "") ?? [];
    const digest = reference.startsWith("sha256:") ? reference : root.digest;
    const bytes = layout.get(`blobs/sha256/${digest.slice(7)}`);
    const type = kind === "manifests" ? types.get(digest) : "application/octet-stream";
    if (bytes === undefined || typeof bytes === "string" || type === undefined) {
      response.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}');
      return;
    }
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    response.writeHead(from > 0 ? 206 : 200, {
      "content-type": type,
      "content-length": bytes.length - from,
      ...(kind === "manifests" ? { "docker-content-digest": digest } : {}),
      ...(from > 0 ? { "content-range": `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
    });
    response.end(bytes.subarray(from));
  });
  return { address: new URL(url).host, seen };
}

interface Described {
  readonly mediaType: string;
  readonly digest: string;
}

function rootOf(layout: Files): Described {
  return JSON.parse(textOf(layout.get("index.json"))).manifests[0];
}

/** The media type of each manifest beneath a descriptor, by digest. */
function describe(
  layout: Files,
  { mediaType, digest }: Described,
  known = new Map<string, string>(),
): Map<string, string> {
  if (known.has(digest)) return known;
  known.set(digest, mediaType);
  const bytes = layout.get(`blobs/sha256/${digest.slice(7)}`);
  if (bytes === undefined) return known;
  try {
    const { manifests } = JSON.parse(textOf(bytes));
    for (const child of Array.isArray(manifests) ? manifests : []) describe(layout, child, known);
  } catch {
    // A manifest that is no JSON has no children.
  }
  return known;
}

function textOf(bytes: Uint8Array | string | undefined): string {
  return Buffer.from(bytes ?? "").toString();
}
