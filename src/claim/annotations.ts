import { createHash } from "node:crypto";
import { DaoChainError } from "../errors.ts";
import { type Bytes32, noAnnotations } from "./claim.ts";

/** What a claim says beside its digests: source revision, build URL, anything. */
export type Annotations = Readonly<Record<string, string>>;

/** Bounds of annotations: how many there are, and bytes of their canonical JSON (the contract's bound). */
export const annotationLimits = { count: 64, bytes: 8192 } as const;

/**
 * The annotations as canonical JSON (RFC 8785 for an object of strings: no white space, keys in the order of their
 * UTF-16 code units); the empty string without annotations.
 *
 * @throws CLAIM_INVALID when there are too many, they are too long, or a text is not well-formed Unicode
 */
export function encodeAnnotations(annotations: Annotations): string {
  const entries = Object.entries(annotations);
  if (entries.length === 0) return "";
  if (entries.length > annotationLimits.count) {
    throw invalid(`There are ${entries.length} annotations, more than ${annotationLimits.count}.`);
  }
  for (const [key, value] of entries) {
    if (key === "") throw invalid("An annotation has no name.");
    if (typeof value !== "string") throw invalid(`The annotation ${quote(key)} is not text.`);
    if (!key.isWellFormed() || !value.isWellFormed()) {
      throw invalid(`The annotation ${quote(key)} is not well-formed Unicode.`);
    }
  }
  // The default order of sort() is that of UTF-16 code units; an object would move integer keys to its front.
  const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1));
  const json = `{${sorted.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(",")}}`;
  if (Buffer.byteLength(json) > annotationLimits.bytes) {
    throw invalid(`The annotations are longer than ${annotationLimits.bytes} bytes of JSON.`);
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
 * @throws CLAIM_INVALID when the JSON is not the one that was signed, or not annotations in canonical form
 */
export function parseAnnotations(json: string, hash: Bytes32): Annotations {
  if (Buffer.byteLength(json) > annotationLimits.bytes) {
    throw invalid(`The annotations are longer than ${annotationLimits.bytes} bytes of JSON.`);
  }
  if (hashAnnotations(json) !== hash) throw invalid("The annotations are not the ones that were signed.");
  if (json === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw invalid("The annotations are not JSON.", cause);
  }
  if (!isTexts(value) || encodeAnnotations(value) !== json) {
    throw invalid("The annotations are not an object of texts in canonical form.");
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

function invalid(message: string, cause?: unknown): DaoChainError {
  return new DaoChainError("CLAIM_INVALID", message, {
    hint: "Annotations are names with texts, at most 64 of them and 8192 bytes as JSON.",
    cause,
  });
}
