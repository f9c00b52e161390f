import { gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomWorld, seeded, sideBySide } from "../../support/layer-stacks.ts";
import { type LayerEntry, layerTar, stackConfig } from "../../support/layer-tar.ts";
import { oracleRuntime } from "../../support/runtime-oracle.ts";
import { comparable, productRuntime } from "../../support/runtime-product.ts";
import { putChecksum } from "../../support/tar-bytes.ts";

// Another run of stacks each day would find what this one does not: DAOCHAIN_TEST_SEED=... tries them.
const firstSeed = Number(process.env["DAOCHAIN_TEST_SEED"] ?? 1);

/** Both implementations' answer, which must be one. */
async function agreed(layers: readonly Buffer[], config: object = {}, title = ""): Promise<string> {
  const json = stackConfig({ layers, config: config as Record<string, unknown> });
  const product = await productRuntime(json, layers);
  const oracle = oracleRuntime(json, layers);
  const detail = () => `${title} ${JSON.stringify({ product, oracle })}`;
  if (comparable(product) !== comparable(oracle)) expect.fail(detail());
  return comparable(product);
}

/** How often there was which answer: both saying no to everything would agree too. */
class Kinds {
  readonly counts = { digest: 0, doubt: 0, loose: 0 };

  add(found: string): void {
    this.counts[found.startsWith("sha256:") ? "digest" : found === "doubt" ? "doubt" : "loose"]++;
  }

  get fewest(): number {
    return Math.min(...Object.values(this.counts));
  }
}

async function digestOf(...layers: (readonly LayerEntry[])[]): Promise<string> {
  const found = await agreed(layers.map(layerTar));
  expect(found).toMatch(/^sha256:/);
  return found;
}

describe("two implementations of the runtime digest", () => {
  it("agree about thousands of random stacks of layers", async () => {
    const kinds = new Kinds();
    for (let seed = firstSeed; seed < firstSeed + 3000; seed++) {
      const layers = sideBySide([randomWorld(seed, "w")]).map(layerTar);
      kinds.add(await agreed(layers, {}, `seed ${seed}`));
    }

    expect(kinds.fewest).toBeGreaterThan(100);
  });

  it("agree about stacks without any order", async () => {
    const kinds = new Kinds();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(entry, { maxLength: 4 }), { maxLength: 4 }), async (stack) => {
        kinds.add(await agreed(stack.map(layerTar)));
      }),
      { numRuns: 5000, seed: firstSeed },
    );

    expect(kinds.fewest).toBeGreaterThan(100);
  });

  it("agree about stacks whose bytes were changed", async () => {
    const kinds = new Kinds();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(entry, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 2 }),
        fc.nat(),
        async (stack, seed) => {
          kinds.add(await agreed(stack.map((entries, at) => damaged(layerTar(entries), seeded(seed + at)))));
        },
      ),
      { numRuns: 5000, seed: firstSeed },
    );

    expect(kinds.counts.digest).toBeGreaterThan(200);
  });

  it("agree about arbitrary configurations", async () => {
    let readable = 0;
    await fc.assert(
      fc.asyncProperty(configuration, async (config) => {
        if ((await agreed([], { config })).startsWith("sha256:")) readable++;
      }),
      { numRuns: 3000, seed: firstSeed },
    );
    expect(readable).toBeGreaterThan(100);
  });
});

const file = { name: "a/f", content: "x", mode: 0o644, uid: 1, gid: 2 };
const capability = (revision: number) =>
  Buffer.from(
    `0100000${revision}0004000000040000000000000000000${revision === 3 ? "0e8030000" : "0"}`,
    "hex",
  );
const around: LayerEntry[] = [{ name: "a/" }, { name: "z", type: "2", linkname: "a" }];

describe("the runtime digest", () => {
  it.each<[string, LayerEntry]>([
    ["path", { ...file, name: "a/g" }],
    ["directory", { ...file, name: "b/f" }],
    ["letter case", { ...file, name: "a/F" }],
    ["type", { ...file, type: "6", content: "" }],
    ["content", { ...file, content: "y" }],
    ["zeros at the end", { ...file, content: "x\0" }],
    ["mode", { ...file, mode: 0o600 }],
    ["set-user-ID", { ...file, mode: 0o4644 }],
    ["set-group-ID", { ...file, mode: 0o2644 }],
    ["sticky bit", { ...file, mode: 0o1644 }],
    ["uid", { ...file, uid: 0 }],
    ["gid", { ...file, gid: 0 }],
    ["capability", { ...file, pax: { "SCHILY.xattr.security.capability": capability(2) } }],
  ])("changes with a file's %s", async (_what, changed) => {
    const before = await digestOf([...around, file]);
    expect(await digestOf([...around, changed])).not.toBe(before);
  });

  it.each<[string, LayerEntry, LayerEntry]>([
    ["link", { name: "l", type: "2", linkname: "t" }, { name: "l", type: "2", linkname: "./t" }],
    [
      "link's owner",
      { name: "l", type: "2", linkname: "t" },
      { name: "l", type: "2", linkname: "t", uid: 1 },
    ],
    ["device's major", device({}), device({ devmajor: 2 })],
    ["device's minor", device({}), device({ devminor: 4 })],
    ["device's kind", device({}), device({ type: "4" })],
    ["directory's mode", { name: "d/" }, { name: "d/", mode: 0o711 }],
    ["directory's owner", { name: "d/" }, { name: "d/", uid: 1 }],
    ["empty directory's being there", { name: "d/" }, { name: "e" }],
    ["etc's mode", { name: "etc/", mode: 0o700 }, { name: "etc/", mode: 0o755 }],
  ])("changes with a %s", async (_what, one, other) => {
    expect(await digestOf([one])).not.toBe(await digestOf([other]));
  });

  it.each<[string, LayerEntry, LayerEntry]>([
    ["time", file, { ...file, mtime: 12345 }],
    [
      "a link's mode",
      { name: "l", type: "2", linkname: "t" },
      { name: "l", type: "2", linkname: "t", mode: 0o600 },
    ],
    ["the dialect", file, { ...file, dialect: "gnu" }],
    ["attributes that exports do not show", file, { ...file, pax: { "SCHILY.xattr.user.x": "1" } }],
    ["the root's own attributes", { name: "./" }, { name: "./", mode: 0o700, uid: 3 }],
    ["an engine's stub", { name: "etc/hosts", content: "a" }, { name: "etc/hosts", content: "b" }],
    ["what lies in one", { name: "dev/" }, { name: "dev/x", content: "b" }],
    ["an etc of the engine", { name: "etc/" }, { name: "proc/" }],
    ["the capability's namespace", withCapability(2), withCapability(3)],
  ])("does not change with %s", async (_what, one, other) => {
    expect(await digestOf([one])).toBe(await digestOf([other]));
  });

  it.each<[string, unknown]>([
    ["Cmd", ["/y"]],
    ["Entrypoint", ["/x"]],
    ["Env", ["A=1"]],
    ["ExposedPorts", { "80/tcp": {} }],
    ["Healthcheck", { Test: ["CMD", "x"] }],
    ["Labels", { a: "b" }],
    ["StopSignal", "9"],
    ["User", "1"],
    ["Volumes", { "/v": {} }],
    ["WorkingDir", "/w"],
  ])("changes with the configuration's %s, and with nothing else", async (name, value) => {
    const config = { Cmd: ["/x"] };
    const before = await agreed([], { config });
    expect(await agreed([], { config: { ...config, [name]: value } })).not.toBe(before);
    expect(await agreed([], { config: { ...config, Hostname: name, OnBuild: [name] } })).toBe(before);
  });

  it("is one for each tree, whatever characters its names, links and texts have", async () => {
    const seen = new Map<string, string>();
    await fc.assert(
      fc.asyncProperty(smallTree, fc.array(awkwardText, { maxLength: 3 }), async (tree, texts) => {
        const entries = [...tree].map(([name, link]): LayerEntry => {
          const bytes = Buffer.from(name, "latin1");
          const target = Buffer.from(link, "latin1");
          return link === "" ? { name: bytes, content: "x" } : { name: bytes, type: "2", linkname: target };
        });
        const digest = await agreed([layerTar(entries)], { config: { Env: texts } });
        const what = JSON.stringify([[...tree].sort(), texts.map((text) => text.toWellFormed())]);
        expect(seen.get(digest) ?? what).toBe(what);
        seen.set(digest, what);
      }),
      { numRuns: 2000, seed: firstSeed },
    );
    expect(seen.size).toBeGreaterThan(500);
  });

  it("does not depend on how layers are compressed", async () => {
    for (let seed = firstSeed; seed < firstSeed + 100; seed++) {
      const layers = sideBySide([randomWorld(seed, "w")]).map(layerTar);
      const config = stackConfig({ layers });
      const plain = comparable(await productRuntime(config, layers));
      for (const compress of [gzipSync, zstdCompressSync]) {
        const packed = layers.map((layer) => compress(layer));
        expect(comparable(await productRuntime(config, packed))).toBe(plain);
      }
    }
  });

  it("does not depend on the order of entries, nor on how a tree is spread over layers", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const random = seeded(seed);
        const tree = randomTree(random);
        const digest = await digestOf(tree);
        expect(await digestOf(shuffled(tree, random))).toBe(digest);
        expect(await digestOf(...spread(tree, random))).toBe(digest);
      }),
      { numRuns: 500, seed: firstSeed },
    );
  });
});

function device(changes: Partial<LayerEntry>): LayerEntry {
  return { name: "c", type: "3", devmajor: 1, devminor: 3, ...changes };
}

function withCapability(revision: number): LayerEntry {
  return { ...file, pax: { "SCHILY.xattr.security.capability": capability(revision) } };
}

/** Entries of all kinds over few names, in which rules are broken as often as not. */
const wildName = fc
  .array(
    fc.constantFrom(
      "a",
      "b",
      "b",
      "etc",
      "dev",
      ".wh.a",
      ".wh.b",
      ".wh..wh..opq",
      ".wh..wh.x",
      ".",
      "..",
      ".wh..",
      "",
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((names) => names.join("/"));
const tameName = fc
  .array(fc.constantFrom("a", "b", "c", ".wh.a", ".wh..wh..opq"), { minLength: 1, maxLength: 3 })
  .map((names) => names.join("/"));
const wildPax = fc.dictionary(
  fc.constantFrom(
    ...["path", "linkpath", "size", "uid", "gid", "comment", "SCHILY.xattr.user.x", "SCHILY.xattr.trusted.x"],
    ...["SCHILY.xattr.security.capability", "GNU.sparse.major", "GNU.sparse.minor", "GNU.sparse.name"],
    ...["GNU.sparse.size", "GNU.sparse.realsize", "GNU.sparse.map", "GNU.sparse.numblocks"],
    ...["GNU.sparse.offset", "GNU.sparse.numbytes"],
  ),
  fc.constantFrom("", "0", "1", "2", "3", "0,1", "0,1,2,0", "b", "a/", "x\0y", "07", "-1", "4294967295"),
  { maxKeys: 5 },
);
const wildEntry: fc.Arbitrary<LayerEntry> = fc
  .tuple(
    fc.record({
      name: fc.oneof({ weight: 3, arbitrary: tameName }, { weight: 1, arbitrary: wildName }),
      type: fc.constantFrom("0", "0", "0", "\0", "1", "2", "3", "4", "5", "5", "5", "5", "6", "7", "S", "g"),
      mode: fc.constantFrom(0o644, 0o755, 0o755, 0o2755, 0o170700),
      uid: fc.constantFrom(0, 0, 7, 2 ** 32 - 2, 2 ** 32 - 1),
      linkname: fc.oneof(tameName, wildName),
      devmajor: fc.constantFrom(0, 1, 4095, 4096),
      devminor: fc.constantFrom(0, 1),
      content: fc.constantFrom("", "x", "1\n0\n1\nx", "1\n0\n1\n".padEnd(512, "\0").concat("x")),
      dialect: fc.constantFrom("ustar", "pax", "gnu", "v7"),
    }),
    fc.option(wildPax, { freq: 4 }),
  )
  .map(([entry, pax]) => ({
    ...entry,
    ...(entry.dialect === "v7" ? { devmajor: undefined } : {}),
    ...(entry.dialect !== "gnu" && entry.uid > 7 ? { dialect: "pax" as const } : {}),
    ...(pax === null ? {} : { pax }),
  })) as fc.Arbitrary<LayerEntry>;

/** What no rule forbids by itself; a name that is there twice, and what lies beneath a file, is for chance. */
const tameEntry: fc.Arbitrary<LayerEntry> = fc
  .record({
    names: fc.array(fc.constantFrom("a", "b", "c", "d", "e"), { minLength: 1, maxLength: 3 }),
    kind: fc.constantFrom("0", "0", "5", "5", "5", "5", "2", "6", "3", "mark", "opaque", "sparse"),
    mode: fc.constantFrom(0o755, 0o755, 0o700, 0o2755),
    uid: fc.constantFrom(0, 0, 7),
    content: fc.constantFrom("", "x", "y".repeat(600)),
    dialect: fc.constantFrom("ustar", "pax", "gnu"),
  })
  .map(({ names, kind, ...rest }): LayerEntry => {
    const name = names.join("/");
    const nothing = { ...rest, content: "" };
    if (kind === "mark")
      return { ...nothing, name: [...names.slice(0, -1), `.wh.${names.at(-1)}`].join("/") };
    if (kind === "opaque") return { ...nothing, name: `${name}/.wh..wh..opq` };
    if (kind === "sparse") return { ...rest, name, content: "xyz", pax: sparseRecords };
    if (kind === "0") return { ...rest, name };
    return { ...nothing, name, type: kind, linkname: "a", ...(kind === "3" ? { devmajor: 1 } : {}) };
  });
const sparseRecords = {
  "GNU.sparse.size": "1000",
  "GNU.sparse.numblocks": "2",
  "GNU.sparse.map": "10,2,600,1",
};
const entry = fc.oneof({ weight: 19, arbitrary: tameEntry }, { weight: 1, arbitrary: wildEntry });

/** One or two changes where they hurt: in a header, whose checksum is mostly put right again. */
function damaged(archive: Buffer, random: () => number): Buffer {
  const bytes = Buffer.from(archive);
  const changes = 1 + Math.floor(random() * 2);
  for (let count = 0; count < changes; count++) {
    const block = Math.floor((random() * bytes.length) / 512) * 512;
    const at = block + Math.floor(random() * 512);
    bytes[at] = [0, 0x20, 0x2f, 0x2e, 0x30, 0x37, 0x78, 0x80, 0xff, Math.floor(random() * 256)][
      Math.floor(random() * 10)
    ] as number;
    if (random() < 0.8) putChecksum(bytes.subarray(block, block + 512));
  }
  return random() < 0.1 ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes;
}

const awkwardText = fc
  .array(fc.constantFrom("\n", "\0", " ", '"', "\\", "/", "a", "\ud800", "\u2028", "é", "[", ","), {
    maxLength: 4,
  })
  .map((parts) => parts.join(""));
/** One in twenty is nothing that engines read. */
const sometimes = (good: fc.Arbitrary<unknown>, ...bad: unknown[]) =>
  fc.oneof({ weight: 19, arbitrary: good }, { weight: 1, arbitrary: fc.constantFrom(...bad) });
const strings = sometimes(fc.option(fc.array(awkwardText, { maxLength: 3 })), "x", [null], [1], {});
const sets = sometimes(
  fc.option(fc.dictionary(awkwardText, fc.constantFrom({}, null), { maxKeys: 3 })),
  "x",
  [],
  { "\ud800": {}, "\ud801": {} },
);
const texts = sometimes(fc.option(awkwardText), 1, [""]);
const numbers = sometimes(fc.constantFrom(0, -0, 1, 30e9, -1, null, 2 ** 53 - 1), 1.5, 2 ** 53, "1");
const configuration = fc
  .tuple(
    fc.record(
      {
        Cmd: strings,
        Entrypoint: strings,
        Env: strings,
        ExposedPorts: sets,
        Healthcheck: fc.option(
          fc.record(
            { Test: strings, Interval: numbers, Timeout: numbers, Retries: numbers, StartPeriod: numbers },
            { requiredKeys: [] },
          ),
        ),
        Labels: sometimes(
          fc.dictionary(awkwardText, texts, { maxKeys: 3 }),
          { "\ud800": "", "\ud801": "" },
          [],
        ),
        StopSignal: texts,
        User: texts,
        Volumes: sets,
        WorkingDir: fc.oneof(texts, fc.constantFrom("a/../..//b/.", "/", "/a/", "..", "//")),
        Foo: texts,
        FOO: texts,
      },
      { requiredKeys: [] },
    ),
    sometimes(fc.constant({}), { cmd: [] }, { "U\u017fer": "" }, { "wor\u212aingdir": "" }),
  )
  .map(([known, odd]) => Object.assign({}, known, odd));

/** A file or link for each of a few names that a careless form would confuse. */
const awkwardName = fc
  .array(fc.constantFrom("\n", " ", "a", "-", "f 0644 0 0", "\xff", "\t", '"', "\\"), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => parts.join(""));
const smallTree = fc
  .uniqueArray(fc.tuple(awkwardName, fc.oneof(fc.constant(""), awkwardName)), {
    maxLength: 4,
    selector: ([name]) => name,
  })
  .map((entries) => new Map(entries));

/** A tree in which each directory has an entry, before what is in it; hard links last. */
function randomTree(random: () => number): LayerEntry[] {
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)] as Item;
  const directories = [""];
  const entries: LayerEntry[] = [];
  const owner = () => ({ uid: pick([0, 0, 5]), gid: pick([0, 9]) });
  const count = 1 + Math.floor(random() * 12);
  for (let index = 0; index < count; index++) {
    const name = `${pick(directories)}${pick(["a", "b", "c"])}${index}`;
    const kind = pick(["directory", "file", "file", "link", "fifo"]);
    if (kind === "directory") {
      directories.push(`${name}/`);
      entries.push({ name: `${name}/`, mode: pick([0o755, 0o700, 0o1777, 0o2755]), ...owner() });
    } else if (kind === "file") {
      entries.push({ name, mode: pick([0o644, 0o4755]), content: pick(["", "one", "two"]), ...owner() });
    } else if (kind === "link")
      entries.push({ name, type: "2", linkname: pick(["x", "/y", "../z"]), ...owner() });
    else entries.push({ name, type: "6", ...owner() });
  }
  return entries;
}

function shuffled(entries: readonly LayerEntry[], random: () => number): LayerEntry[] {
  return entries
    .map((entry) => ({ entry, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ entry }) => entry);
}

/** The same tree from several layers, with other things below that later ones replace, hide one by one, or hide all at once. */
function spread(tree: readonly LayerEntry[], random: () => number): LayerEntry[][] {
  const depth = (entry: LayerEntry) => `${entry.name}`.split("/").length;
  const layers: LayerEntry[][] = [
    [{ name: "left/" }, { name: "left/over", content: "x" }, { name: "gone", content: "y" }],
  ];
  const parents = (entry: LayerEntry) =>
    tree.filter(
      (other) =>
        other !== entry && `${other.name}`.endsWith("/") && `${entry.name}`.startsWith(`${other.name}`),
    );
  for (const entry of [...tree].sort((a, b) => depth(a) - depth(b))) {
    const isDirectory = `${entry.name}`.endsWith("/");
    const layer: LayerEntry[] = [...parents(entry)];
    // First something else at its path.
    if (!isDirectory && random() < 0.3)
      layers.push([...parents(entry), { name: entry.name, content: "other", mode: 0o600 }]);
    if (isDirectory && random() < 0.3) {
      layers.push([
        ...parents(entry),
        { ...entry, mode: 0o711 },
        { name: `${entry.name}junk`, content: "junk" },
      ]);
      layer.push(entry, { name: `${entry.name}${random() < 0.5 ? ".wh.junk" : ".wh..wh..opq"}` });
    } else layer.push(entry);
    layers.push(layer);
  }
  layers.push([{ name: ".wh.left" }, { name: ".wh.gone" }]);
  return layers;
}
