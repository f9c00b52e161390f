import { type BaseWallet, Wallet } from "ethers";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ImageClaim } from "../../../src/claim/claim.ts";
import { type Account, acme, RegistryBench } from "../../support/registry.ts";

let bench: RegistryBench;
let admin: Account;
let signers: Account[];
beforeEach(async () => {
  bench = await RegistryBench.deploy();
});
afterEach(() => bench.close());

async function admit(count: number, threshold: number): Promise<void> {
  ({ admin, signers } = await bench.admitAcme(count, threshold));
}

function signer(index: number): Account {
  const account = signers[index];
  if (account === undefined) throw new Error(`There is no signer ${index}.`);
  return account;
}

describe("a void", () => {
  test("takes down approvals at or after its moment, and claims with them; another approval lifts them", async () => {
    await admit(3, 1);
    const times: number[] = [];
    const claims: ImageClaim[] = [];
    for (const tag of ["before", "at", "after"]) {
      const claim = await bench.claim({ tag });
      await bench.submit(claim, signer(0));
      claims.push(claim);
      times.push(await bench.now());
    }
    const valid = async () =>
      (await Promise.all(claims.map((claim) => bench.state(claim)))).map((state) => state.validApprovals);
    expect(await valid()).toEqual([1, 1, 1]);
    await bench.send(admin, "retireSigner", acme, signer(0).address);
    expect(await valid()).toEqual([1, 1, 1]);
    await bench.send(admin, "voidSigner", acme, signer(0).address, times[1]);
    expect(await valid()).toEqual([1, 0, 0]);
    const [, fallen] = claims as [ImageClaim, ImageClaim];
    expect(await bench.state(fallen)).toMatchObject({ threshold: 1, approvals: 1, validApprovals: 0 });

    expect((await bench.submit(fallen, signer(1))).map(([name]) => name)).toEqual(["RecordApproved"]);
    expect(await bench.state(fallen)).toMatchObject({ threshold: 1, approvals: 2, validApprovals: 1 });
    expect(await valid()).toEqual([1, 1, 0]);
  });

  test("keeps a pending claim from counting with what fell", async () => {
    await admit(4, 2);
    const claim = await bench.claim();
    await bench.submit(claim, signer(0));
    await bench.send(admin, "voidSigner", acme, signer(0).address, 0);
    await bench.submit(claim, signer(1));
    expect(await bench.state(claim)).toMatchObject({ threshold: 0, approvals: 2, validApprovals: 1 });
    expect(await bench.submit(claim, signer(0))).toEqual([]);
    await bench.submit(claim, signer(2));
    expect(await bench.state(claim)).toMatchObject({ threshold: 2, approvals: 3, validApprovals: 2 });
    expect(await bench.isHead(claim)).toBe(true);
  });

  test("of any signers at any moments leaves what a plain count leaves", async () => {
    await admit(5, 3);
    const acts = fc.array(
      fc.oneof(
        { weight: 3, arbitrary: fc.record({ approve: fc.nat(11) }) },
        { weight: 1, arbitrary: fc.record({ void: fc.nat(11), back: fc.nat(40) }) },
      ),
      { minLength: 4, maxLength: 16 },
    );
    let round = 0;
    let roster: (Account | BaseWallet)[] = [...signers];
    await fc.assert(
      fc.asyncProperty(acts, async (steps) => {
        const claim = await bench.claim({ tag: `round-${round++}` });
        const approvals: { address: string; time: number }[] = [];
        const voids = new Map<string, number>();
        let counted = 0;
        for (const step of steps) {
          const index = ("approve" in step ? step.approve : step.void) % roster.length;
          const account = roster[index];
          if (account === undefined) throw new Error("The roster is empty.");
          const { address } = account;
          if ("approve" in step) {
            if (approvals.some((approval) => approval.address === address)) continue;
            const threshold = ((await bench.read("organisation", acme)) as unknown[])[2];
            await bench.submit(claim, account);
            approvals.push({ address, time: await bench.now() });
            const valid = count(approvals, voids);
            if (counted === 0 && valid >= Number(threshold)) counted = Number(threshold);
          } else {
            // A voided signer makes room for a new one, so that the organisation lives on.
            const since = (await bench.now()) - step.back;
            const replacement = Wallet.createRandom();
            await bench.send(admin, "addSigner", acme, replacement.address, "");
            await bench.send(admin, "voidSigner", acme, address, since);
            voids.set(address, since);
            roster = roster.with(index, replacement);
          }
          const state = await bench.state(claim);
          expect(state).toMatchObject({
            threshold: counted,
            approvals: approvals.length,
            validApprovals: count(approvals, voids),
          });
          expect(await bench.isHead(claim)).toBe(counted !== 0);
        }
      }),
      { numRuns: 25 },
    );
  });
});

function count(
  approvals: readonly { address: string; time: number }[],
  voids: ReadonlyMap<string, number>,
): number {
  return approvals.filter(({ address, time }) => time < (voids.get(address) ?? Number.POSITIVE_INFINITY))
    .length;
}
