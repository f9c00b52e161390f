import { fileURLToPath } from "node:url";
import hardhatEthers from "@nomicfoundation/hardhat-ethers";
import { defineConfig } from "hardhat/config";

// One build for every chain from London on; test/contract/registry/hardforks.test.ts runs it on later ones too.
// The solc package itself compiles, so that no compiler is ever downloaded.
const compiler = {
  version: "0.8.37",
  path: fileURLToPath(import.meta.resolve("solc/soljson.js")),
  settings: { optimizer: { enabled: true, runs: 200 }, evmVersion: "london", viaIR: true },
};

export default defineConfig({
  plugins: [hardhatEthers],
  solidity: { profiles: { default: compiler, production: compiler } },
  networks: {
    default: { type: "edr-simulated", chainType: "l1", hardfork: "london" },
  },
  paths: { sources: "./contracts", tests: { solidity: "./test/contract/solidity" } },
  test: { solidity: { fuzz: { runs: 256 }, invariant: { runs: 24, depth: 60 } } },
});
