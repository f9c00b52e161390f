import { type Digest, isDigest } from "./digest/digest.ts";
import { type DaoChainError, failure } from "./errors.ts";
import { type Message, say } from "./messages/message.ts";

/** The largest JSON document that is read, in bytes: what registries accept as a manifest. */
export const JSON_LIMIT = 4 * 1024 * 1024;
const DEPTH_LIMIT = 64;
/** Characters of a string. */
const STRING_LIMIT = 4096;

export type JsonObject = { readonly [name: string]: unknown };

function unreadable(what: string, reason: Message, cause?: unknown): DaoChainError {
  return failure("JSON_INVALID", { what, reason }, { cause });
}

/**
 * Parses JSON that decides what an image is. Stricter than JSON.parse, since two readers of one document must not see
 * two images: it must be UTF-8 without a byte order mark, and no object may have a name twice (RFC 8259, section 4).
 * @param what the document's name for a message, such as "manifest"
 * @param limit bytes at most
 * @throws JSON_INVALID, JSON_TOO_LARGE
 */
export function parseStrictJson(bytes: Uint8Array, what: string, limit = JSON_LIMIT): unknown {
  if (bytes.length > limit) {
    throw failure("JSON_TOO_LARGE", { what, limit });
  }
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
  } catch (cause) {
    throw unreadable(what, say("json-not-json"), cause);
  }
  rejectRepeatedNames(text, what);
  return value;
}

/** Walks the tokens of text that JSON.parse has accepted, which is what makes so simple a walk exact. */
function rejectRepeatedNames(text: string, what: string): void {
  const open: (Set<string> | undefined)[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === "{" || character === "[") {
      open.push(character === "{" ? new Set() : undefined);
      if (open.length > DEPTH_LIMIT) throw unreadable(what, say("json-too-deep"));
    } else if (character === "}" || character === "]") {
      open.pop();
    } else if (character === '"') {
      const end = endOfString(text, at);
      const names = open.at(-1);
      if (names !== undefined && isBeforeColon(text, end)) {
        const quoted = text.slice(at, end + 1);
        const name: unknown = quoted.includes("\\") ? JSON.parse(quoted) : quoted.slice(1, -1);
        if (typeof name === "string" && names.size === names.add(name).size) {
          throw unreadable(what, say("json-name-twice", { name: JSON.stringify(name.slice(0, 100)) }));
        }
      }
      at = end;
    }
  }
}

/** Where the string ends that begins here. */
function endOfString(text: string, begin: number): number {
  for (let end = text.indexOf('"', begin + 1); ; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text[before] === "\\") before--;
    if ((end - before) % 2 === 1) return end;
  }
}

function isBeforeColon(text: string, end: number): boolean {
  let next = end + 1;
  while (text[next] === " " || text[next] === "\n" || text[next] === "\t" || text[next] === "\r") next++;
  return text[next] === ":";
}

/** @throws JSON_INVALID */
export function toObject(value: unknown, what: string): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw unreadable(what, say("json-not-an-object"));
}

/**
 * A member of an object. Engines written in Go match names without regard to case, so a name that differs from the one asked for
 * only in case is refused: we would read one value and the engine another.
 * @throws JSON_INVALID
 */
export function member(object: JsonObject, name: string, what: string): unknown {
  let folded: string | undefined;
  for (const other of Object.keys(object)) {
    if (other === name || other.length !== name.length || differAtOnce(other, name)) continue;
    folded ??= foldCase(name);
    if (foldCase(other) === folded) {
      throw unreadable(
        what,
        say("json-other-letters", { found: JSON.stringify(other), name: JSON.stringify(name) }),
      );
    }
  }
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Whether two names begin with different letters of ASCII. */
function differAtOnce(one: string, other: string): boolean {
  const [a, b] = [one.charCodeAt(0), other.charCodeAt(0)];
  return a < 128 && b < 128 && (a | 0x20) !== (b | 0x20);
}

/** Simple case folding as Go does it: the long s and the Kelvin sign are letters of ASCII too. */
function foldCase(text: string): string {
  return text.replaceAll("\u017f", "s").replaceAll("\u212a", "k").toLowerCase();
}

/** A string member; undefined where it is absent, null or empty, which Go writes for the same thing. */
export function stringMember(object: JsonObject, name: string, what: string): string | undefined {
  const value = member(object, name, what);
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value === "string" && value.length <= STRING_LIMIT) return value;
  throw unreadable(what, say("json-not-a-string", { name, limit: STRING_LIMIT }));
}

/** An array member of at most `limit` elements; empty where it is absent or null. */
export function arrayMember(
  object: JsonObject,
  name: string,
  what: string,
  limit: number,
): readonly unknown[] {
  const value = member(object, name, what);
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw unreadable(what, say("json-not-an-array", { name }));
  if (value.length > limit) {
    throw failure("JSON_LIST_TOO_LONG", { what, count: value.length, name, limit });
  }
  return value;
}

/** A required array of strings. */
export function stringsMember(
  object: JsonObject,
  name: string,
  what: string,
  limit: number,
): readonly string[] {
  return arrayMember(object, name, what, limit).map((value) => {
    if (typeof value === "string" && value.length <= STRING_LIMIT) return value;
    throw unreadable(what, say("json-not-strings", { name }));
  });
}

/** A member that must be a SHA-256 digest. */
export function digestMember(object: JsonObject, name: string, what: string): Digest {
  const value = member(object, name, what);
  if (isDigest(value)) return value;
  if (
    typeof value === "string" &&
    /^[a-z0-9+._-]+:[a-zA-Z0-9=_-]+$/.test(value) &&
    !value.startsWith("sha256:")
  ) {
    throw failure("DIGEST_UNSUPPORTED", { what, digest: value.slice(0, 60) });
  }
  throw unreadable(what, say("json-not-a-digest", { name }));
}

/** A member that must be a whole number of bytes. */
export function sizeMember(object: JsonObject, name: string, what: string): number {
  const value = member(object, name, what);
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw unreadable(what, say("json-not-a-size", { name }));
}
