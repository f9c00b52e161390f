import { defineConfig } from "tsdown";
import { barrelEntry } from "./scripts/build/barrel.ts";
import { builtinsByName } from "./scripts/build/builtins.ts";
import { licences } from "./scripts/build/licences.ts";
import { dockerodeInPart } from "./scripts/build/stand-ins.ts";

// One ESM bundle with shared, lazily loaded chunks: start-up is part of every command.
// A command's chunks hold what it uses of the library, and what only a few commands need (dockerode) lands in chunks of its own.
export default defineConfig({
  entry: {
    "cli/main": "cli/main.ts",
    "cli/docker-plugin": "cli/docker-plugin.ts",
    index: "src/index.ts",
    "chain-process": "src/chain/embedded/process.ts",
  },
  format: "esm",
  platform: "node",
  target: "node22",
  outDir: "dist",
  dts: false,
  fixedExtension: false,
  minify: { compress: true, mangle: false, codegen: { removeWhitespace: false } },
  plugins: [
    barrelEntry("src/index.ts"),
    builtinsByName(["cli/main.ts", "cli/docker-plugin.ts", "cli/start.ts", "cli/foreground.ts"]),
    dockerodeInPart(),
    licences("THIRD-PARTY-LICENCES.txt"),
  ],
  // Importing a file of ours does nothing by itself, so that what is not used of it can be left out.
  treeshake: { moduleSideEffects: [{ test: /[\\/](?:src|cli)[\\/]/, sideEffects: false }] },
  deps: {
    neverBundle: ["@nomicfoundation/edr"],
    alwaysBundle: [/^(?!@nomicfoundation\/edr|node:)/],
  },
});
