import { createHash } from "node:crypto";

/** What the specification calls a doubt. */
export class Doubt extends Error {}

/** Names are latin1, so that a string's order is its bytes' order. `h` is a hard link; its `link` is a path. */
export interface OracleEntry {
  readonly type: "f" | "h" | "l" | "c" | "b" | "d" | "p";
  readonly path: string;
  readonly link: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly data: string;
  readonly capability: string;
}

const types: Record<string, OracleEntry["type"]> = {
  "0": "f",
  "\0": "f",
  "1": "h",
  "2": "l",
  "3": "c",
  "4": "b",
  "5": "d",
  "6": "p",
};

/** A whole archive at once; `ended` says whether its two zero blocks were there. */
export function readArchive(bytes: Buffer): { entries: OracleEntry[]; ended: boolean } {
  const entries: OracleEntry[] = [];
  let at = 0;
  let pax: Map<string, string> | undefined;
  let sparse: [offset: string, length: string][] = [];
  let longName: string | undefined;
  let longLink: string | undefined;
  const take = (length: number) => {
    if (length > bytes.length - at) throw new Doubt("cut short");
    const data = bytes.subarray(at, at + length);
    at += length;
    return data;
  };
  const takePadded = (length: number) => {
    const data = take(length);
    take((512 - (length % 512)) % 512);
    return data;
  };

  while (at < bytes.length) {
    const header = take(512);
    if (header.every((byte) => byte === 0)) {
      if (at === bytes.length) throw new Doubt("one zero block");
      if (take(512).some((byte) => byte !== 0)) throw new Doubt("one zero block in the middle");
      if (pax !== undefined || longName !== undefined || longLink !== undefined)
        throw new Doubt("nothing follows");
      return { entries, ended: true };
    }
    checkSum(header);
    const flag = header.toString("latin1", 156, 157);
    if ("xgLK".includes(flag)) {
      const data = takePadded(numberAt(header, 124, 12));
      if (flag === "x") {
        if (pax !== undefined) throw new Doubt("two pax headers for one entry");
        ({ records: pax, sparse } = paxRecords(data));
      } else if (flag === "L") {
        if (longName !== undefined) throw new Doubt("two long names");
        longName = textOf(data);
      } else if (flag === "K") {
        if (longLink !== undefined) throw new Doubt("two long links");
        longLink = textOf(data);
      }
      continue;
    }
    const known = types[flag];
    if (known === undefined) throw new Doubt(`type ${flag}`);
    const records = new Map([...(pax ?? [])].filter(([, value]) => value !== ""));
    if (records.has("path") && longName !== undefined) throw new Doubt("two ways to a name");
    if (records.has("linkpath") && longLink !== undefined) throw new Doubt("two ways to a link");

    const rawName = records.get("GNU.sparse.name") ?? records.get("path") ?? longName ?? nameOfHeader(header);
    const type = flag === "\0" && rawName.endsWith("/") ? "d" : known;
    const rawLink = records.get("linkpath") ?? longLink ?? textOf(header.subarray(157, 257));
    const link = type === "h" ? pathOf(rawLink) : type === "l" ? rawLink : "";
    if (type === "l" && (link === "" || link.length > 4095)) throw new Doubt("a link's target");
    let data = "-";
    if (type === "f") {
      const stored = takePadded(decimal(records.get("size")) ?? numberAt(header, 124, 12));
      data = createHash("sha256")
        .update(filled(stored, pax ?? new Map(), sparse))
        .digest("hex");
    } else if (type === "c" || type === "b") {
      data = `${numberAt(header, 329, 8)}:${numberAt(header, 337, 8)}`;
    }
    const uid = decimal(records.get("uid")) ?? numberAt(header, 108, 8);
    const gid = decimal(records.get("gid")) ?? numberAt(header, 116, 8);
    if (uid >= 2 ** 32 - 1 || gid >= 2 ** 32 - 1) throw new Doubt("an owner out of range");
    entries.push({
      type,
      path: pathOf(rawName),
      link,
      mode: numberAt(header, 100, 8) % 0o10000,
      uid,
      gid,
      data,
      capability: capabilityOf(type, pax ?? new Map()),
    });
    pax = longName = longLink = undefined;
    sparse = [];
  }
  if (pax !== undefined || longName !== undefined || longLink !== undefined)
    throw new Doubt("nothing follows");
  return { entries, ended: false };
}

function checkSum(header: Buffer): void {
  const bytes = [...header].map((byte, at) => (at >= 148 && at < 156 ? 0x20 : byte));
  const unsigned = bytes.reduce((sum, byte) => sum + byte, 0);
  const signed = bytes.reduce((sum, byte) => sum + ((byte << 24) >> 24), 0);
  const stated = numberAt(header, 148, 8);
  if (stated !== unsigned && stated !== signed) throw new Doubt("a wrong checksum");
}

function numberAt(header: Buffer, offset: number, length: number): number {
  const field = header.subarray(offset, offset + length);
  const first = field[0] as number;
  if (first >= 0x80) {
    if ((first & 0x40) !== 0) throw new Doubt("a negative number");
    const value = BigInt(`0x${field.toString("hex")}`) - (0x80n << BigInt(8 * (length - 1)));
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new Doubt("a number out of range");
    return Number(value);
  }
  const digits = /^[ \0]*([0-7]*)[ \0]*$/.exec(field.toString("latin1"))?.[1];
  if (digits === undefined) throw new Doubt("no number");
  return digits === "" ? 0 : Number.parseInt(digits, 8);
}

function textOf(field: Buffer): string {
  return field.toString("latin1").split("\0", 1)[0] as string;
}

function nameOfHeader(header: Buffer): string {
  const name = textOf(header.subarray(0, 100));
  if (header.toString("latin1", 257, 263) !== "ustar\0") return name;
  const prefix = textOf(header.subarray(345, 500));
  return prefix === "" ? name : `${prefix}/${name}`;
}

function pathOf(raw: string): string {
  if (raw === "" || raw.includes("\0")) throw new Doubt("a name");
  const names = raw.split("/").filter((name) => name !== "" && name !== ".");
  if (names.some((name) => name === ".." || name.length > 255)) throw new Doubt("a name");
  const path = names.join("/");
  if (path.length > 4095) throw new Doubt("a path too long");
  return path;
}

function paxRecords(data: Buffer) {
  const records = new Map<string, string>();
  const sparse: [string, string][] = [];
  let offset: string | undefined;
  let rest = data.toString("latin1");
  while (rest !== "") {
    const length = /^([1-9][0-9]*) /.exec(rest)?.[1];
    if (length === undefined || Number(length) > rest.length) throw new Doubt("a pax record");
    const record = rest.slice(length.length + 1, Number(length));
    rest = rest.slice(Number(length));
    const [, key, value] = /^([^=]+)=([\s\S]*)\n$/.exec(record) ?? [];
    if (key === undefined || value === undefined) throw new Doubt("a pax record");
    if (["path", "linkpath", "GNU.sparse.name"].includes(key) && value.includes("\0"))
      throw new Doubt("a name");
    if (key === "GNU.sparse.offset") offset = value;
    if (key === "GNU.sparse.numbytes") {
      if (offset === undefined) throw new Doubt("a sparse map");
      sparse.push([offset, value]);
      offset = undefined;
    }
    records.set(key, value);
  }
  return { records, sparse };
}

function decimal(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[0-9]+$/.test(text) || Number(text) > Number.MAX_SAFE_INTEGER) throw new Doubt("no number");
  return Number(text);
}

/** The content of a file with its holes filled. */
function filled(stored: Buffer, records: ReadonlyMap<string, string>, pairs: [string, string][]): Buffer {
  const whole = records.get("GNU.sparse.major") === "1" && records.get("GNU.sparse.minor") === "0";
  const map = records.get("GNU.sparse.map");
  if (!whole && map === undefined && !records.has("GNU.sparse.size")) return stored;
  const numbers: number[] = [];
  let data = stored;
  let size: number | undefined;
  if (whole) {
    let at = 0;
    const next = () => {
      const end = stored.indexOf("\n", at);
      if (end < 0) throw new Doubt("a sparse map");
      const value = decimal(stored.toString("latin1", at, end)) as number;
      at = end + 1;
      return value;
    };
    for (let left = next() * 2; left > 0; left--) numbers.push(next());
    data = stored.subarray(Math.ceil(at / 512) * 512);
    size = decimal(records.get("GNU.sparse.realsize"));
  } else {
    const texts = map === undefined ? pairs.flat() : map === "" ? [] : map.split(",");
    numbers.push(...texts.map((text) => decimal(text) as number));
    if (decimal(records.get("GNU.sparse.numblocks")) !== numbers.length / 2) throw new Doubt("a sparse map");
    size = decimal(records.get("GNU.sparse.size"));
  }
  if (size === undefined || numbers.length % 2 !== 0) throw new Doubt("a sparse map");
  const parts: Buffer[] = [];
  let [from, to] = [0, 0];
  for (let at = 0; at < numbers.length; at += 2) {
    const [offset, length] = [numbers[at] as number, numbers[at + 1] as number];
    if (offset < to || offset + length > size || from + length > data.length) throw new Doubt("a sparse map");
    parts.push(Buffer.alloc(offset - to), data.subarray(from, from + length));
    from += length;
    to = offset + length;
  }
  if (from !== data.length) throw new Doubt("a sparse map");
  return Buffer.concat([...parts, Buffer.alloc(size - to)]);
}

function capabilityOf(type: OracleEntry["type"], records: ReadonlyMap<string, string>): string {
  let found = "-";
  for (const [key, value] of records) {
    if (!key.startsWith("SCHILY.xattr.")) continue;
    const name = key.slice("SCHILY.xattr.".length);
    if (type === "l") throw new Doubt("an attribute of a symbolic link");
    if (name === "security.capability") {
      if (type !== "f" && type !== "h") throw new Doubt("capability of no file");
      const bytes = Buffer.from(value, "latin1");
      if (bytes[3] === 3) {
        bytes[3] = 2;
        found = bytes.toString("hex", 0, 20);
      } else found = bytes.toString("hex");
    } else if (!/^(user|security)\./.test(name)) throw new Doubt(`attribute ${name}`);
  }
  return found;
}
