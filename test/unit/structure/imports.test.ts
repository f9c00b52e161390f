import { describe, expect, test } from "vitest";
import { type Import, parseImports, readImports, sourceFiles } from "../../support/imports.ts";

/** What the files of each folder of src may import of the others; the order is that of the data path. */
const below: Record<string, readonly string[]> = {
  messages: [],
  digest: [],
  image: ["digest"],
  claim: ["digest"],
  rpc: [],
  signature: ["digest", "claim", "rpc"],
  contract: ["digest", "claim", "signature", "rpc"],
  "embedded-chain": ["rpc"],
  network: ["contract", "embedded-chain", "rpc"],
  backup: ["image", "signature", "embedded-chain", "network"],
  catalogue: ["digest", "image", "claim", "contract", "rpc"],
  policy: ["image"],
  verdict: ["digest", "image", "claim", "contract", "policy", "rpc"],
  operations: ["digest", "image", "claim", "signature", "contract", "network", "policy", "verdict", "rpc"],
  gates: ["digest", "image", "claim", "contract", "catalogue", "policy", "verdict"],
  audit: ["digest", "image", "contract", "catalogue", "policy", "verdict", "gates"],
};
/** Files that everything may use, and what they may use themselves. */
const leaves: Record<string, readonly string[]> = {
  "src/errors.ts": ["src/messages/errors.ts", "src/messages/message.ts", "src/messages/template.ts"],
  "src/duration.ts": [],
  "src/files.ts": ["src/errors.ts", "src/messages/message.ts"],
  "src/home.ts": ["src/errors.ts", "src/files.ts"],
  "src/json.ts": ["src/errors.ts", "src/digest/digest.ts", "src/messages/message.ts"],
  "src/metrics-server.ts": ["src/errors.ts"],
  "src/metrics-text.ts": [],
  "src/parallel.ts": [],
  "src/process-lock.ts": ["src/errors.ts", "src/files.ts"],
  "src/settled.ts": [],
  "src/time-slices.ts": ["src/errors.ts"],
};
/** What programs use of the library, and what only our own command line does. */
const doors = ["src/index.ts", "src/internal.ts"];

const folderOf = (file: string): string => /^src\/([^/]+)\//.exec(file)?.[1] ?? "";
const isOurs = (name: string): boolean => /^(?:src|cli|test|bench|scripts)\//.test(name);

/** Imports that run the wrong way, as sentences. */
function wrongWays(imports: readonly Import[]): string[] {
  return imports
    .filter(({ from, to }) => {
      if (from.startsWith("cli/")) return isOurs(to) && !to.startsWith("cli/") && !doors.includes(to);
      if (!isOurs(to)) return to.startsWith(".");
      if (doors.includes(from)) return !to.startsWith("src/");
      const own = leaves[from];
      if (own !== undefined) return !own.includes(to);
      if (leaves[to] !== undefined) return false;
      // What is said stands in one room, which knows no other.
      if (folderOf(to) === "messages") return false;
      return folderOf(to) !== folderOf(from) && !below[folderOf(from)]?.includes(folderOf(to));
    })
    .map(({ from, to }) => `${from} imports ${to}`);
}

/** A way from a file back to itself, if there is one. */
function findCycle(imports: readonly Import[]): string[] | undefined {
  const next = Map.groupBy(imports, ({ from }) => from);
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const { to } of next.get(file) ?? []) {
      const cycle = walk(to, [...path, file]);
      if (cycle !== undefined) return cycle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of next.keys()) {
    const cycle = walk(file, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

/** Everything that is loaded when these files are. */
function loadedWith(files: readonly string[], imports: readonly Import[]): Set<string> {
  const loaded = new Set(files);
  for (const file of loaded) {
    for (const { from, to, how } of imports) if (from === file && how === "static") loaded.add(to);
  }
  return loaded;
}

const files = sourceFiles("src", "cli");
const imports = files.flatMap(readImports);
const importersOf = (name: string): string[] => [
  ...new Set(imports.filter(({ to }) => to === name || to.startsWith(`${name}/`)).map(({ from }) => from)),
];

describe("imports", () => {
  test("are found", () => {
    expect(files).toContain("src/verdict/decide.ts");
    expect(imports).toContainEqual({ from: "cli/start.ts", to: "cli/execute.ts", how: "dynamic" });
    expect(imports).toContainEqual({
      from: "src/operations/sign.ts",
      to: "src/contract/connection.ts",
      how: "type",
    });
    expect(imports).toContainEqual({ from: "cli/execute.ts", to: "commander", how: "static" });
    expect(imports.filter(({ to }) => isOurs(to) && !files.includes(to))).toEqual([]);
  });

  test("run one way, and from cli through the library's door only", () => {
    expect(wrongWays(imports)).toEqual([]);
    expect(new Set(files.map(folderOf).filter((folder) => folder !== ""))).toEqual(
      new Set(Object.keys(below)),
    );
  });

  test("have no cycle between folders, nor between files", () => {
    const folders = imports
      .map(({ from, to, how }) => ({ from: folderOf(from), to: folderOf(to), how }))
      .filter(({ from, to }) => from !== "" && to !== "" && from !== to);
    expect(findCycle(folders)).toBeUndefined();
    // Types may refer to each other; what is loaded must have an order.
    expect(findCycle(imports.filter(({ how, to }) => how === "static" && isOurs(to)))).toBeUndefined();
  });

  test("keep start-up light: no library and no package but commander before a command runs", () => {
    const loaded = [...loadedWith(["cli/main.ts", "cli/execute.ts", "cli/program.ts"], imports)];
    expect(loaded).toContain("cli/commands/command.ts");
    expect(loaded.filter((name) => name.startsWith("src/"))).toEqual([]);
    expect(loaded.filter((name) => !isOurs(name) && !name.startsWith("node:"))).toEqual([
      "commander",
      "package.json",
    ]);
  });

  test("keep containerd's verifier light: it loads Node's own modules alone, each time that an image is pulled", () => {
    expect(files).toContain("cli/containerd-verifier.ts");
    const own = imports.filter(({ from }) => from === "cli/containerd-verifier.ts");
    expect(own.filter(({ to }) => !to.startsWith("node:"))).toEqual([]);
  });

  test("keep the image browser's first paint light: its models load nothing before they are started", () => {
    const loaded = [...loadedWith(["cli/browser/models/browser.ts"], imports)];
    expect(loaded).toContain("cli/browser/models/images.ts");
    expect(loaded.filter((name) => !name.startsWith("cli/"))).toEqual([]);
    expect(imports).toContainEqual({
      from: "cli/browser/models/session.ts",
      to: "cli/browser/models/loaded-later.ts",
      how: "dynamic",
    });
  });

  test("keep what the image browser knows apart from how it is drawn: cli/browser knows no terminal", () => {
    const own = imports.filter(({ from }) => from.startsWith("cli/browser/"));
    expect(own.length).toBeGreaterThan(50);
    const isDrawing = ({ to }: Import): boolean => /^(?:ink|react)(?:\/|$)|^cli\/tui\//.test(to);
    expect(own.filter(isDrawing)).toEqual([]);
  });

  test("of the image browser's terminal have no cycle, types included", () => {
    const own = imports.filter(({ from, to }) => [from, to].every((file) => file.startsWith("cli/tui/")));
    expect(own.length).toBeGreaterThan(50);
    expect(findCycle(own)).toBeUndefined();
  });

  test("of packages stay where they belong", () => {
    expect(importersOf("dockerode")).toHaveLength(1);
    expect(importersOf("yaml")).toEqual(["src/audit/yaml.ts"]);
    expect(importersOf("undici")).toEqual(["src/image/registry/transport.ts"]);
    expect(importersOf("@nomicfoundation/edr")).toEqual(["src/embedded-chain/edr-engine.ts"]);
    const outside = importersOf("ethers").filter(
      (file) => !/^src\/(?:claim|signature|contract|embedded-chain|network)\//.test(file),
    );
    expect(outside).toEqual([]);
    expect(importersOf("commander").filter((file) => !file.startsWith("cli/"))).toEqual([]);
    expect(importersOf("vitest")).toEqual([]);
    const drawing = ["ink", "react", "get-east-asian-width"].flatMap(importersOf);
    expect(drawing.filter((file) => !/^cli\/tui\//.test(file))).toEqual([]);
  });
});

describe("what guards the imports", () => {
  const parse = (from: string, ...lines: string[]): Import[] => parseImports(from, `${lines.join("\n")}\n`);

  test("reads every shape of them", () => {
    const found = parse(
      "src/contract/a.ts",
      'import { x, type Y } from "../claim/claim.ts";',
      "import {",
      "  type Long,",
      '} from "./b.ts";',
      'import type { Z } from "ethers";',
      'import * as fs from "node:fs";',
      'import "./side-effect.ts";',
      'import manifest from "../../package.json" with { type: "json" };',
      'export { x } from "./c.ts";',
      'export type { Q } from "./d.ts";',
      'export * from "./e.ts";',
      'const lazy = await import("../image/image.ts");',
      'type Library = typeof import("../index.ts");',
    );
    expect(found.map(({ to, how }) => `${how} ${to}`)).toEqual([
      "static src/claim/claim.ts",
      "static src/contract/b.ts",
      "type ethers",
      "static node:fs",
      "static src/contract/side-effect.ts",
      "static package.json",
      "static src/contract/c.ts",
      "type src/contract/d.ts",
      "static src/contract/e.ts",
      "dynamic src/image/image.ts",
      "type src/index.ts",
    ]);
  });

  test("takes members of that name for members", () => {
    const lines = [
      "interface X {",
      "  import(name: string): void;",
      "}",
      "x.import(name);",
      "({ import: 1 });",
    ];
    expect(parse("src/contract/a.ts", ...lines)).toEqual([]);
  });

  test.each(["import x from './a.ts';", "await import(name);", 'const x = require("ethers");'])(
    "overlooks nothing: %s",
    (line) => {
      expect(() => parse("src/contract/a.ts", line)).toThrow();
    },
  );

  test.each([
    ["src/digest/digest.ts", "../image/image.ts"],
    ["src/image/open.ts", "../claim/claim.ts"],
    ["src/network/connect.ts", "../verdict/decide.ts"],
    ["src/network/connect.ts", "../index.ts"],
    ["src/network/connect.ts", "../internal.ts"],
    ["src/files.ts", "./home.ts"],
    ["src/errors.ts", "./digest/digest.ts"],
    ["src/operations/sign.ts", "../../cli/context.ts"],
    ["src/operations/sign.ts", "../../test/support/images.ts"],
    ["cli/actions/sign.ts", "../../src/operations/sign.ts"],
    ["cli/execute.ts", "../bench/start.ts"],
  ])("sees %s import %s", (from, to) => {
    for (const line of [
      `import { x } from "${to}";`,
      `import type { X } from "${to}";`,
      `await import("${to}");`,
    ])
      expect(wrongWays(parse(from, line))).toHaveLength(1);
  });

  test("sees cycles, and what start-up would load", () => {
    const cycle = [
      ...parse("src/image/a.ts", 'import "./b.ts";'),
      ...parse("src/image/b.ts", 'import "./a.ts";'),
    ];
    expect(findCycle(cycle)).toEqual(["src/image/a.ts", "src/image/b.ts", "src/image/a.ts"]);
    const heavy = [
      ...parse("cli/execute.ts", 'import "./b.ts";'),
      ...parse("cli/b.ts", 'import "../src/index.ts";'),
    ];
    expect(loadedWith(["cli/execute.ts"], heavy)).toContain("src/index.ts");
  });
});
