import { describe, expect, it } from "vitest";
import { Budget } from "../../../../src/image/blob.ts";
import { canonicalConfiguration } from "../../../../src/image/rootfs/configuration.ts";
import {
  compareRuntimes,
  explainDifference,
  type Runtime,
} from "../../../../src/image/rootfs/differences.ts";
import { flattenLayers } from "../../../../src/image/rootfs/flatten.ts";
import { LayerReader, type LayerEntry as ReadEntry } from "../../../../src/image/rootfs/layer.ts";
import { type LayerEntry, layerTar } from "../../../support/layer-tar.ts";

function runtime(layers: readonly (readonly LayerEntry[])[], config: Record<string, unknown> = {}): Runtime {
  const trees = layers.map((layer) => {
    const entries: ReadEntry[] = [];
    const reader = new LayerReader(new Budget(), (entry) => entries.push(entry));
    reader.write(layerTar(layer));
    return { entries, damage: reader.finish() };
  });
  return { configuration: canonicalConfiguration(config), root: flattenLayers(trees).root };
}

function compare(before: readonly LayerEntry[], after: readonly LayerEntry[]) {
  return compareRuntimes(runtime([before]), runtime([after]));
}

const file: LayerEntry = { name: "f", content: "x", mode: 0o644, uid: 1, gid: 2 };
const capability = Buffer.from("0100000200040000000000000000000000000000", "hex");

describe("compareRuntimes", () => {
  it("finds nothing where nothing differs", () => {
    expect(compare([file], [{ ...file, mtime: 9, dialect: "gnu" }])).toEqual([]);
  });

  it.each<[string, LayerEntry, LayerEntry, string, string]>([
    ["type", file, { name: "f", type: "6" }, "file", "fifo"],
    ["mode", file, { ...file, mode: 0o4755 }, "0644", "4755"],
    ["owner", file, { ...file, gid: 3 }, "1:2", "1:3"],
    ["link", { name: "f", type: "2", linkname: "a" }, { name: "f", type: "2", linkname: "b" }, "a", "b"],
    [
      "device",
      { name: "f", type: "3", devmajor: 1, devminor: 3 },
      { name: "f", type: "3", devmajor: 1, devminor: 5 },
      "1:3",
      "1:5",
    ],
    [
      "xattr",
      file,
      { ...file, pax: { "SCHILY.xattr.security.capability": capability } },
      "",
      capability.toString("hex"),
    ],
  ])("finds another %s", (kind, before, after, expected, actual) => {
    expect(compare([before], [after])).toEqual([{ path: "f", kind, expected, actual }]);
  });

  it("finds other content", () => {
    expect(compare([file], [{ ...file, content: "y" }])).toMatchObject([{ path: "f", kind: "content" }]);
  });

  it("finds each of several things that differ in one file", () => {
    const found = compare([file], [{ ...file, content: "y", mode: 0, uid: 5 }]);
    expect(found.map(({ kind }) => kind)).toEqual(["content", "mode", "owner"]);
  });

  it("finds what was added and removed, in the order of bytes", () => {
    const before = [{ name: "a" }, { name: "a/".replace("/", "-b") }, { name: "d/" }, { name: "d/x" }];
    const after = [{ name: "a" }, { name: "d/" }, { name: "d/y" }, { name: "z", type: "2", linkname: "q" }];
    expect(compare(before, after).map(({ path, kind }) => `${kind} ${path}`)).toEqual([
      "removed a-b",
      "removed d/x",
      "added d/y",
      "added z",
    ]);
    expect(compare([], [{ name: "z", type: "2", linkname: "q" }])[0]?.actual).toContain("q");
  });

  it("finds members of the configuration, first", () => {
    const found = compareRuntimes(
      runtime([[file]], { Cmd: ["a"] }),
      runtime([[]], { Cmd: ["b"], User: "1" }),
    );
    expect(found.map(({ path, kind }) => [path, kind])).toEqual([
      ["cmd", "config"],
      ["user", "config"],
      ["f", "removed"],
    ]);
    expect(found[0]).toMatchObject({ expected: '["a"]', actual: '["b"]' });
  });

  it("leaves owner and mode of a loose directory alone, and nothing else", () => {
    const loose = runtime([[{ name: "p/", mode: 0o700 }], [{ name: "p/f" }]]);
    expect(compareRuntimes(loose, runtime([[{ name: "p/", uid: 7 }, { name: "p/f" }]]))).toEqual([]);
    expect(compareRuntimes(loose, runtime([[{ name: "p/" }, { name: "p/f", content: "x" }]]))).toMatchObject([
      { path: "p/f", kind: "content" },
    ]);
    expect(compareRuntimes(loose, runtime([[{ name: "p", type: "2", linkname: "q" }]]))).toMatchObject([
      { path: "p", kind: "type" },
      { path: "p/f", kind: "removed" },
    ]);
  });

  it("sees nothing at an engine's stubs", () => {
    expect(compare([{ name: "etc/hosts", content: "x" }], [{ name: "dev/x" }])).toEqual([]);
  });

  it("shows names that are no UTF-8", () => {
    const [found] = compare([{ name: Buffer.from([0x61, 0xff]) }], []);
    expect(found?.path).toBe("a\ufffd");
  });
});

describe("explainDifference", () => {
  it("says what happened, for each kind", () => {
    const kinds = [
      "added",
      "removed",
      "type",
      "content",
      "mode",
      "owner",
      "link",
      "device",
      "xattr",
      "config",
    ] as const;
    const said = kinds.map((kind) => `${explainDifference({ path: "p", kind, expected: "1", actual: "2" })}`);
    expect(new Set(said).size).toBe(kinds.length);
    for (const text of said) expect(text).toMatch(/was|were/);
    expect(`${explainDifference({ path: "p", kind: "xattr", expected: "", actual: "00" })}`).toContain(
      "none",
    );
  });
});
