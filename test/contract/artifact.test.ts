import { readFileSync } from "node:fs";
import hre from "hardhat";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generatedFile, renderArtifact } from "../../scripts/generate-artifact.ts";
import { registryRuntime } from "../../src/contract/artifact.ts";
import { isRegistryCode } from "../../src/contract/code.ts";
import { RegistryBench } from "../support/registry.ts";

test("the generated artifact is what the sources compile to", async () => {
  await hre.tasks.getTask("build").run({ quiet: true });
  expect(readFileSync(generatedFile, "utf8"), "run `npm run generate`").toBe(renderArtifact());
});

test("the contract fits into a block chain's bound on code (EIP-170)", () => {
  expect(registryRuntime.length).toBeLessThan(24_576);
});

describe("isRegistryCode", () => {
  let bench: RegistryBench;
  let code: string;
  beforeAll(async () => {
    bench = await RegistryBench.deploy(2016);
    code = String(await bench.rpc("eth_getCode", bench.address, "latest"));
  });
  afterAll(() => bench.close());

  test("knows the registry wherever it is deployed", async () => {
    expect(isRegistryCode(code)).toBe(true);
    expect(isRegistryCode(`0x${code.slice(2).toUpperCase()}`)).toBe(true);
    const other = await RegistryBench.deploy(31337);
    const otherCode = String(await other.rpc("eth_getCode", other.address, "latest"));
    expect(otherCode).not.toBe(code);
    expect(isRegistryCode(otherCode)).toBe(true);
    await other.close();
  });

  test("is not taken in by anything else", () => {
    const at = 2 + 2 * 100;
    const flipped = code.slice(0, at) + (code[at] === "0" ? "1" : "0") + code.slice(at + 1);
    const notHex = `${code.slice(0, -1)}g`;
    for (const other of ["", "0x", "0x00", `${code}00`, code.slice(0, -2), code.slice(2), flipped, notHex]) {
      expect(isRegistryCode(other)).toBe(false);
    }
  });
});
