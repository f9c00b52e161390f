import { arrayMember, type JsonObject, member, parseStrictJson, toObject } from "../../json.ts";

/** Ways to have something run that the gate cannot judge, which are refused unless they are let. */
export const unjudgedWays = {
  build: "a build runs what no gate sees",
  swarm: "a swarm starts containers without asking this gate",
  plugins: "an engine's plugin runs as root without asking this gate",
  copy: "files that are copied into a container are not the image's",
} as const;

export type UnjudgedWay = keyof typeof unjudgedWays;

/** A request to an engine, as its AuthZ plugins get it. */
export interface EngineRequest {
  readonly method: string;
  /** the request's target, as the client wrote it */
  readonly target: string;
  /** base64; empty where the engine did not pass one on */
  readonly body: string;
}

/** What a request would have run. */
export type Meaning =
  | { readonly kind: "harmless" }
  /** `images` are judged by what the engine has under these names */
  | { readonly kind: "create"; readonly images: readonly string[] }
  /** `container` is judged by the image that it was made of */
  | { readonly kind: "start"; readonly action: "start" | "restart"; readonly container: string }
  | { readonly kind: "unjudged"; readonly way: UnjudgedWay }
  | { readonly kind: "refused"; readonly reason: string };

const maxMounts = 1000;
const id = "[^/]+";
const harmless = {
  POST: [
    "auth",
    `containers/${id}/(?:stop|kill|pause|unpause|wait|resize|attach|rename|update|exec|checkpoints)`,
    "containers/prune",
    `exec/${id}/(?:start|resize)`,
    "commit",
    "images/(?:create|load|prune)",
    "images/.+/(?:push|tag)",
    "build/(?:prune|cancel)",
    "networks/(?:create|prune)",
    `networks/${id}/(?:connect|disconnect)`,
    "volumes/(?:create|prune)",
    "swarm/(?:leave|unlock)",
    `nodes/${id}/update`,
    `(?:secrets|configs)/(?:create|${id}/update)`,
    `plugins/${id}(?:/${id})*/(?:disable|push)`,
  ],
  PUT: [`volumes/${id}`],
  DELETE: [".*"],
} as const;
const unjudged: Readonly<Record<"POST" | "PUT", Partial<Record<UnjudgedWay, string>>>> = {
  POST: {
    build: "build|session|grpc",
    swarm: `swarm/(?:init|join|update)|services/create|services/${id}/update`,
    plugins: `plugins/(?:pull|create)|plugins/${id}(?:/${id})*/(?:enable|upgrade|set)`,
  },
  PUT: { copy: `containers/${id}/archive` },
};

const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`);
const harmlessPaths = Object.fromEntries(
  Object.entries(harmless).map(([method, patterns]) => [method, patterns.map(whole)]),
);
const unjudgedPaths = Object.fromEntries(
  Object.entries(unjudged).map(([method, ways]) => [
    method,
    Object.entries(ways).map(([way, pattern]) => [way as UnjudgedWay, whole(pattern)] as const),
  ]),
);

/**
 * What a request asks an engine to do, by the Docker Engine API to 1.51. A request that changes something and is none that is known here
 * is refused: it may be a newer way to have something run.
 */
export function readRequest({ method, target, body }: EngineRequest): Meaning {
  if (method === "GET" || method === "HEAD" || method === "OPTIONS") return { kind: "harmless" };
  const path = toPath(target);
  if (path === undefined) return { kind: "refused", reason: "its path is not one that an engine would take" };
  if (method === "POST" && path === "containers/create") return readCreate(body);
  const start = method === "POST" ? /^containers\/([^/]+)\/(start|restart)$/.exec(path) : null;
  if (start !== null) {
    const [, container = "", action] = start;
    return { kind: "start", action: action === "restart" ? "restart" : "start", container };
  }
  const way = unjudgedPaths[method]?.find(([, pattern]) => pattern.test(path));
  if (way !== undefined) return { kind: "unjudged", way: way[0] };
  if (harmlessPaths[method]?.some((pattern) => pattern.test(path)) === true) return { kind: "harmless" };
  return { kind: "refused", reason: "this gate does not know what it would run" };
}

/**
 * The path that an engine's router sees, without the API's version and the first slash.
 * @returns undefined for one that it would redirect, or that two readers could take for different ones
 */
function toPath(target: string): string | undefined {
  const [written = ""] = target.replace(/^https?:\/\/[^/?]*/i, "").split("?", 1);
  let path: string;
  try {
    path = decodeURIComponent(written);
  } catch {
    return undefined;
  }
  if (!path.startsWith("/") || /[\u0000-\u0020\u007f\\#?;]/.test(path)) return undefined;
  const parts = path.slice(1).split("/");
  if (parts.some((part) => part === "" || part === "." || part === "..")) return undefined;
  return (/^v[0-9.]+$/.test(parts[0] ?? "") ? parts.slice(1) : parts).join("/");
}

function readCreate(body: string): Meaning {
  // The engine passes on no body over 1 MiB, and none without a length.
  if (body === "") return { kind: "refused", reason: "the engine did not pass on what it is made of" };
  const what = "request to make a container";
  try {
    const request = toObject(parseStrictJson(Buffer.from(body, "base64"), what), what);
    const image = member(request, "Image", what);
    if (typeof image !== "string" || image === "") return { kind: "refused", reason: "it names no image" };
    const host = toObject(member(request, "HostConfig", what) ?? {}, what);
    const mounts = arrayMember(host, "Mounts", what, maxMounts).map((mount) => toObject(mount, what));
    return { kind: "create", images: [image, ...mounts.flatMap((mount) => imageOf(mount, what))] };
  } catch {
    return { kind: "refused", reason: "what it is made of cannot be read, or can be read in two ways" };
  }
}

/** An image that is mounted rather than run brings its files all the same. */
function imageOf(mount: JsonObject, what: string): string[] {
  if (member(mount, "Type", what) !== "image") return [];
  const source = member(mount, "Source", what);
  if (typeof source !== "string" || source === "") throw new Error("a mount names no image");
  return [source];
}
