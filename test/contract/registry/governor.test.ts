import { ContractFactory, ZeroAddress, ZeroHash } from "ethers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { registryAbi } from "../../../src/contract/artifact.ts";
import { acme, RegistryBench, testedCode } from "../../support/registry.ts";

let bench: RegistryBench;
beforeEach(async () => {
  bench = await RegistryBench.deploy();
});
afterEach(() => bench.close());

describe("the governor", () => {
  test("is who the deployment named, and nobody is not accepted", async () => {
    const [governor, other] = [bench.account(0), bench.account(5)];
    expect(await bench.read("governor")).toBe(governor.address);
    expect(await bench.read("governorCandidate")).toBe(ZeroAddress);

    const factory = new ContractFactory(
      registryAbi,
      testedCode.registry.replaceAll(/__\$[0-9a-f]{34}\$__/g, "00".repeat(20)),
      governor,
    );
    expect(await bench.errorOf(factory.deploy(ZeroAddress, ZeroAddress, ZeroHash, 0))).toEqual([
      "AddressZero",
    ]);
    const deployed = await factory.deploy(other.address, ZeroAddress, ZeroHash, 0);
    const receipt = await deployed.deploymentTransaction()?.wait();
    const events = receipt?.logs.map((log) => bench.contract.interface.parseLog(log));
    expect(events?.map((event) => [event?.name, ...(event?.args ?? [])])).toEqual([
      ["GovernorTransferred", ZeroAddress, other.address],
      ["DelayChanged", ZeroHash, 0n, other.address],
    ]);
  });

  test("hands over in two steps", async () => {
    const [governor, candidate, other] = [bench.account(0), bench.account(1), bench.account(2)];
    expect(await bench.revert(candidate, "transferGovernor", candidate.address)).toEqual([
      "NotGovernor",
      candidate.address,
    ]);
    expect(await bench.revert(candidate, "acceptGovernor")).toEqual([
      "NotGovernorCandidate",
      candidate.address,
    ]);

    expect(await bench.send(governor, "transferGovernor", candidate.address)).toEqual([
      ["GovernorTransferStarted", governor.address, candidate.address],
    ]);
    expect(await bench.read("governor")).toBe(governor.address);
    expect(await bench.read("governorCandidate")).toBe(candidate.address);
    expect(await bench.revert(other, "acceptGovernor")).toEqual(["NotGovernorCandidate", other.address]);

    expect(await bench.send(candidate, "acceptGovernor")).toEqual([
      ["GovernorTransferred", governor.address, candidate.address],
    ]);
    expect(await bench.read("governor")).toBe(candidate.address);
    expect(await bench.read("governorCandidate")).toBe(ZeroAddress);
    expect(await bench.revert(governor, "transferGovernor", governor.address)).toEqual([
      "NotGovernor",
      governor.address,
    ]);
    expect(await bench.revert(candidate, "acceptGovernor")).toEqual([
      "NotGovernorCandidate",
      candidate.address,
    ]);
  });

  test("can withdraw an offer", async () => {
    const [governor, candidate] = [bench.account(0), bench.account(1)];
    await bench.send(governor, "transferGovernor", candidate.address);
    expect(await bench.send(governor, "transferGovernor", ZeroAddress)).toEqual([
      ["GovernorTransferStarted", governor.address, ZeroAddress],
    ]);
    expect(await bench.revert(candidate, "acceptGovernor")).toEqual([
      "NotGovernorCandidate",
      candidate.address,
    ]);
  });

  test("alone admits organisations and gives namespaces, and has no say within them", async () => {
    const [governor, stranger] = [bench.account(0), bench.account(7)];
    const { admin, signers } = await bench.admitAcme(1);
    for (const account of [admin, stranger]) {
      expect(
        await bench.revert(account, "admitOrganisation", "globex", "", account.address, false, []),
      ).toEqual(["NotGovernor", account.address]);
      expect(await bench.revert(account, "addNamespace", acme, "docker.io/acme")).toEqual([
        "NotGovernor",
        account.address,
      ]);
    }
    const signer = signers[0]?.address;
    const acts: [string, ...unknown[]][] = [
      ["setDisplayName", acme, ""],
      ["removeNamespace", acme, ""],
      ["addAdmin", acme, governor.address],
      ["removeAdmin", acme, admin.address],
      ["addSigner", acme, governor.address, ""],
      ["retireSigner", acme, signer],
      ["voidSigner", acme, signer, 1],
      ["replaceSigner", acme, signer, governor.address],
      ["setThreshold", acme, 1],
      ["revokeDigests", acme, [`0x${"11".repeat(32)}`], ""],
    ];
    for (const [name, ...args] of acts) {
      for (const account of [governor, stranger]) {
        expect([name, await bench.revert(account, name, ...args)]).toEqual([
          name,
          ["NotAdmin", acme, account.address],
        ]);
      }
      const unknown = `0x${"99".repeat(32)}`;
      expect(await bench.revert(admin, name, unknown, ...args.slice(1))).toEqual([
        "UnknownOrganisation",
        unknown,
      ]);
    }
  });

  test("takes no ether", async () => {
    const { address } = bench;
    await expect(
      bench.account(0).sendTransaction({ to: address, value: 1n, gasLimit: 100_000 }),
    ).rejects.toThrow();
    expect(
      registryAbi.every((entry) => !("stateMutability" in entry) || `${entry.stateMutability}` !== "payable"),
    ).toBe(true);
  });
});
