import { expect, test } from "vitest";
import { acme, RegistryBench } from "../../support/registry.ts";

// One build for all of them: no opcode is younger than London.
test.each(["london", "shanghai", "cancun"])("the registry runs on %s", async (hardfork) => {
  const bench = await RegistryBench.deploy(31337, undefined, { hardfork });
  try {
    const { admin, signers } = await bench.admitAcme(2, 2);
    const claim = await bench.claim();
    await bench.submit(claim, ...signers);
    await bench.submitBatch([claim, { ...claim, tag: "b", issuedAt: claim.issuedAt + 1 }], ...signers);
    expect(await bench.isHead(claim)).toBe(true);
    await bench.send(admin, "setDelay", acme, 24);
    await bench.send(admin, "setThreshold", acme, 1);
    expect(await bench.read("waitingActs", acme)).toHaveLength(1);
    await bench.send(admin, "revokeClaim", acme, bench.idOf(claim), "");
    expect((await bench.state(claim)).revokedAt).toBe(await bench.now());
  } finally {
    await bench.close();
  }
});

test("no deployment takes more than 4.4 million gas", async () => {
  const bench = await RegistryBench.deploy();
  for (const block of ["0x1", "0x2"]) {
    const { transactions } = (await bench.rpc("eth_getBlockByNumber", block, false)) as {
      transactions: string[];
    };
    const receipt = (await bench.rpc("eth_getTransactionReceipt", transactions[0])) as { gasUsed: string };
    expect(Number(receipt.gasUsed)).toBeLessThan(4_400_000);
  }
  await bench.close();
});
