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
      const isLast = at === bytes.length;
      if (!isLast && take(512).some((byte) => byte !== 0)) throw new Doubt("one zero block in the middle");
      if (pax !== undefined || longName !== undefined || longLink !== undefined)
        throw new Doubt("nothing follows");
      return { entries, ended: !isLast };
    }
    checkSum(header);
    const flag = header.toString("latin1", 156, 157);
    if ("xgLK".includes(flag)) {
      const size = numberAt(header, 124, 12);
      if (size > 2 ** 20) throw new Doubt("more than 1 MiB about an entry");
      const data = takePadded(size);
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
    const sparseName = records.get("GNU.sparse.name");
    if ((records.has("path") || sparseName !== undefined) && longName !== undefined) {
      throw new Doubt("two ways to a name");
    }
    if (longName === "" || longLink === "") throw new Doubt("a name");
    if (records.has("linkpath") && longLink !== undefined) throw new Doubt("two ways to a link");

    const rawName = records.get("path") ?? longName ?? nameOfHeader(header);
    const type = flag === "\0" && rawName.endsWith("/") ? "d" : known;
    const isSparse = [...(pax ?? new Map()).keys()].some((key: string) => key.startsWith("GNU.sparse."));
    if (isSparse && type !== "f") throw new Doubt("a sparse file that is none");
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
      const isV7 = !/^ustar(\0| {2}\0)/.test(header.toString("latin1", 257, 265));
      const [major, minor] = isV7 ? [0, 0] : [numberAt(header, 329, 8), numberAt(header, 337, 8)];
      if (major >= 2 ** 12 || minor >= 2 ** 20) throw new Doubt("a device out of range");
      data = `${major}:${minor}`;
    }
    // It must be a number, used or not.
    numberAt(header, 124, 12);
    const uid = decimal(records.get("uid")) ?? numberAt(header, 108, 8);
    const gid = decimal(records.get("gid")) ?? numberAt(header, 116, 8);
    if (uid >= 2 ** 32 - 1 || gid >= 2 ** 32 - 1) throw new Doubt("an owner out of range");
    entries.push({
      type,
      path: pathOf(sparseName ?? rawName),
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
  const [text = ""] = field
    .toString("latin1")
    .replace(/^[ \0]+|[ \0]+$/g, "")
    .split("\0", 1);
  const digits = /^[0-7]*$/.exec(text)?.[0];
  if (digits === undefined) throw new Doubt("no number");
  const value = digits === "" ? 0 : Number.parseInt(digits, 8);
  if (value > Number.MAX_SAFE_INTEGER) throw new Doubt("a number out of range");
  return value;
}

function textOf(field: Buffer): string {
  return field.toString("latin1").split("\0", 1)[0] as string;
}

function nameOfHeader(header: Buffer): string {
  const name = textOf(header.subarray(0, 100));
  const magic = header.toString("latin1", 257, 265);
  if (magic === "ustar  \0" && header[345] !== 0) {
    numberAt(header, 345, 12);
    numberAt(header, 357, 12);
  }
  if (!magic.startsWith("ustar\0")) return name;
  const end = header.toString("latin1", 508) === "tar\0" ? 131 : 155;
  const prefix = textOf(header.subarray(345, 345 + end));
  return prefix === "" ? name : `${prefix}/${name}`;
}

function pathOf(raw: string): string {
  if (raw === "" || raw.length > 4095 || raw.includes("\0")) throw new Doubt("a name");
  const names = raw.split("/").filter((name) => name !== "" && name !== ".");
  if (names.some((name) => name === ".." || name.length > 255)) throw new Doubt("a name");
  return names.join("/");
}

function paxRecords(data: Buffer) {
  const records = new Map<string, string>();
  const sparse: [string, string][] = [];
  let offset: string | undefined;
  let rest = data.toString("latin1");
  while (rest !== "") {
    const length = /^([0-9]{1,16}) /.exec(rest)?.[1];
    if (length === undefined || Number(length) > rest.length || Number(length) <= length.length) {
      throw new Doubt("a pax record");
    }
    const record = rest.slice(length.length + 1, Number(length));
    rest = rest.slice(Number(length));
    const [, key, value] = /^([^=]+)=([\s\S]*)\n$/.exec(record) ?? [];
    if (key === undefined || value === undefined) throw new Doubt("a pax record");
    const nul = key === "path" || key === "linkpath" ? value : key;
    if (nul.includes("\0")) throw new Doubt("a NUL");
    if (key === "GNU.sparse.offset" && offset === undefined) offset = value;
    else if (key === "GNU.sparse.numbytes" && offset !== undefined) {
      sparse.push([offset, value]);
      offset = undefined;
    } else if (/^GNU\.sparse\.(offset|numbytes)$/.test(key)) throw new Doubt("a sparse map");
    records.set(key, value);
  }
  if (offset !== undefined) throw new Doubt("a sparse map");
  return { records, sparse };
}

function decimal(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[0-9]+$/.test(text) || Number(text) > Number.MAX_SAFE_INTEGER) throw new Doubt("no number");
  return Number(text);
}

/** The content of a file with its holes filled. */
export function filled(
  stored: Buffer,
  records: ReadonlyMap<string, string>,
  pairs: [string, string][],
): Buffer {
  if (![...records.keys()].some((key) => key.startsWith("GNU.sparse."))) return stored;
  const [major, minor] = [records.get("GNU.sparse.major"), records.get("GNU.sparse.minor")];
  const version = major === undefined && minor === undefined ? "0.1" : `${major}.${minor}`;
  const sizes = [records.get("GNU.sparse.size"), records.get("GNU.sparse.realsize")];
  const [size = Number.NaN, other = size] = sizes.filter((one) => one !== undefined).map(decimal);
  if (Number.isNaN(size) || size !== other) throw new Doubt("a sparse file's size");
  let data = stored;
  let numbers: (number | undefined)[] = [];
  const map = records.get("GNU.sparse.map");
  if (version === "1.0") {
    if (map !== undefined || pairs.length > 0) throw new Doubt("two sparse maps");
    const lines = stored.toString("latin1").split("\n");
    const count = decimal(lines[0]) ?? 0;
    const used = lines.slice(0, 1 + 2 * count);
    if (lines.length <= 1 + 2 * count || used.some((text) => text === "")) throw new Doubt("a sparse map");
    numbers = used.slice(1).map(decimal);
    const head = Math.ceil((used.join("\n").length + 1) / 512) * 512;
    if (head > stored.length || head > 2 ** 20) throw new Doubt("a sparse map");
    data = stored.subarray(head);
  } else if (version === "0.0" || version === "0.1") {
    const texts = pairs.length > 0 ? pairs.flat() : (map ?? "").split(",");
    numbers = texts.map(decimal);
    if (decimal(records.get("GNU.sparse.numblocks")) !== numbers.length / 2) throw new Doubt("a sparse map");
  } else throw new Doubt("a sparse format");
  const parts: Buffer[] = [];
  let [from, to] = [0, 0];
  for (let at = 0; at < numbers.length; at += 2) {
    const [offset = 0, length = 0] = [numbers[at], numbers[at + 1]];
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
      const isKnown = bytes.length === { 2: 20, 3: 24 }[bytes[3] ?? 0];
      if (!isKnown || (bytes[0] ?? 2) > 1 || bytes[1] !== 0 || bytes[2] !== 0)
        throw new Doubt("a capability");
      bytes[3] = 2;
      found = bytes.toString("hex", 0, 20);
    } else if (!/^(user|security)\../s.test(name)) throw new Doubt(`attribute ${name}`);
  }
  return found;
}
