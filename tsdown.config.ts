import { defineConfig } from "tsdown";

// One ESM bundle with shared, lazily loaded chunks: start-up is part of every command.
// What only a few commands need (ethers, dockerode) lands in chunks of its own.
export default defineConfig({
  entry: {
    "cli/main": "cli/main.ts",
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
  deps: {
    neverBundle: ["@nomicfoundation/edr", "dockerode"],
    alwaysBundle: [/^(?!@nomicfoundation\/edr|dockerode|node:)/],
  },
});
