import { createHash } from "node:crypto";
import { type DaoChainError, failure } from "../errors.ts";
import { type Message, say } from "../messages/message.ts";
import { type Bytes32, noAnnotations } from "./claim.ts";

/** What a claim says beside its digests: source revision, build URL, anything. */
export type Annotations = Readonly<Record<string, string>>;

/** Bounds of annotations: how many there are, and bytes of their canonical JSON (the contract's bound). */
export const annotationLimits = { count: 64, bytes: 8192 } as const;

/**
 * The annotations as canonical JSON (RFC 8785 for an object of strings: no white space, keys in the order of their
 * UTF-16 code units); the empty string without annotations.
 *
 * @throws ANNOTATIONS_INVALID when there are too many, they are too long, or a text is not well-formed Unicode
 */
export function encodeAnnotations(annotations: Annotations): string {
  const entries = Object.entries(annotations);
  if (entries.length === 0) return "";
  if (entries.length > annotationLimits.count) {
    throw invalid(say("annotations-too-many", { count: entries.length, limit: annotationLimits.count }));
  }
  for (const [key, value] of entries) {
    if (key === "") throw invalid(say("annotations-nameless"));
    if (typeof value !== "string") throw invalid(say("annotations-not-text", { name: quote(key) }));
    if (!key.isWellFormed() || !value.isWellFormed()) {
      throw invalid(say("annotations-malformed", { name: quote(key) }));
    }
  }
  // The default order of sort() is that of UTF-16 code units; an object would move integer keys to its front.
  const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1));
  const json = `{${sorted.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(",")}}`;
  if (Buffer.byteLength(json) > annotationLimits.bytes) {
    throw invalid(say("annotations-too-long", { limit: annotationLimits.bytes }));
  }
  return json;
}

/** SHA-256 of the annotations' JSON, as a claim carries it; 32 zero bytes for the empty string. */
export function hashAnnotations(json: string): Bytes32 {
  return json === "" ? noAnnotations : `0x${createHash("sha256").update(json, "utf8").digest("hex")}`;
}

/**
 * The annotations in a claim's event. Whoever signed the claim chose these bytes: what is not canonical is refused.
 *
 * @param json as `encodeAnnotations` made it
 * @param hash the claim's `annotations`
 * @throws ANNOTATIONS_INVALID when the JSON is not the one that was signed, or not annotations in canonical form
 */
export function parseAnnotations(json: string, hash: Bytes32): Annotations {
  if (Buffer.byteLength(json) > annotationLimits.bytes) {
    throw invalid(say("annotations-too-long", { limit: annotationLimits.bytes }));
  }
  if (hashAnnotations(json) !== hash) throw invalid(say("annotations-not-signed"));
  if (json === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw invalid(say("annotations-not-json"), cause);
  }
  if (!isTexts(value) || encodeAnnotations(value) !== json) {
    throw invalid(say("annotations-not-canonical"));
  }
  return value;
}

function isTexts(value: unknown): value is Annotations {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((text) => typeof text === "string")
  );
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}

function invalid(reason: Message, cause?: unknown): DaoChainError {
  return failure("ANNOTATIONS_INVALID", { reason }, { cause });
}
