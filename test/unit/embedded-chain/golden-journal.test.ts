import { cp, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openTestChain, temporaryDirectory } from "../../support/embedded-chain.ts";

const golden = join(import.meta.dirname, "../../vectors/golden-journal");

// An engine for which this fails cannot open the chains that people have: their journals were written for these hashes.
test("the engine makes every block of the golden journal with the hash that it had when the journal was written", async () => {
  await using directory = await temporaryDirectory();
  await cp(golden, directory.path, { recursive: true });
  const chain = await openTestChain(directory.path);
  const expected: string[] = JSON.parse(await readFile(join(golden, "blocks.json"), "utf8"));
  expect(expected).toHaveLength(401);
  const hashes: unknown[] = [];
  for (let number = 0; number <= chain.writer.head.number; number++) {
    const block = await chain.rpc("eth_getBlockByNumber", `0x${number.toString(16)}`, false);
    hashes.push((block as { hash: string }).hash);
  }
  expect(hashes).toEqual(expected);
  await chain.close();
});

test("the engine says its version, which is pinned exactly", async () => {
  await using directory = await temporaryDirectory();
  const chain = await openTestChain(directory.path);
  const { dependencies } = createRequire(import.meta.url)("../../../package.json");
  expect(chain.engine.version).toBe(`edr/${dependencies["@nomicfoundation/edr"]}`);
  await chain.close();
});
