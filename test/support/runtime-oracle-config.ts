import { posix } from "node:path";

/** A config that the specification calls unreadable. */
export class Unreadable extends Error {}

type Members = Readonly<Record<string, unknown>>;

/** The member `config` of an image's config, and its layers' digests. */
export function imageConfig(bytes: Buffer): { configuration: unknown; diffIds: readonly unknown[] } {
  let text: string;
  let config: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    config = JSON.parse(text);
  } catch {
    throw new Unreadable("no JSON");
  }
  refuseTwice(text);
  const { os, rootfs, config: configuration } = unambiguous(config, ["os", "rootfs", "config"]);
  if (os !== "linux") throw new Unreadable("not for Linux");
  const diffIds = unambiguous(rootfs, ["diff_ids"])["diff_ids"];
  if (!Array.isArray(diffIds)) throw new Unreadable("no diff_ids");
  return { configuration, diffIds };
}

/** The configuration in its one form. */
export function configurationLine(configuration: unknown): string {
  const from = unambiguous(configuration ?? {}, [
    ...["Cmd", "Entrypoint", "Env", "ExposedPorts", "Healthcheck"],
    ...["Labels", "StopSignal", "User", "Volumes", "WorkingDir"],
  ]);
  const check = from["Healthcheck"];
  return `{${[
    ["cmd", texts(from["Cmd"])],
    ["entrypoint", texts(from["Entrypoint"])],
    ["env", texts(from["Env"])],
    ["exposedPorts", list(names(from["ExposedPorts"]).map(text))],
    [
      "healthcheck",
      check == null
        ? "null"
        : healthcheck(unambiguous(check, ["Interval", "Retries", "StartPeriod", "Test", "Timeout"])),
    ],
    ["labels", labels(from["Labels"])],
    ["stopSignal", text(from["StopSignal"] ?? "")],
    ["user", text(from["User"] ?? "")],
    ["volumes", list(names(from["Volumes"]).map(text))],
    ["workingDir", directory(from["WorkingDir"] ?? "")],
  ]
    .map(([name, value]) => `"${name}":${value}`)
    .join(",")}}`;
}

function healthcheck(from: Members): string {
  const values = {
    interval: whole(from["Interval"]),
    retries: whole(from["Retries"]),
    startPeriod: whole(from["StartPeriod"]),
    test: texts(from["Test"]),
    timeout: whole(from["Timeout"]),
  };
  if (Object.values(values).every((value) => value === "0" || value === "[]")) return "null";
  return `{${Object.entries(values)
    .map(([name, value]) => `"${name}":${value}`)
    .join(",")}}`;
}

function labels(from: unknown): string {
  const members = new Map(
    Object.entries(from ?? {}).map(([name, value]) => [name.toWellFormed(), text(value ?? "")]),
  );
  return list(names(from).map((name) => list([text(name), members.get(name) ?? ""])));
}

function directory(from: unknown): string {
  if (typeof from !== "string") throw new Unreadable("WorkingDir");
  const path = posix.normalize(`/${from}`);
  return text(path === "/" ? path : path.replace(/\/$/, ""));
}

function names(from: unknown): string[] {
  const all = Object.keys(unambiguous(from ?? {}, [])).map((name) => name.toWellFormed());
  if (new Set(all).size !== all.length) throw new Unreadable("a name twice");
  return all.sort();
}

function texts(from: unknown): string {
  if (from != null && !Array.isArray(from)) throw new Unreadable("not a list");
  if (from != null && from.length > 10_000) throw new Unreadable("a long list");
  return list((from ?? []).map(text));
}

function list(values: readonly string[]): string {
  return `[${values.join(",")}]`;
}

function text(from: unknown): string {
  if (typeof from !== "string") throw new Unreadable("not a string");
  return JSON.stringify(from.toWellFormed());
}

function whole(from: unknown): string {
  if (from != null && !Number.isSafeInteger(from)) throw new Unreadable("not a whole number");
  return String(from ?? 0);
}

/** An object in which no name is one of these in other letters. */
function unambiguous(from: unknown, asked: readonly string[]): Members {
  if (typeof from !== "object" || from === null || Array.isArray(from)) throw new Unreadable("not an object");
  const folded = new Set(asked.map(fold));
  for (const name of Object.keys(from)) {
    if (folded.has(fold(name)) && !asked.includes(name)) throw new Unreadable(`${name} in other letters`);
  }
  return from as Members;
}

function fold(name: string): string {
  return name
    .replace(/\u017f/g, "s")
    .replace(/\u212a/g, "k")
    .toLowerCase();
}

/** Throws where an object of a JSON text, which is known to be valid, has a name twice. */
export function refuseTwice(json: string): void {
  const open: Set<string>[] = [];
  for (const [token, name] of json.matchAll(/("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[{}]/g)) {
    if (token === "{") open.push(new Set());
    else if (token === "}") open.pop();
    else if (name !== undefined) {
      const read = JSON.parse(name) as string;
      if (open.at(-1)?.has(read)) throw new Unreadable("a name twice");
      open.at(-1)?.add(read);
    }
  }
}
