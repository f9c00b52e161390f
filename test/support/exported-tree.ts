import { createHash } from "node:crypto";
import { request } from "node:http";
import { type LayerStack, loadableArchive } from "./layer-tar.ts";

/** What stands at one path of an exported root filesystem, as one line for each of its facts that matter. */
export interface ExportedEntry {
  /** bytes as latin1 characters, without a slash at either end */
  readonly path: string;
  readonly type: string;
  readonly mode: number;
  readonly uid: bigint;
  readonly gid: bigint;
  readonly link: string;
  readonly device: string;
  /** PAX records other than times, path, link and numbers, by name */
  readonly records: Readonly<Record<string, string>>;
  readonly size: number;
  readonly sha256: string;
}

/** Reads an engine's export: ustar with PAX, and GNU's base-256 numbers. Order is the archive's. */
export function readExport(archive: Buffer): ExportedEntry[] {
  const entries: ExportedEntry[] = [];
  let records: Record<string, string> = {};
  for (let at = 0; ; ) {
    const block = archive.subarray(at, at + 512);
    if (block.length < 512) throw new Error("The export ends too early.");
    if (block.every((byte) => byte === 0)) return entries;
    const type = String.fromCharCode(block[156] ?? 0);
    const size = Number(records["size"] ?? readNumber(block, 124, 12));
    const content = archive.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
    if (type === "x") {
      records = readRecords(content);
      continue;
    }
    const prefix = text(block, 345, 155);
    const name = records["path"] ?? (prefix === "" ? "" : `${prefix}/`) + text(block, 0, 100);
    const hard = type === "1";
    const link = records["linkpath"] ?? text(block, 157, 100);
    const isDevice = type === "3" || type === "4";
    const known = /^(path|linkpath|size|uid|gid|uname|gname|[amc]time)$/;
    entries.push({
      path: name.replace(/\/+$/, ""),
      type,
      mode: Number(readNumber(block, 100, 8)),
      uid: BigInt(records["uid"] ?? readNumber(block, 108, 8)),
      gid: BigInt(records["gid"] ?? readNumber(block, 116, 8)),
      link: hard ? link.replace(/^\//, "") : link,
      device: isDevice ? `${readNumber(block, 329, 8)}:${readNumber(block, 337, 8)}` : "",
      records: Object.fromEntries(Object.entries(records).filter(([key]) => !known.test(key))),
      size,
      sha256: type === "0" ? createHash("sha256").update(content).digest("hex") : "",
    });
    records = {};
  }
}

function text(block: Buffer, at: number, width: number): string {
  const field = block.toString("latin1", at, at + width);
  const end = field.indexOf("\0");
  return end < 0 ? field : field.slice(0, end);
}

function readNumber(block: Buffer, at: number, width: number): bigint {
  if (((block[at] ?? 0) & 0x80) === 0) {
    const digits = text(block, at, width).trim();
    return digits === "" ? 0n : BigInt(`0o${digits}`);
  }
  let value = BigInt((block[at] ?? 0) & 0x7f);
  for (const byte of block.subarray(at + 1, at + width)) value = (value << 8n) | BigInt(byte);
  return value;
}

function readRecords(content: Buffer): Record<string, string> {
  const records: Record<string, string> = {};
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(0x20, at);
    const length = Number(content.toString("latin1", at, space));
    const record = content.toString("latin1", space + 1, at + length - 1);
    const equals = record.indexOf("=");
    records[record.slice(0, equals)] = record.slice(equals + 1);
    at += length;
  }
  return records;
}

/** An engine's API, spoken as plainly as can be: tests look at its raw answers. */
export class EngineApi {
  readonly #where: { socketPath: string } | { host: string; port: string };

  /** @param host as DOCKER_HOST, unix:// or tcp:// */
  constructor(host: string) {
    const { hostname, port } = new URL(host);
    this.#where = host.startsWith("unix://") ? { socketPath: host.slice(7) } : { host: hostname, port };
  }

  call(method: string, path: string, body?: Buffer | object): Promise<{ status: number; body: Buffer }> {
    const isTar = Buffer.isBuffer(body);
    return new Promise((resolve, reject) => {
      const headers = { "content-type": isTar ? "application/x-tar" : "application/json" };
      const call = request({ ...this.#where, method, path, headers }, (answer) => {
        const pieces: Buffer[] = [];
        answer.on("data", (piece: Buffer) => pieces.push(piece));
        answer.once("error", reject);
        answer.once("end", () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(pieces) }));
      });
      call.once("error", reject);
      call.end(body === undefined ? undefined : isTar ? body : JSON.stringify(body));
    });
  }

  async #must(method: string, path: string, body?: Buffer | object): Promise<Buffer> {
    const answer = await this.call(method, path, body);
    const text = answer.body.length < 10_000 ? answer.body.toString() : "";
    if (answer.status >= 400) throw new EngineRefusal(text.trim());
    return answer.body;
  }

  /** Loads an image under a tag; an engine that refuses it says so inside of a 200. */
  async load(stack: LayerStack, tag: string): Promise<void> {
    const answer = (await this.#must("POST", "/images/load?quiet=1", loadableArchive(stack, tag))).toString();
    if (answer.includes('"error"')) throw new EngineRefusal(answer.trim());
  }

  async inspect(tag: string): Promise<unknown> {
    return JSON.parse((await this.#must("GET", `/images/${tag}/json`)).toString());
  }

  async remove(tag: string): Promise<void> {
    await this.call("DELETE", `/images/${tag}?force=1`);
  }

  /** The root filesystem of a container that is never started. */
  async export(tag: string, settings: object = {}): Promise<Buffer> {
    const made = await this.#must("POST", "/containers/create", {
      Image: tag,
      Entrypoint: ["/x"],
      ...settings,
    });
    const { Id: id } = JSON.parse(made.toString());
    try {
      return await this.#must("GET", `/containers/${id}/export`);
    } finally {
      await this.call("DELETE", `/containers/${id}?force=1&v=1`);
    }
  }

  /** Loads, exports, removes. */
  async flatten(stack: LayerStack, tag: string, settings: object = {}): Promise<ExportedEntry[]> {
    await this.load(stack, tag);
    try {
      return readExport(await this.export(tag, settings));
    } finally {
      await this.remove(tag);
    }
  }
}

/** What an engine said when it refused an image or a container. */
export class EngineRefusal extends Error {
  override name = "EngineRefusal";
}
