import { type DaoChainError, failure } from "../../errors.ts";
import { arrayMember, type JsonObject, member, toObject } from "../../json.ts";

const what = "config";
const LIST_LIMIT = 10_000;

/**
 * What a container gets from its image besides files, in a form that all engines and the image's config agree about
 * (docs/specs/runtime.md, "Configuration").
 * @param config the member `config` of an image's config, or `Config` of a daemon's description
 * @returns JSON with names in alphabetic order and no white space, written as RFC 8785 has it
 * @throws IMAGE_CONFIG_INVALID, JSON_INVALID where a member is not what it should be
 */
export function canonicalConfiguration(config: JsonObject): string {
  return JSON.stringify({
    cmd: strings(config, "Cmd"),
    entrypoint: strings(config, "Entrypoint"),
    env: strings(config, "Env"),
    exposedPorts: keys(config, "ExposedPorts"),
    healthcheck: healthcheck(config),
    labels: labels(config),
    stopSignal: text(config, "StopSignal"),
    user: text(config, "User"),
    volumes: keys(config, "Volumes"),
    workingDir: directory(text(config, "WorkingDir")),
  });
}

function strings(object: JsonObject, name: string): string[] {
  return arrayMember(object, name, what, LIST_LIMIT).map((value) => toText(value, name));
}

function text(object: JsonObject, name: string): string {
  return toText(member(object, name, what) ?? "", name);
}

/** Half a character of UTF-16 is read as U+FFFD by engines. */
function toText(value: unknown, name: string): string {
  if (typeof value === "string") return value.toWellFormed();
  throw unreadable(name);
}

function keys(object: JsonObject, name: string): string[] {
  const value = member(object, name, what);
  if (value === undefined || value === null) return [];
  const found = Object.keys(toObject(value, what)).map((key) => key.toWellFormed());
  requireDistinct(found, name);
  return found.sort();
}

/** As pairs: an object would put names such as "10" before others. */
function labels(object: JsonObject): [string, string][] {
  const value = toObject(member(object, "Labels", what) ?? {}, what);
  const found = Object.entries(value).map(([key, label]): [string, string] => [
    key.toWellFormed(),
    toText(label ?? "", "Labels"),
  ]);
  requireDistinct(
    found.map(([key]) => key),
    "Labels",
  );
  return found.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Names that differ in halves of characters only are one name to engines. */
function requireDistinct(names: readonly string[], what: string): void {
  if (new Set(names).size !== names.length) throw unreadable(what);
}

/** Without the interval at the start, which engines before 25 do not know. */
function healthcheck(config: JsonObject): Record<string, unknown> | null {
  const value = member(config, "Healthcheck", what);
  if (value === undefined || value === null) return null;
  const object = toObject(value, what);
  const found = {
    interval: whole(object, "Interval"),
    retries: whole(object, "Retries"),
    startPeriod: whole(object, "StartPeriod"),
    test: strings(object, "Test"),
    timeout: whole(object, "Timeout"),
  };
  const isEmpty =
    found.test.length === 0 && !found.interval && !found.retries && !found.startPeriod && !found.timeout;
  return isEmpty ? null : found;
}

function whole(object: JsonObject, name: string): number {
  const value = member(object, name, what) ?? 0;
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  throw unreadable(name);
}

/** As engines clean it: "" and "/app//" are "/" and "/app". */
function directory(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

function unreadable(name: string): DaoChainError {
  return failure("IMAGE_CONFIG_INVALID", { name });
}
