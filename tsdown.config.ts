import { defineConfig } from "tsdown";
import { asciiChunks } from "./scripts/build/ascii.ts";
import { barrelEntry } from "./scripts/build/barrel.ts";
import { builtinsByName } from "./scripts/build/builtins.ts";
import { licences } from "./scripts/build/licences.ts";
import { dockerodeInPart, inkInPart } from "./scripts/build/stand-ins.ts";

// One ESM bundle with shared, lazily loaded chunks: start-up is part of every command.
// A command's chunks hold what it uses of the library, and what only a few commands need (dockerode) lands in chunks of its own.
export default defineConfig({
  entry: {
    "cli/main": "cli/main.ts",
    "cli/docker-plugin": "cli/docker-plugin.ts",
    "cli/containerd-verifier": "cli/containerd-verifier.ts",
    index: "src/index.ts",
    internal: "src/internal.ts",
    "chain-process": "src/embedded-chain/process.ts",
  },
  format: "esm",
  platform: "node",
  target: "node22.13",
  outDir: "dist",
  dts: false,
  fixedExtension: false,
  // React has a build for those who develop with it and one for those who use it.
  define: { "process.env.NODE_ENV": '"production"' },
  minify: { compress: true, mangle: false, codegen: { removeWhitespace: false } },
  plugins: [
    barrelEntry("src/index.ts"),
    barrelEntry("src/internal.ts"),
    dockerodeInPart(),
    inkInPart(),
    builtinsByName([
      "cli/main.ts",
      "cli/docker-plugin.ts",
      "cli/containerd-verifier.ts",
      "cli/start.ts",
      "cli/foreground.ts",
    ]),
    asciiChunks(),
    licences("THIRD-PARTY-LICENCES.txt"),
  ],
  // Importing a file of ours does nothing by itself, so that what is not used of it can be left out.
  treeshake: { moduleSideEffects: [{ test: /[\\/](?:src|cli)[\\/]/, sideEffects: false }] },
  // Each file costs a command a part of a millisecond: verify, the command that is run most, needs few.
  outputOptions: {
    codeSplitting: {
      groups: [
        {
          name: "start",
          test: /builtin:node:(?:child_process|events|fs|path|process|stream|util)$|[\\/]cli[\\/](?:signals|exit-codes|lost-output|terminal|output[\\/](?:bytes|sanitize))\.ts$/,
          priority: 2,
        },
        {
          name: "base",
          test: /[\\/](?:src[\\/](?:errors|files|home)|cli[\\/](?:context|output[\\/]\w+))\.ts$/,
          priority: 1,
        },
        {
          name: "docker",
          test: /[\\/](?:src[\\/]image[\\/](?:docker[\\/]daemon|registry[\\/]fallback)\.ts$|node_modules[\\/]dockerode[\\/])/,
        },
        { name: "verify", test: /[\\/]cli[\\/]actions[\\/]verify\.ts$/ },
      ],
    },
  },
  deps: {
    neverBundle: ["@nomicfoundation/edr"],
    alwaysBundle: [/^(?!@nomicfoundation\/edr|node:)/],
  },
});
