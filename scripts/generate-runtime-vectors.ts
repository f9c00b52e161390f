import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { type LayerEntry, layerTar, stackConfig } from "../test/support/layer-tar.ts";
import { oracleRuntime, type RuntimeVector } from "../test/support/runtime-oracle.ts";

/**
 * Writes test/vectors/runtime.json with the second implementation of the runtime digest alone. The file is to change only with the
 * specification: a digest that has become another makes every claim so far name another image.
 */
const capability = (hex: string) => ({ "SCHILY.xattr.security.capability": Buffer.from(hex, "hex") });
const stacks: readonly { title: string; config?: object; layers: readonly (readonly LayerEntry[])[] }[] = [
  { title: "nothing at all", layers: [] },
  {
    title: "one file, and a configuration",
    config: {
      Cmd: ["--verbose"],
      Entrypoint: ["/bin/app"],
      Env: ["PATH=/bin", "GREETING=\u00e4\u2028\ud800\n"],
      ExposedPorts: { "8080/tcp": {}, "53/udp": {} },
      Healthcheck: { Test: ["CMD", "/bin/app", "check"], Interval: 30_000_000_000, Retries: 3 },
      Labels: { "org.example.b": "2", "org.example.a": "1", "10": null },
      StopSignal: "SIGINT",
      User: "1000:1000",
      Volumes: { "/data": {} },
      WorkingDir: "/srv//app/../app/",
      OnBuild: ["RUN true"],
    },
    layers: [[{ name: "bin/" }, { name: "bin/app", content: "#!/bin/sh\n", mode: 0o755 }]],
  },
  {
    title: "each type of entry",
    layers: [
      [
        { name: "./d/", mode: 0o1777 },
        { name: "./d/file", content: "hello\n", mode: 0o4755, uid: 1000, gid: 100, mtime: 1_700_000_000 },
        { name: "./d/link", type: "2", linkname: "../d//file" },
        { name: "./d/null", type: "3", devmajor: 1, devminor: 3, mode: 0o666 },
        { name: "./d/disk", type: "4", devmajor: 8, devminor: 0, mode: 0o660, gid: 6 },
        { name: "./d/pipe", type: "6", mode: 0o600 },
        { name: "./hard", type: "1", linkname: "./d/file", mode: 0o700, uid: 3 },
        { name: "./empty", content: "" },
      ],
    ],
  },
  {
    title: "names and links that are not UTF-8, or look like the form",
    layers: [
      [
        { name: Buffer.from("a\xffb", "latin1"), type: "2", linkname: Buffer.from("\x80", "latin1") },
        { name: "line\nf 0644 0 0 - - x", content: "x" },
        { name: " ", content: "blank" },
        { name: "a", content: "1" },
        { name: "a-b", content: "2" },
        { name: "a.d/" },
        { name: `${"long/".repeat(40)}name`, content: "3" },
      ],
    ],
  },
  {
    title: "layers that replace, hide and empty",
    layers: [
      [
        { name: "a/" },
        { name: "a/x", content: "1" },
        { name: "a/y", content: "2" },
        { name: "b/" },
        { name: "b/x" },
      ],
      [
        { name: "a/" },
        { name: "a/.wh.x" },
        { name: "b/", mode: 0o700 },
        { name: "b/n" },
        { name: "b/.wh..wh..opq" },
      ],
      [{ name: "a/" }, { name: "a/y", type: "2", linkname: "x" }, { name: "c/d/e", content: "made" }],
      [{ name: "b/" }, { name: "b/n", type: "5" }, { name: ".wh.none" }],
    ],
  },
  {
    title: "dialects, owners and a sparse file",
    layers: [
      [
        { name: "gnu", content: "x", dialect: "gnu", uid: 3_000_000 },
        { name: "pax", content: "x", dialect: "pax", uid: 4_294_967_294 },
        { name: "v7", type: "\0", content: "x", dialect: "v7" },
        {
          name: "sparse",
          content: "abcd",
          pax: { "GNU.sparse.size": "2000", "GNU.sparse.numblocks": "2", "GNU.sparse.map": "5,3,1000,1" },
        },
      ],
    ],
  },
  {
    title: "capabilities of both revisions, one of them taken away by a hard link",
    layers: [
      [
        { name: "two", pax: capability("0100000200040000000000000000000000000000") },
        { name: "three", pax: capability("010000030004000000000000000000000000000064000000") },
        { name: "gone", pax: capability("0100000200040000000000000000000000000000") },
        { name: "gone2", type: "1", linkname: "gone" },
      ],
    ],
  },
  {
    title: "an engine's stubs",
    layers: [
      [
        { name: "dev/" },
        { name: "dev/x", content: "x" },
        { name: "etc/" },
        { name: "etc/hosts", content: "127.0.0.1 x" },
        { name: "proc", type: "2", linkname: "x" },
        { name: "app", content: "x" },
      ],
    ],
  },
  {
    title: "an etc of the image's own",
    layers: [[{ name: "etc/" }, { name: "etc/passwd", content: "root" }]],
  },
  {
    title: "a directory that its layer leaves to the engine",
    layers: [[{ name: "p/", mode: 0o700 }], [{ name: "p/f", content: "x" }]],
  },
  {
    title: "a directory in one that hands its group down",
    layers: [
      [
        { name: "p/", mode: 0o2755, gid: 9 },
        { name: "p/q/f", content: "x" },
      ],
    ],
  },
  {
    title: "a name that stands twice",
    layers: [
      [
        { name: "a", content: "1" },
        { name: "./a", content: "1" },
      ],
    ],
  },
  {
    title: "an entry beneath a lower layer's symbolic link",
    layers: [[{ name: "d/" }, { name: "l", type: "2", linkname: "d" }], [{ name: "l/f", content: "x" }]],
  },
];

const vectors = stacks.map(({ title, config = {}, layers }): RuntimeVector => {
  const archives = layers.map(layerTar);
  const json = stackConfig({ layers: archives, config: { config } });
  const found = oracleRuntime(json, archives);
  return {
    title,
    config: json.toString(),
    layers: archives.map((archive) => gzipSync(archive).toString("base64")),
    digest: "digest" in found ? found.digest : null,
    why: "digest" in found ? null : "doubt" in found ? "doubt" : "loose",
  };
});
const path = new URL("../test/vectors/runtime.json", import.meta.url);
writeFileSync(path, `${JSON.stringify(vectors, null, 2)}\n`);
console.log(`${vectors.length} vectors are in ${fileURLToPath(path)}.`);
