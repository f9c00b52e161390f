import { describe, expect, it } from "vitest";
import { Budget } from "../../../../src/image/blob.ts";
import { Flattening, flattenLayers } from "../../../../src/image/rootfs/flatten.ts";
import { LayerReader, type LayerEntry as ReadEntry } from "../../../../src/image/rootfs/layer.ts";
import { listEntries } from "../../../../src/image/rootfs/tree.ts";
import { codeOf } from "../../../support/errors.ts";
import { type LayerEntry, layerTar } from "../../../support/layer-tar.ts";

function read(layer: readonly LayerEntry[]) {
  const entries: ReadEntry[] = [];
  const reader = new LayerReader(new Budget(), (entry) => entries.push(entry));
  reader.write(layerTar(layer));
  return { entries, damage: reader.finish() };
}

/** What layers unpack to: a line for each path, with a question mark where owner and mode are left to the engine. */
function flatten(...layers: (readonly LayerEntry[])[]) {
  const { root, doubts, loose } = flattenLayers(layers.map(read));
  const lines = listEntries(root).map(({ path, inode, isLoose }) => {
    const { type, mode, uid, gid, link } = inode;
    const what = type === "symlink" ? `-> ${link}` : mode.toString(8);
    const owner = uid === 0 && gid === 0 ? "" : ` ${uid}:${gid}`;
    return `${path} ${type} ${what}${owner}${isLoose ? "?" : ""}`;
  });
  return { lines, doubts, loose };
}

function expectTree(layers: (readonly LayerEntry[])[], lines: string[]): void {
  expect(flatten(...layers)).toMatchObject({ lines, doubts: [] });
}

const d = (name: string, mode = 0o755): LayerEntry => ({ name: `${name}/`, mode });
const f = (name: string, mode = 0o644): LayerEntry => ({ name, mode });
const hide = (name: string): LayerEntry => f(name.replace(/([^/]*)$/, ".wh.$1"));
const empty = (name: string): LayerEntry => f(`${name}/.wh..wh..opq`);
const link = (name: string, linkname: string): LayerEntry => ({ name, type: "2", linkname });
const hard = (name: string, linkname: string, more: Partial<LayerEntry> = {}): LayerEntry => {
  return { name, type: "1", linkname, mode: 0o644, ...more };
};

describe("layers that have one meaning", () => {
  it.each<[string, (readonly LayerEntry[])[], string[]]>([
    ["no layers", [], []],
    ["a replaced file", [[f("a")], [f("a", 0o600)]], ["a file 600"]],
    ["a file in the place of a directory", [[d("a"), f("a/x")], [f("a")]], ["a file 644"]],
    [
      "a directory in the place of a file",
      [[f("a")], [d("a"), f("a/x")]],
      ["a directory 755", "a/x file 644"],
    ],
    ["a link in the place of a directory", [[d("a"), f("a/x")], [link("a", "b")]], ["a symlink -> b"]],
    ["a directory named again", [[d("a"), f("a/x")], [d("a", 0o700)]], ["a directory 700", "a/x file 644"]],
    ["the root", [[{ name: "./", mode: 0o700 }, f("./a")]], ["a file 644"]],
    ["the root twice", [[d("."), d("/"), f("a")]], ["a file 644"]],
    ["a hidden file", [[f("a"), f("b")], [hide("a")]], ["b file 644"]],
    ["a hidden directory", [[d("a"), f("a/x"), f("b")], [hide("a")]], ["b file 644"]],
    ["nothing hidden", [[f("b")], [hide("a")]], ["b file 644"]],
    [
      "a file in the place of what it hides",
      [
        [d("a"), f("a/x")],
        [hide("a"), f("a")],
      ],
      ["a file 644"],
    ],
    ["what a later layer brings again", [[f("a")], [hide("a")], [f("a", 0o600)]], ["a file 600"]],
    [
      "an emptied directory",
      [
        [d("a"), f("a/x")],
        [d("a"), f("a/y"), empty("a")],
      ],
      ["a directory 755", "a/y file 644"],
    ],
    [
      "an emptied directory, the mark first",
      [
        [d("a"), d("a/s"), f("a/s/x")],
        [d("a"), empty("a"), d("a/s")],
      ],
      ["a directory 755", "a/s directory 755"],
    ],
    ["a name that aufs ignores", [[d("a"), f("a/.wh..wh.plnk")]], ["a directory 755"]],
    ["directories made", [[f("p/q/f")]], ["p directory 755", "p/q directory 755", "p/q/f file 644"]],
    ["a directory named after", [[f("p/f"), d("p", 0o700)]], ["p directory 700", "p/f file 644"]],
    ["a plain directory that a lower layer has", [[d("p")], [f("p/f")]], ["p directory 755", "p/f file 644"]],
    [
      "a lower directory named after",
      [[d("p", 0o700)], [f("p/f"), d("p", 0o711)]],
      ["p directory 711", "p/f file 644"],
    ],
    [
      "a hard link, whose header counts for both names",
      [[f("t"), hard("h", "./t", { mode: 0o755, uid: 3 })]],
      ["h file 755 3:0", "t file 755 3:0"],
    ],
    [
      "a hard link to a symbolic link",
      [[link("l", "x"), hard("h", "/l")]],
      ["h symlink -> x", "l symlink -> x"],
    ],
    [
      "a link of which a later layer replaces one name",
      [[f("t"), hard("h", "t")], [f("t", 0o600)]],
      ["h file 644", "t file 600"],
    ],
  ])("unpack to what engines show: %s", (_what, layers, lines) => {
    expectTree(layers, lines);
  });

  it("drop the capability of a file with a hard link that has none", () => {
    const bytes = Buffer.from("0100000200040000000000000000000000000000", "hex");
    const entry = { ...f("t"), pax: { "SCHILY.xattr.security.capability": bytes } };
    const { root } = flattenLayers([read([entry, hard("h", "t")])]);
    expect(listEntries(root).map(({ inode }) => inode.capability)).toEqual(["", ""]);
  });
});

describe("directories that are left to the engine", () => {
  it.each<[string, (readonly LayerEntry[])[], string[]]>([
    ["a lower one with a mode", [[d("p", 0o700)], [f("p/f")]], ["p directory 700?", "p/f file 644"]],
    [
      "a lower one with an owner",
      [[{ ...d("p"), gid: 4 }], [f("p/f")]],
      ["p directory 755 0:4?", "p/f file 644"],
    ],
    ["by a mark that hides", [[d("p", 0o700), f("p/f")], [hide("p/f")]], ["p directory 700?"]],
    ["by a mark that is ignored", [[d("p", 0o700)], [f("p/.wh..wh.x")]], ["p directory 700?"]],
    ["by a mark that empties", [[d("p", 0o700), f("p/f")], [empty("p")]], ["p directory 700?"]],
    [
      "one made where the group is handed down",
      [[d("p", 0o2755), f("p/q/f")]],
      ["p directory 2755", "p/q directory 755?", "p/q/f file 644"],
    ],
    [
      "a lower one where the group is handed down",
      [
        [d("p"), d("p/q")],
        [d("p", 0o2755), f("p/q/f")],
      ],
      ["p directory 2755", "p/q directory 755?", "p/q/f file 644"],
    ],
    [
      "one made in one that is left to the engine",
      [[d("p", 0o2755), f("p/q/r/f")]],
      ["p directory 2755", "p/q directory 755?", "p/q/r directory 755?", "p/q/r/f file 644"],
    ],
    [
      "one made where a layer has hidden something",
      [[d("p", 0o700)], [hide("p")], [f("p/f")]],
      ["p directory 755?", "p/f file 644"],
    ],
    [
      "one made where all was hidden",
      [[d("p"), d("p/q", 0o700)], [d("p"), empty("p")], [f("p/q/f")]],
      ["p directory 755", "p/q directory 755?", "p/q/f file 644"],
    ],
    [
      "one made where its own layer has hidden all",
      [[d("p")], [d("p"), empty("p"), f("p/q/f")]],
      ["p directory 755", "p/q directory 755?", "p/q/f file 644"],
    ],
  ])("are counted: %s", (_what, layers, lines) => {
    const found = flatten(...layers);
    expect(found).toMatchObject({ lines, doubts: [] });
    expect(found.loose).toBe(lines.filter((line) => line.endsWith("?")).length);
  });

  it("are not once a later layer names, hides or replaces them", () => {
    const layers = [[d("p", 0o700)], [f("p/f")]];
    for (const last of [d("p", 0o711), hide("p"), f("p")]) expect(flatten(...layers, [last]).loose).toBe(0);
  });
});

describe("layers that have no one meaning", () => {
  it.each<[string, ...(readonly LayerEntry[])[]]>([
    ["a name twice", [f("a"), f("./a")]],
    ["a directory twice", [d("a"), d("a")]],
    ["a directory and a file of one name", [d("a"), f("a")]],
    ["a mark twice", [f("a")], [hide("a"), hide("a")]],
    ["an emptying mark twice", [d("a"), empty("a"), empty("a")]],
    ["an ignored mark twice", [f(".wh..wh.x"), f(".wh..wh.x")]],
    ["a root that is no directory", [f(".")]],
    ["an entry beneath a file", [f("a"), f("a/b")]],
    ["an entry beneath a lower file", [f("a")], [f("a/b")]],
    ["an entry beneath a symbolic link", [d("d"), link("l", "d"), f("l/f")]],
    ["an entry beneath a lower symbolic link", [d("d"), link("l", "d")], [f("l/f")]],
    ["a mark beneath a file", [f("a")], [hide("a/b")]],
    ["a file in the place of what its layer filled", [f("a/b"), f("a")]],
    ["a symbolic link in the place of what its layer filled", [f("a/b"), link("a", "b")]],
    ["a hard link in the place of what its layer filled", [f("t"), f("a/b"), hard("a", "t")]],
    ["a mark on what its layer named", [f("a"), hide("a")]],
    ["a mark on what its layer filled", [d("a")], [f("a/b"), hide("a")]],
    ["a directory after its mark", [d("a")], [hide("a"), d("a")]],
    ["an entry beneath what its layer hides", [d("a")], [hide("a"), f("a/b")]],
    ["a mark beneath what its layer hides", [d("a")], [hide("a"), hide("a/b")]],
    ["a mark that empties the root", [f("a")], [f(".wh..wh..opq")]],
    [
      "a mark that empties what its layer filled without naming it",
      [d("p"), d("p/s")],
      [d("p"), f("p/s/y"), empty("p")],
    ],
    ["a mark without a name", [f(".wh.")]],
    ["a mark on the directory itself", [f("d/.wh..")]],
    ["a mark on the one above", [f("d/.wh...")]],
    ["a mark that is a directory", [{ name: ".wh.a/" }]],
    ["a mark that is a symbolic link", [link(".wh.a", "x")]],
    ["an ignored mark that is a directory", [{ name: ".wh..wh.plnk/" }]],
    ["an emptying mark that is a FIFO", [{ name: "d/.wh..wh..opq", type: "6" }]],
    ["an entry beneath a mark", [f(".wh.a/b")]],
    ["one made beneath what a layer has hidden", [d("p")], [hide("p")], [d("p"), f("p/q/f")]],
    ["one made beneath what was no directory", [f("p")], [d("p")], [f("p/q/f")]],
    ["one made deep where all was hidden", [d("p")], [d("p"), empty("p")], [f("p/q/r/f")]],
    ["the device 0:0", [{ name: "c", type: "3", devmajor: 0, devminor: 0 }]],
    ["a type that engines do not unpack", [{ name: "c", type: "7" }]],
    ["a hard link to nothing", [hard("h", "t")]],
    ["a hard link to itself", [hard("h", "h")]],
    ["a hard link to what comes later", [hard("h", "t"), f("t")]],
    ["a hard link to a lower layer's file", [f("t")], [hard("h", "t")]],
    ["a hard link to a directory", [d("t"), hard("h", "t")]],
    ["a hard link to the root", [d("t"), hard("h", ".")]],
    ["a hard link by ..", [f("t"), d("d"), hard("h", "d/../t")]],
    ["a hard link to a mark", [hide("t"), hard("h", ".wh.t")]],
    [
      "a capability on a hard link to a symbolic link",
      [link("l", "x"), hard("h", "l", capability("0100000200040000000000000000000000000000"))],
    ],
  ])("are named: %s", (_what, ...layers) => {
    expect(flatten(...layers).doubts).not.toEqual([]);
  });

  const xattr = (name: string, value: string | Buffer = "x") => ({
    pax: { [`SCHILY.xattr.${name}`]: value },
  });
  it.each<[string, LayerEntry]>([
    ["..", f("a/../b")],
    ["an empty name", f("")],
    ["a name of 256 bytes", f("n".repeat(256))],
    ["a path of 4096 bytes", f("abc/".repeat(1024))],
    ["an owner that none can have", { ...f("a"), uid: 2 ** 32 - 1 }],
    ["a group that none can have", { ...f("a"), gid: 2 ** 32 }],
    ["a major that none can have", { name: "c", type: "3", devmajor: 4096, devminor: 0 }],
    ["a minor that none can have", { name: "c", type: "4", devmajor: 1, devminor: 2 ** 20 }],
    ["a symbolic link to nothing", link("l", "")],
    ["a symbolic link of 4096 bytes", link("l", "x".repeat(4096))],
    ["an attribute of the overlay file system", { ...f("a"), ...xattr("trusted.overlay.opaque", "y") }],
    ["one without a value", { ...f("a"), ...xattr("trusted.overlay.metacopy", "") }],
    ["an attribute without a namespace", { ...f("a"), ...xattr("plain") }],
    ["an attribute that is a namespace", { ...f("a"), ...xattr("user.") }],
    ["an access list", { ...f("a"), ...xattr("system.posix_acl_access") }],
    ["an attribute of a symbolic link", { ...link("l", "x"), ...xattr("user.a") }],
    ["a directory's capability", { ...d("a"), ...capability("0100000200040000000000000000000000000000") }],
    ["a capability of revision 1", { ...f("a"), ...capability("010000010004000000000000") }],
    ["a short capability", { ...f("a"), ...capability("01000002000400000000000000000000") }],
    [
      "a capability with unknown flags",
      { ...f("a"), ...capability("0300000200040000000000000000000000000000") },
    ],
    ["an empty capability", { ...f("a"), ...capability("") }],
    ["a trusted attribute of the root", { name: "./", ...xattr("trusted.x") }],
  ])("are damaged: %s", (_what, entry) => {
    expect(read([entry]).damage).toBeDefined();
    expect(flatten([entry]).doubts).not.toEqual([]);
  });

  it.each<[string, LayerEntry]>([
    ["a name of 255 bytes", f("n".repeat(255))],
    ["a path of 4095 bytes", f(`${"abc/".repeat(1023)}abc`)],
    ["an owner that one can have", { ...f("a"), uid: 2 ** 32 - 2 }],
    ["a symbolic link of 4095 bytes", link("l", "x".repeat(4095))],
    ["attributes that exports do not show", { ...d("a"), ...xattr("user.a") }],
    ["a label", { ...f("a"), ...xattr("security.selinux") }],
  ])("are not damaged by %s", (_what, entry) => {
    expect(flatten([entry])).toMatchObject({ doubts: [], loose: 0 });
  });

  it("are named at most twenty times, in characters that a terminal may see", () => {
    const { doubts } = flatten(Array.from({ length: 50 }, (_, index) => hard(`h${index}\x1b[31m`, "t")));
    expect(doubts).toHaveLength(20);
    expect(doubts.join("")).not.toContain("\x1b");
  });
});

describe("what a layer may ask for", () => {
  it("is bounded: directories that no entry names", async () => {
    const deep = (index: number) =>
      ({ ...read([f("a")]).entries[0], path: `${index}/${"d/".repeat(2000)}f` }) as ReadEntry;
    const entries = Array.from({ length: 300 }, (_, index) => deep(index));
    expect(await codeOf(() => flattenLayers([{ entries, damage: undefined }]))).toBe("IMAGE_LIMIT_EXCEEDED");
  });

  it("is bounded: marks that hide the same again and again", async () => {
    const directories = Array.from({ length: 1000 }, (_, depth) => d("d/".repeat(depth + 1).slice(0, -1)));
    const bottom = "d/".repeat(1000);
    const files = Array.from({ length: 12_000 }, (_, index) => f(`${bottom}${index}`));
    const marks = directories.map(({ name }) => f(`${name}.wh..wh..opq`));
    const [first] = read([f("a")]).entries as [ReadEntry];
    const [directory] = read([d("a")]).entries as [ReadEntry];
    const entries = [...directories, ...files, ...marks].map(({ name }) => {
      const path = `${name}`.replace(/\/$/, "");
      return { ...(`${name}`.endsWith("/") ? directory : first), path };
    });
    expect(await codeOf(() => flattenLayers([{ entries, damage: undefined }]))).toBe("IMAGE_LIMIT_EXCEEDED");
  });

  it("is bounded: zeros that a sparse file stands for", async () => {
    const pax = { "GNU.sparse.numblocks": "1", "GNU.sparse.map": "0,0", "GNU.sparse.size": `${2 ** 50}` };
    expect(await codeOf(() => read([{ ...f("a"), pax }]))).toBe("IMAGE_LIMIT_EXCEEDED");
  });
});

describe("an export", () => {
  it("hides nothing by its names", () => {
    const tree = new Flattening({ whiteouts: false });
    tree.startLayer();
    for (const entry of read([d("a"), f("a/.wh.x"), f("a/.wh..wh..opq"), d(".wh.d"), f(".wh.d/x")]).entries)
      tree.add(entry);
    const { root, doubts } = tree.finish();
    expect(doubts).toEqual([]);
    expect(listEntries(root).map(({ path }) => path)).toEqual([
      ".wh.d",
      ".wh.d/x",
      "a",
      "a/.wh..wh..opq",
      "a/.wh.x",
    ]);
  });
});

function capability(hex: string): Partial<LayerEntry> {
  return { pax: { "SCHILY.xattr.security.capability": Buffer.from(hex, "hex") } };
}
