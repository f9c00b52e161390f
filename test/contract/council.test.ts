import { type BaseContract, Contract, ContractFactory } from "ethers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { councilAbi, councilBytecode } from "../../src/contract/artifact.ts";
import { isCouncilCode } from "../../src/contract/code.ts";
import { type Account, RegistryBench } from "../support/registry.ts";
import { registryInterface } from "../support/registry-interface.ts";

const day = 86_400;
let bench: RegistryBench;
let council: Contract;
let address: string;
let members: [Account, Account, Account];
beforeEach(async () => {
  bench = await RegistryBench.deploy();
  members = bench.accounts.slice(4, 7) as [Account, Account, Account];
  const addresses = members.map((member) => member.address);
  const deployed: BaseContract = await new ContractFactory(
    councilAbi,
    councilBytecode,
    bench.account(0),
  ).deploy(addresses, 2, 24);
  address = await deployed.getAddress();
  council = new Contract(address, councilAbi, bench.account(0));
});
afterEach(() => bench.close());

const act = async (by: Account, name: string, ...args: unknown[]): Promise<void> => {
  const data = council.interface.encodeFunctionData(name, args);
  await (await by.sendTransaction({ to: address, data, gasLimit: 5_000_000 })).wait();
};
const refusal = async (by: Account, name: string, ...args: unknown[]): Promise<string> => {
  const data = council.interface.encodeFunctionData(name, args);
  const answer = await by.call({ to: address, data }).catch((error: { data?: string | { data: string } }) => {
    const thrown = typeof error.data === "object" ? error.data.data : error.data;
    return council.interface.parseError(thrown ?? "0x")?.name;
  });
  return answer ?? "";
};
const own = (name: string, ...args: unknown[]): readonly [string, string] => [
  address,
  council.interface.encodeFunctionData(name, args),
];
const proposalId = (call: readonly [string, string], nonce = 0): Promise<string> =>
  council.getFunction("proposalIdOf").staticCall(...call, nonce);
const wait = async (seconds: number) => {
  await bench.setNextTime((await bench.now()) + seconds);
  await bench.rpc("evm_mine");
};
/** What two members want, after its delay. */
const agree = async (call: readonly [string, string], nonce = 0): Promise<void> => {
  await act(members[0], "propose", ...call, nonce);
  await act(members[1], "approve", await proposalId(call, nonce));
  await wait(day);
  await act(members[0], "execute", ...call, nonce);
};

test("a council becomes governor and admits an organisation", async () => {
  expect(isCouncilCode(String(await bench.rpc("eth_getCode", address, "latest")))).toBe(true);
  await bench.send(bench.account(0), "transferGovernor", address);
  await agree([bench.address, registryInterface.encodeFunctionData("acceptGovernor")]);
  expect(await bench.read("governor")).toBe(address);
  const args = ["acme", "", members[0].address, true, ["docker.io/acme"]];
  await agree([bench.address, registryInterface.encodeFunctionData("admitOrganisation", args)]);
  expect(await bench.read("organisations", 0, 9)).toEqual([["acme"], 1n]);
});

test("nobody acts alone, too early, too late or twice", async () => {
  const call = own("setDelay", 1);
  const id = await proposalId(call);
  const [first, second, third] = members;
  const stranger = bench.account(9);
  for (const [name, ...args] of [
    ["propose", ...call, 0],
    ["approve", id],
    ["withdraw", id],
    ["execute", ...call, 0],
  ] as const) {
    expect(await refusal(stranger, name, ...args)).toBe("NotMember");
  }
  for (const [name, arg] of [
    ["addMember", stranger.address],
    ["removeMember", first.address],
    ["setQuorum", 1],
    ["setDelay", 0],
  ] as const) {
    expect(await refusal(first, name, arg)).toBe("NotCouncil");
  }
  expect(await refusal(first, "approve", id)).toBe("UnknownProposal");
  await act(first, "propose", ...call, 0);
  expect(await refusal(first, "propose", ...call, 0)).toBe("AlreadyProposed");
  expect(await refusal(first, "approve", id)).toBe("AlreadyApproved");
  expect(await refusal(second, "withdraw", id)).toBe("NotApproved");
  await wait(2 * day);
  expect(await refusal(first, "execute", ...call, 0)).toBe("NotReady");
  await act(second, "approve", id);
  expect(await refusal(first, "execute", ...call, 0)).toBe("NotReady");
  await wait(day);
  await act(second, "withdraw", id);
  expect(await refusal(first, "execute", ...call, 0)).toBe("NotReady");
  await act(third, "approve", id);
  expect(await refusal(first, "execute", ...call, 0)).toBe("NotReady");
  await wait(15 * day + 1);
  expect(await refusal(first, "execute", ...call, 0)).toBe("NotReady");
  await act(first, "approve", id);
  await wait(day);
  await act(third, "execute", ...call, 0);
  expect(await council.getFunction("delayHours").staticCall()).toBe(1n);
  for (const name of ["approve", "withdraw"]) expect(await refusal(first, name, id)).toBe("AlreadyExecuted");
  expect(await refusal(first, "execute", ...call, 0)).toBe("AlreadyExecuted");
  const state = await council.getFunction("proposal").staticCall(id);
  expect([...state]).toEqual([2n, expect.any(BigInt), true]);
});

test("members change themselves, and a former member's approvals do not count", async () => {
  const [first, second, third] = members;
  const pending = own("setQuorum", 1);
  const id = await proposalId(pending, 7);
  await act(third, "propose", ...pending, 7);
  await agree(own("removeMember", third.address), 1);
  await act(first, "approve", id);
  expect([...(await council.getFunction("proposal").staticCall(id))]).toEqual([1n, 0n, false]);
  await agree(own("addMember", third.address), 2);
  // Its approval of before does not rise again.
  expect([...(await council.getFunction("proposal").staticCall(id))]).toEqual([1n, 0n, false]);
  expect(await council.getFunction("members").staticCall()).toEqual([
    first.address,
    second.address,
    third.address,
  ]);
  await agree(own("setQuorum", 3), 3);
  for (const [name, arg] of [
    ["removeMember", first.address],
    ["addMember", first.address],
    ["setQuorum", 0],
    ["setDelay", 721],
    ["addMember", address],
  ] as const) {
    const call = own(name, arg);
    for (const member of members) {
      if (member === first) await act(first, "propose", ...call, 9);
      else await act(member, "approve", await proposalId(call, 9));
    }
    await wait(day);
    expect(await refusal(first, "execute", ...call, 9)).toBe("CallFailed");
  }
});
