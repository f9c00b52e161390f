import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { Budget } from "../../../src/image/blob.ts";
import { TarError } from "../../../src/image/tar/error.ts";
import { type TarEntry, TarParser, type TarVisitor } from "../../../src/image/tar/parser.ts";
import { parsePax } from "../../../src/image/tar/pax.ts";
import { SparseMap } from "../../../src/image/tar/sparse.ts";
import { readTar } from "../../../src/image/tar/tar.ts";
import { legacyArchive, makeImage, ociLayout, sha256, tar } from "../images.ts";
import { randomWorld, sideBySide } from "../layer-stacks.ts";
import { type LayerEntry, layerTar, paxRecord, stackConfig } from "../layer-tar.ts";
import { oracleRuntime } from "../runtime-oracle.ts";
import { filled } from "../runtime-oracle-tar.ts";
import { comparable, productRuntime } from "../runtime-product.ts";
import { mutateBytes, mutateTar } from "./mutations.ts";
import type { Random } from "./random.ts";
import { type FuzzTarget, target, Violation } from "./target.ts";

/** Zeros that an input may stand for: what the product's own limit takes would take each of a million inputs seconds. */
const HOLES = 1024 * 1024;

function smallBudget(): Budget {
  const budget = new Budget();
  budget.spendHoles(8 * 2 ** 30 - HOLES);
  return budget;
}

const sparseRecords = (records: Readonly<Record<string, string>>): NonNullable<LayerEntry["pax"]> =>
  Object.fromEntries(Object.entries(records).map(([key, value]) => [`GNU.sparse.${key}`, value]));

const special: readonly LayerEntry[][] = [
  [{ name: "s", content: "abcd", pax: sparseRecords({ size: "2000", numblocks: "2", map: "5,3,1000,1" }) }],
  [
    {
      name: "GNUSparseFile.1/s",
      content: `2\n0\n1\n600\n2\n`.padEnd(512, "\0").concat("abc"),
      pax: sparseRecords({ major: "1", minor: "0", name: "s", realsize: "700" }),
    },
  ],
  [
    {
      name: "f",
      content: "x",
      pax: { "SCHILY.xattr.security.capability": Buffer.from(`01000002${"00".repeat(16)}`, "hex") },
    },
  ],
  [
    { name: `${"long/".repeat(40)}f`, dialect: "gnu", uid: 3_000_000 },
    { name: "l", type: "2", linkname: "x".repeat(300) },
  ],
  [{ name: "a/" }, { name: "a/f", content: "y".repeat(1500) }, { name: "h", type: "1", linkname: "a/f" }],
];
const stacks = Array.from({ length: 60 }, (_, seed) => sideBySide([randomWorld(seed, "w")]).map(layerTar));
const layers = [...stacks.flat(), ...special.map(layerTar)];

class Sizes implements TarVisitor {
  readonly seen: string[] = [];
  #left = 0;

  entry(entry: TarEntry): void {
    if (this.#left !== 0) throw new Violation("A file has another size than its content.");
    if (entry.holes > HOLES) throw new TarError("it has too many holes", { isLimit: true });
    const { xattrs, ...rest } = entry;
    this.seen.push(JSON.stringify([rest, [...xattrs]]));
    this.#left = entry.size;
  }

  content(bytes: Uint8Array): undefined {
    this.#left -= bytes.length;
    if (this.#left < 0 || bytes.length === 0) throw new Violation("A file has more content than its size.");
  }

  end(): undefined {
    if (this.#left !== 0) throw new Violation("A file has less content than its size.");
  }
}

/** What a parser sees, in pieces that end at random. */
function outcome(
  input: Buffer,
  random: Random | undefined,
): { seen: readonly string[]; error: string | undefined } {
  const visitor = new Sizes();
  const parser = new TarParser(visitor, { entries: 1000 });
  try {
    for (let at = 0; at < input.length; ) {
      const end = random === undefined ? input.length : at + 1 + random.below(1200);
      if (parser.write(input.subarray(at, end)) !== undefined)
        throw new Violation("The parser waits for nobody.");
      at = end;
    }
    parser.end();
    return { seen: visitor.seen, error: undefined };
  } catch (error) {
    if (!(error instanceof TarError)) throw error;
    return { seen: visitor.seen, error: error.message };
  }
}

const tarParser = target({
  name: "tar parser",
  make: (random) => mutateTar(random.pick(layers), random, layers),
  run(input, random) {
    const whole = outcome(input, undefined);
    const pieces = outcome(input, random);
    if (JSON.stringify(whole) !== JSON.stringify(pieces))
      throw new Violation("Pieces read otherwise than the whole.");
    return whole.error === undefined;
  },
});

const image = await makeImage({ contents: ["first", "second", "third"] });
const archives = await Promise.all([
  tar(legacyArchive(image)),
  tar(ociLayout(image)),
  tar(
    new Map<string, Uint8Array | string>([
      ["a/b", Buffer.from("x")],
      ["l", "a/b"],
      ["m", "l"],
    ]),
  ),
]).then((made) => made.map((bytes) => Buffer.from(bytes)));
const known = [image.config, ...image.layers].map((bytes) => ({
  bytes: Buffer.from(bytes),
  digest: sha256(bytes),
}));
const names = [...new Set([...legacyArchive(image).keys(), ...ociLayout(image).keys(), "l", "m", "a/b"])];

const archiveReader = target({
  name: "archive reader",
  make: (random) => mutateTar(random.pick(archives), random, archives),
  async run(input, random) {
    const step = 1 + random.below(4000);
    const pieces = Array.from({ length: Math.ceil(input.length / step) }, (_, at) =>
      input.subarray(at * step, (at + 1) * step),
    );
    const contents = await readTar(Readable.from(pieces), {
      budget: smallBudget(),
      blobs: { content: true, tree: false },
      onBytes: () => {},
    });
    for (const name of names) {
      const found = await contents.read(name);
      const original = known.find(({ digest }) => digest === found?.digest);
      if (original !== undefined && !input.includes(original.bytes))
        throw new Violation(`The archive has no bytes of ${original.digest}.`);
    }
    return contents.damage === undefined;
  },
});

/** Differs from what the second implementation says, where that is quick enough to ask. */
const layerFlattening = target({
  name: "layers and their tree",
  make(random) {
    const stack = random.chance(0.2) ? [layerTar(random.pick(special))] : random.pick(stacks);
    const at = random.below(stack.length);
    return stack.map((layer, index) => (index === at ? mutateTar(layer, random, layers) : layer));
  },
  async run(stack, random) {
    const config = stackConfig({ layers: stack });
    const blobs = random.chance(0.05) ? stack.map((layer) => gzipSync(layer)) : stack;
    const product = await productRuntime(config, blobs, smallBudget());
    const isAccepted = "digest" in product;
    // A refusal may be the product's own limit; an answer must be the specification's.
    if (isAccepted || random.chance(0.02)) {
      const oracle = oracleRuntime(config, stack);
      const isLimit =
        "doubt" in product &&
        /^(?:IMAGE_LIMIT_EXCEEDED|JSON_TOO_LARGE|JSON_LIST_TOO_LONG)/.test(product.doubt);
      if (!isLimit && comparable(product) !== comparable(oracle))
        throw new Violation(`${JSON.stringify(product)} and ${JSON.stringify(oracle)}`);
    }
    return isAccepted;
  },
});

const paxSamples = [
  { path: "a/b", uid: "3000000", size: "12" },
  { "SCHILY.xattr.user.x": "1", mtime: "1.5", comment: "a=b\n" },
  { "GNU.sparse.offset": "1", "GNU.sparse.numbytes": "2" },
].map((records) => Buffer.concat(Object.entries(records).map(([key, value]) => paxRecord(key, value))));

const pax = target({
  name: "pax records",
  make: (random) => mutateBytes(random.pick(paxSamples), random, paxSamples),
  run(input) {
    const records = parsePax(input.toString("latin1"));
    const again = [...records].map(([key, value]) =>
      paxRecord(key, Buffer.from(value, "latin1")).toString("latin1"),
    );
    // The key is bytes as well, which the writer takes for characters: of ASCII they are the same.
    if ([...records.keys()].every((key) => /^[\x01-\x7f]*$/.test(key))) {
      const parsed = parsePax(again.join(""));
      if (JSON.stringify([...parsed]) !== JSON.stringify([...records]))
        throw new Violation("Written again it reads otherwise.");
    }
    return true;
  },
});

interface SparseInput {
  readonly records: Buffer;
  readonly data: Buffer;
}

const sparseSamples: readonly SparseInput[] = special.slice(0, 2).map(([entry]) => ({
  records: Buffer.concat(Object.entries(entry?.pax ?? {}).map(([key, value]) => paxRecord(key, value))),
  data: Buffer.from(entry?.content ?? ""),
}));

const sparse = target<SparseInput>({
  name: "sparse files",
  make(random) {
    const { records, data } = random.pick(sparseSamples);
    const digits = (bytes: Buffer) => {
      const copy = Buffer.from(bytes);
      // Digits in the place of digits keep records records.
      const places = [...copy.keys()].filter((at) => /[0-9]/.test(String.fromCharCode(copy[at] ?? 0)));
      for (let left = random.below(3); left > 0; left--) copy[random.pick(places)] = 0x30 + random.below(10);
      return copy;
    };
    const isWild = random.chance(0.3);
    return {
      records: isWild ? mutateBytes(records, random, [records]) : digits(records),
      data: random.chance(0.3) ? mutateBytes(data, random, [data]) : random.chance(0.5) ? digits(data) : data,
    };
  },
  run({ records, data }, random) {
    const parsed = parsePax(records.toString("latin1"));
    const map = SparseMap.of(parsed, data.length);
    if (map === undefined || map.size > HOLES) return false;
    const pieces: Buffer[] = [];
    for (let at = 0; at < data.length; ) {
      const end = at + 1 + random.below(700);
      for (const piece of map.expand(data.subarray(at, end))) pieces.push(Buffer.from(piece));
      at = end;
    }
    for (const piece of map.rest()) pieces.push(Buffer.from(piece));
    const content = Buffer.concat(pieces);
    if (content.length !== map.size) throw new Violation("A sparse file has another size than its content.");
    if (!content.equals(filled(data, parsed, []))) throw new Violation("A sparse file has other content.");
    return true;
  },
});

export const archiveTargets: readonly FuzzTarget[] = [tarParser, archiveReader, layerFlattening, pax, sparse];
