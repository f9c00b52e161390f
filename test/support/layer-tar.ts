import { createHash } from "node:crypto";

/** Bytes as they are; a string stands for its UTF-8. */
export type Raw = string | Uint8Array;

/** How an entry's name, link and numbers are written where the header's own fields are too small or the wrong shape for them. */
export type Dialect = "v7" | "ustar" | "pax" | "gnu";

/** One entry of a layer, written exactly as it is said here: nothing is corrected. */
export interface LayerEntry {
  readonly name: Raw;
  /** the type flag, one character; "\0" for v7's regular files. Default: "5" for a name that ends in a slash, else "0" */
  readonly type?: string;
  readonly mode?: number | bigint;
  readonly uid?: number | bigint;
  readonly gid?: number | bigint;
  /** seconds since 1970; 0 unless told */
  readonly mtime?: number | bigint;
  readonly linkname?: Raw;
  readonly devmajor?: number | bigint;
  readonly devminor?: number | bigint;
  readonly content?: Raw;
  /** the size that the header claims, in bytes; the content's unless told */
  readonly size?: number | bigint;
  /** "ustar" unless told, "pax" for what that cannot hold */
  readonly dialect?: Dialect;
  /** further PAX records, before this entry */
  readonly pax?: Readonly<Record<string, Raw>>;
  /** PAX records of a global header (type g), before this entry */
  readonly globals?: Readonly<Record<string, Raw>>;
  /** GNU's old sparse map (type S): the data's pieces, each [offset, length], and the file's whole size */
  readonly sparse?: { readonly pieces: readonly (readonly [number, number])[]; readonly size: number };
}

const BLOCK = 512;
const zeros = Buffer.alloc(BLOCK);

/** A layer's tar, with its two blocks of zeros at the end. */
export function layerTar(entries: readonly LayerEntry[]): Buffer {
  return Buffer.concat([...entries.flatMap(writeEntry), zeros, zeros]);
}

export function raw(value: Raw): Buffer {
  return typeof value === "string" ? Buffer.from(value) : Buffer.from(value);
}

function writeEntry(entry: LayerEntry): Buffer[] {
  const name = raw(entry.name);
  const link = raw(entry.linkname ?? "");
  const content = raw(entry.content ?? "");
  const type = entry.type ?? (name.at(-1) === 0x2f ? "5" : "0");
  const size = entry.size ?? content.length;
  const records: [string, Raw][] = Object.entries(entry.pax ?? {});
  const numbers = { size, uid: entry.uid ?? 0, gid: entry.gid ?? 0 };
  const dialect = entry.dialect ?? dialectFor(name, link, numbers);
  const blocks: Buffer[] = [];
  if (entry.globals !== undefined) blocks.push(...extension("g", "pax_global_header", entry.globals));

  const fields = { name, prefix: Buffer.alloc(0), link };
  if (dialect === "pax") {
    if (!fits(name, 100)) records.push(["path", name]);
    if (!fits(link, 100)) records.push(["linkpath", link]);
    for (const [key, value] of Object.entries(numbers)) {
      if (!isOctal(value, key === "size" ? 11 : 7)) records.push([key, `${value}`]);
    }
  } else if (dialect === "gnu") {
    if (name.length > 100)
      blocks.push(...extra("L", "././@LongLink", Buffer.concat([name, zeros.subarray(0, 1)])));
    if (link.length > 100)
      blocks.push(...extra("K", "././@LongLink", Buffer.concat([link, zeros.subarray(0, 1)])));
  } else if (dialect === "ustar" && name.length > 100) {
    Object.assign(fields, splitName(name));
  }
  if (records.length > 0) blocks.push(...extension("x", "PaxHeaders/entry", Object.fromEntries(records)));
  blocks.push(
    header({ ...entry, ...fields, ...numbers, type, dialect }),
    ...sparseTail(entry),
    ...padded(content),
  );
  return blocks;
}

function dialectFor(name: Buffer, link: Buffer, numbers: Record<string, number | bigint>): Dialect {
  const small = fits(name, 100) && fits(link, 100);
  const { size = 0, uid = 0, gid = 0 } = numbers;
  return small && isOctal(size, 11) && isOctal(uid, 7) && isOctal(gid, 7) ? "ustar" : "pax";
}

function fits(value: Buffer, width: number): boolean {
  return value.length <= width && value.every((byte) => byte < 0x80);
}

function isOctal(value: number | bigint, digits: number): boolean {
  return value >= 0 && BigInt(value) < 8n ** BigInt(digits);
}

/** The name at a slash, so that both parts fit their fields. */
function splitName(name: Buffer): { name: Buffer; prefix: Buffer } {
  const at = name.indexOf(0x2f, name.length - 101);
  if (at < 1 || at > 155) throw new RangeError("The name fits no ustar header.");
  return { name: name.subarray(at + 1), prefix: name.subarray(0, at) };
}

interface Fields extends Omit<LayerEntry, "name"> {
  readonly name: Buffer;
  readonly prefix: Buffer;
  readonly link: Buffer;
  readonly type: string;
  readonly dialect: Dialect;
}

function header(fields: Fields): Buffer {
  const block = Buffer.alloc(BLOCK);
  const { dialect } = fields;
  const number = (value: number | bigint, at: number, width: number) =>
    writeNumber(block, value, at, width, dialect);
  block.set(fields.name.subarray(0, 100), 0);
  number(fields.mode ?? (fields.type === "5" ? 0o755 : 0o644), 100, 8);
  number(fields.uid ?? 0, 108, 8);
  number(fields.gid ?? 0, 116, 8);
  number(fields.size ?? 0, 124, 12);
  number(fields.mtime ?? 0, 136, 12);
  block.write(fields.type, 156, "latin1");
  block.set(fields.link.subarray(0, 100), 157);
  if (dialect !== "v7") {
    block.write(dialect === "gnu" ? "ustar  \0" : "ustar\x0000", 257, "latin1");
    if (fields.devmajor !== undefined) number(fields.devmajor, 329, 8);
    if (fields.devminor !== undefined) number(fields.devminor, 337, 8);
    block.set(fields.prefix, 345);
  }
  if (fields.sparse !== undefined) {
    writePieces(block, fields.sparse.pieces.slice(0, 4), 386);
    block[482] = fields.sparse.pieces.length > 4 ? 1 : 0;
    writeNumber(block, fields.sparse.size, 483, 12, "gnu");
  }
  block.fill(0x20, 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return block;
}

/** Octal; in GNU's dialect base-256 for what is too large or negative. PAX has such a number in its records. */
function writeNumber(
  block: Buffer,
  value: number | bigint,
  at: number,
  width: number,
  dialect: Dialect,
): void {
  if (isOctal(value, width - 1)) {
    block.write(`${value.toString(8).padStart(width - 1, "0")}\0`, at, "latin1");
  } else if (dialect === "gnu") {
    let rest = BigInt.asUintN(width * 8, BigInt(value));
    for (let index = at + width - 1; index >= at; index--) {
      block[index] = Number(rest & 0xffn);
      rest >>= 8n;
    }
    block[at] = (block[at] ?? 0) | 0x80;
  } else if (dialect !== "pax") {
    throw new RangeError(`${value} fits no ${dialect} header.`);
  } else {
    block.write(`${"0".repeat(width - 1)}\0`, at, "latin1");
  }
}

function writePieces(block: Buffer, pieces: readonly (readonly [number, number])[], at: number): void {
  for (const [index, [offset, length]] of pieces.entries()) {
    writeNumber(block, offset, at + index * 24, 12, "gnu");
    writeNumber(block, length, at + index * 24 + 12, 12, "gnu");
  }
}

/** The blocks of an old sparse map that is longer than its header holds. */
function sparseTail({ sparse }: LayerEntry): Buffer[] {
  const blocks: Buffer[] = [];
  const pieces = sparse?.pieces ?? [];
  for (let at = 4; at < pieces.length; at += 21) {
    const block = Buffer.alloc(BLOCK);
    writePieces(block, pieces.slice(at, at + 21), 0);
    block[504] = pieces.length > at + 21 ? 1 : 0;
    blocks.push(block);
  }
  return blocks;
}

function extension(type: string, name: string, records: Readonly<Record<string, Raw>>): Buffer[] {
  return extra(
    type,
    name,
    Buffer.concat(Object.entries(records).map(([key, value]) => paxRecord(key, value))),
  );
}

function extra(type: string, name: string, content: Buffer): Buffer[] {
  const nothing = Buffer.alloc(0);
  const fields = { name: raw(name), prefix: nothing, link: nothing, type, size: content.length };
  return [header({ ...fields, dialect: type === "x" || type === "g" ? "ustar" : "gnu" }), ...padded(content)];
}

/** `LENGTH KEY=VALUE\n`, where the length counts its own digits. */
export function paxRecord(key: string, value: Raw): Buffer {
  const rest = Buffer.concat([raw(` ${key}=`), raw(value), raw("\n")]);
  let length = rest.length + 1;
  while (`${length}`.length + rest.length !== length) length = `${length}`.length + rest.length;
  return Buffer.concat([raw(`${length}`), rest]);
}

function padded(content: Buffer): Buffer[] {
  const rest = content.length % BLOCK;
  return rest === 0 ? [content] : [content, zeros.subarray(rest)];
}

/** An image for an engine to load: layers as they are, and its config. */
export interface LayerStack {
  readonly layers: readonly Uint8Array[];
  /** the config's fields beside rootfs, os and architecture, which are there unless told */
  readonly config?: Readonly<Record<string, unknown>>;
  /** the config's bytes, in place of all that */
  readonly rawConfig?: Uint8Array;
}

export function stackConfig({ layers, config, rawConfig }: LayerStack): Buffer {
  if (rawConfig !== undefined) return Buffer.from(rawConfig);
  return Buffer.from(
    JSON.stringify({
      architecture: "amd64",
      os: "linux",
      created: "1970-01-01T00:00:00Z",
      config: { Cmd: ["/x"] },
      rootfs: { type: "layers", diff_ids: layers.map((layer) => `sha256:${hash(layer)}`) },
      history: layers.map(() => ({ created: "1970-01-01T00:00:00Z" })),
      ...config,
    }),
  );
}

/** An archive that `docker load` of each engine and store takes: an OCI layout with the old table beside it. */
export function loadableArchive(stack: LayerStack, tag: string): Buffer {
  const config = stackConfig(stack);
  const blobs = new Map([config, ...stack.layers].map((bytes) => [hash(bytes), bytes]));
  const blob = (mediaType: string, bytes: Uint8Array) => ({
    mediaType: `application/vnd.oci.image.${mediaType}`,
    digest: `sha256:${hash(bytes)}`,
    size: bytes.length,
  });
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      config: blob("config.v1+json", config),
      layers: stack.layers.map((layer) => blob("layer.v1.tar", layer)),
    }),
  );
  blobs.set(hash(manifest), manifest);
  const path = (bytes: Uint8Array) => `blobs/sha256/${hash(bytes)}`;
  const annotations = { "io.containerd.image.name": `docker.io/${tag}` };
  const index = { schemaVersion: 2, manifests: [{ ...blob("manifest.v1+json", manifest), annotations }] };
  const table = [{ Config: path(config), RepoTags: [tag], Layers: stack.layers.map(path) }];
  return layerTar([
    { name: "oci-layout", content: JSON.stringify({ imageLayoutVersion: "1.0.0" }) },
    { name: "index.json", content: JSON.stringify(index) },
    { name: "manifest.json", content: JSON.stringify(table) },
    { name: "blobs/" },
    { name: "blobs/sha256/" },
    ...[...blobs].map(([digest, content]) => ({ name: `blobs/sha256/${digest}`, content })),
  ]);
}

function hash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
