import { isDigest } from "../../digest/digest.ts";
import { failure } from "../../errors.ts";
import type { ImageFacts } from "../../image/image.ts";
import { indexTypes, manifestTypes, parseDescriptor } from "../../image/oci/documents.ts";
import { parseNamedReference } from "../../image/reference.ts";
import { parseStrictJson, stringMember, toObject } from "../../json.ts";
import { say } from "../../messages/message.ts";

/** What an image verifier of containerd is told (containerd's docs/image-verification.md), as the verifier hands it on. */
export interface PullQuestion {
  /** the reference under which it is pulled */
  readonly name: string;
  /** what it was resolved to */
  readonly digest: string;
  /** media type of the verifier's standard input */
  readonly stdinMediaType: string;
  /** the verifier's standard input */
  readonly stdin: Uint8Array;
}

const descriptorType = "application/vnd.oci.descriptor.v1+json";
/** Bytes of a descriptor: those of registries hold a few hundred. */
const maxDescriptor = 64 * 1024;

/**
 * Reads what the verifier has sent.
 * @returns undefined where it is not what our verifier sends
 */
export function readPullQuestion(bytes: Uint8Array): PullQuestion | undefined {
  try {
    const what = "question";
    const question = toObject(parseStrictJson(bytes, what), what);
    const text = (name: string): string => stringMember(question, name, what) ?? "";
    const { stdin } = question;
    if (typeof stdin !== "string" || !/^[A-Za-z0-9+/]*={0,2}$/.test(stdin)) return undefined;
    return {
      name: text("name"),
      digest: text("digest"),
      stdinMediaType: text("stdinMediaType"),
      stdin: Buffer.from(stdin, "base64"),
    };
  } catch {
    return undefined;
  }
}

/**
 * What is known of an image that containerd is about to pull: its name, and the digest that its registry gave for it. containerd hashes
 * what it then fetches, so that no other bytes come under that digest.
 * @throws REFERENCE_INVALID, JSON_INVALID, JSON_TOO_LARGE, PULL_UNREADABLE, PULL_NOT_AN_IMAGE where it is not told in a way that can be judged
 */
export function toPulledFacts({ name, digest, stdinMediaType, stdin }: PullQuestion): ImageFacts {
  const { repository, tag, digest: named } = parseNamedReference(name);
  if (stdinMediaType !== descriptorType) throw failure("PULL_UNREADABLE", { why: say("no-descriptor") });
  const what = "descriptor";
  const descriptor = parseDescriptor(parseStrictJson(stdin, what, maxDescriptor), what);
  if (!isDigest(digest) || descriptor.digest !== digest)
    throw failure("PULL_UNREADABLE", { why: say("descriptor-of-another") });
  if (named !== undefined && named !== digest)
    throw failure("PULL_UNREADABLE", { why: say("pulled-by-another", { digest: named }) });
  const isIndex = indexTypes.includes(descriptor.mediaType);
  if (!isIndex && !manifestTypes.includes(descriptor.mediaType)) {
    throw failure("PULL_NOT_AN_IMAGE", { type: JSON.stringify(descriptor.mediaType) });
  }
  return {
    image: name,
    transport: "docker",
    name: { repository, tag, carried: true },
    depth: "manifest",
    layers: "unread",
    subjects: [{ kind: isIndex ? "index" : "manifest", digest, platform: "" }],
    corruptions: [],
    notes: [],
    bytes: stdin.length,
    id: digest,
  };
}
