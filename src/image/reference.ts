import { type Digest, isDigest } from "../digest/digest.ts";
import { type DaoChainError, failure } from "../errors.ts";
import { type Message, say } from "../messages/message.ts";
import type { ImageName } from "./image.ts";

/** A named image as the distribution reference grammar has it, normalised as Docker does. */
export interface NamedReference {
  /** canonical, with its registry: "docker.io/library/alpine" */
  readonly repository: string;
  /** "latest" where neither tag nor digest was given; empty where only a digest was */
  readonly tag: string;
  readonly digest: Digest | undefined;
}

/** What an image reference names, by transport (containers-transports(5)). */
export type ParsedReference =
  | {
      readonly transport: "docker-daemon";
      /** false: no transport was typed, and a registry may be asked where the daemon has no such image */
      readonly explicit: boolean;
      /** what the daemon is asked for: the canonical reference, or an image ID */
      readonly query: string;
      /** undefined: the query can only be an image ID */
      readonly named: NamedReference | undefined;
      /** the name is hex digits alone, so it may also be the beginning of an image ID */
      readonly maybeId: boolean;
    }
  | { readonly transport: "docker"; readonly named: NamedReference }
  | {
      readonly transport: "docker-archive";
      readonly path: string;
      readonly named: NamedReference | undefined;
      /** the image's place among those of the archive, from 0 */
      readonly place?: number;
    }
  | { readonly transport: "oci"; readonly path: string; readonly tag: string | undefined }
  | { readonly transport: "oci-archive"; readonly path: string; readonly tag: string | undefined };

const LENGTH_LIMIT = 4096;
const NAME_LIMIT = 255;

const label = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
const hostPattern = new RegExp(String.raw`^(?:${label}(?:\.${label})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?$`);
const componentPattern = /^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*$/;
const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const transports = ["docker-daemon", "docker", "docker-archive", "oci", "oci-archive"] as const;

export function isTag(text: string): boolean {
  return tagPattern.test(text);
}

function invalid(text: string, reason: Message): DaoChainError {
  const reference = JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}...` : text);
  return failure("REFERENCE_INVALID", { reference, reason });
}

/**
 * Parses `[registry/]repository[:tag][@digest]` (distribution/reference grammar) and fills in what Docker fills in:
 * the registry docker.io, its namespace library/, and the tag latest where neither tag nor digest stands.
 * @param text at most 4096 characters
 * @throws REFERENCE_INVALID
 */
export function parseNamedReference(text: string): NamedReference {
  if (text === "") throw invalid(text, say("reference-empty"));
  if (text.length > LENGTH_LIMIT) throw invalid(text, say("reference-too-long"));
  const at = text.indexOf("@");
  const digest = at < 0 ? undefined : text.slice(at + 1);
  if (digest !== undefined && !isDigest(digest)) {
    throw invalid(text, say("reference-digest"));
  }
  const beforeDigest = at < 0 ? text : text.slice(0, at);
  const colon = beforeDigest.lastIndexOf(":");
  const hasTag = colon > beforeDigest.lastIndexOf("/");
  const tag = hasTag ? beforeDigest.slice(colon + 1) : undefined;
  if (tag !== undefined && !isTag(tag)) {
    throw invalid(text, say("reference-tag", { tag: JSON.stringify(tag.slice(0, 200)) }));
  }
  return {
    repository: canonicalRepository(text, hasTag ? beforeDigest.slice(0, colon) : beforeDigest),
    tag: tag ?? (digest === undefined ? "latest" : ""),
    digest,
  };
}

function canonicalRepository(text: string, name: string): string {
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  const isHost = first === "localhost" || /[.:A-Z]/.test(first);
  let host = isHost ? first : "docker.io";
  let path = isHost ? name.slice(slash + 1) : name;
  if (host === "index.docker.io") host = "docker.io";
  if (host === "docker.io" && !path.includes("/")) path = `library/${path}`;

  if (!hostPattern.test(host)) throw invalid(text, say("reference-host", { host: JSON.stringify(host) }));
  if (/[A-Z]/.test(path)) throw invalid(text, say("reference-upper-case"));
  if (!path.split("/").every((component) => componentPattern.test(component))) {
    throw invalid(text, say("reference-repository", { path: JSON.stringify(path) }));
  }
  const repository = `${host}/${path}`;
  if (repository.length > NAME_LIMIT)
    throw invalid(text, say("reference-repository-long", { limit: NAME_LIMIT }));
  return repository;
}

/** The named reference, or undefined where the text is none. */
export function tryNamedReference(text: string): NamedReference | undefined {
  try {
    return parseNamedReference(text);
  } catch {
    return undefined;
  }
}

/** The name that an archive's table gives an image; undefined where it is none that an engine could take. */
export function carriedName(text: string): ImageName | undefined {
  const named = tryNamedReference(text);
  return named && { repository: named.repository, tag: named.tag, carried: true };
}

type Named = Pick<ImageName, "repository" | "tag">;

export function isSameName(one: Named, other: Named): boolean {
  return one.repository === other.repository && one.tag === other.tag;
}

export function formatImageName({ repository, tag }: Named): string {
  return formatNamedReference({ repository, tag, digest: undefined });
}

/** `repository:tag@digest`, as far as there are any. */
export function formatNamedReference({ repository, tag, digest }: NamedReference): string {
  return `${repository}${tag === "" ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
}

/**
 * Parses an image reference with its transport: `docker-daemon:REF`, `docker://REF`, `docker-archive:FILE[:REF|:@N]`, `oci:DIR[:TAG]`,
 * `oci-archive:FILE[:TAG]` (containers-transports(5)); without a transport it names an image of the local daemon.
 * In paths, the first colon ends the path.
 * @throws REFERENCE_INVALID
 */
export function parseImageReference(text: string): ParsedReference {
  if (text.length > LENGTH_LIMIT) throw invalid(text, say("reference-too-long"));
  if (/[\x00-\x1f\x7f]/.test(text)) throw invalid(text, say("reference-control-characters"));
  const colon = text.indexOf(":");
  const prefix = text.slice(0, Math.max(colon, 0));
  const rest = text.slice(colon + 1);
  // "oci:1.0" could be a repository named oci; as with every tool that knows transports, the transport wins.
  const transport = transports.find((name) => name === prefix);
  switch (transport) {
    case undefined:
      return parseDaemonReference(text, text, false);
    case "docker-daemon":
      return parseDaemonReference(text, rest, true);
    case "docker":
      // Without the slashes it is the official image named docker: docker:27-cli.
      if (!rest.startsWith("//")) return parseDaemonReference(text, text, false);
      return { transport, named: parseNamedReference(rest.slice(2)) };
    case "docker-archive": {
      const [path, reference] = splitPath(text, rest);
      if (reference?.startsWith("@")) {
        const place = Number(reference.slice(1));
        if (!/^@[0-9]{1,6}$/.test(reference)) throw invalid(text, say("reference-place"));
        return { transport, path, named: undefined, place };
      }
      const named = reference === undefined ? undefined : parseNamedReference(reference);
      if (named?.digest !== undefined) throw invalid(text, say("reference-archive-digest"));
      return { transport, path, named };
    }
    default: {
      const [path, tag] = splitPath(text, rest);
      return { transport, path, tag };
    }
  }
}

function parseDaemonReference(text: string, reference: string, explicit: boolean): ParsedReference {
  const transport = "docker-daemon";
  if (isDigest(reference)) return { transport, explicit, query: reference, named: undefined, maybeId: true };
  if (/^[0-9a-f]{64}$/.test(reference)) {
    return { transport, explicit, query: `sha256:${reference}`, named: undefined, maybeId: true };
  }
  if (reference === "") throw invalid(text, say("reference-names-nothing"));
  const named = parseNamedReference(reference);
  const maybeId = /^[0-9a-f]+$/.test(reference);
  return { transport, explicit, query: maybeId ? reference : formatNamedReference(named), named, maybeId };
}

function splitPath(text: string, rest: string): [path: string, reference: string | undefined] {
  const colon = rest.indexOf(":");
  const path = colon < 0 ? rest : rest.slice(0, colon);
  const reference = colon < 0 ? undefined : rest.slice(colon + 1);
  if (path === "") throw invalid(text, say("reference-no-file"));
  if (reference === "") throw invalid(text, say("reference-last-colon"));
  return [path, reference];
}
