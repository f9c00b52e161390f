import { Contract, ContractFactory, Interface } from "ethers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { councilAbi, councilBytecode } from "../../src/contract/artifact.ts";
import { isCouncilCode } from "../../src/contract/code.ts";
import { type Account, acme, RegistryBench } from "../support/registry.ts";

const hour = 3600;
const abi = new Interface(councilAbi);

let bench: RegistryBench;
let council: Contract;
let address: string;
let one: Account;
let two: Account;
let three: Account;
let stranger: Account;
beforeEach(async () => {
  bench = await RegistryBench.deploy();
  [one, two, three, stranger] = bench.accounts.slice(5, 9) as [Account, Account, Account, Account];
  council = await deploy([one.address, two.address, three.address], 2, 24);
  address = await council.getAddress();
});
afterEach(() => bench.close());

async function deploy(members: string[], quorum: number, delay: number): Promise<Contract> {
  const factory = new ContractFactory(councilAbi, councilBytecode, bench.account(0));
  const deployed = await (await factory.deploy(members, quorum, delay)).waitForDeployment();
  return new Contract(await deployed.getAddress(), councilAbi, bench.account(0));
}

async function send(from: Account, name: string, ...args: unknown[]): Promise<void> {
  const data = abi.encodeFunctionData(name, args);
  await (await from.sendTransaction({ to: address, data, gasLimit: 5_000_000 })).wait();
}

/** The name of the council's error with which an act fails. */
async function refusal(act: Promise<unknown>): Promise<string> {
  try {
    await act;
  } catch (error) {
    // The chain names an error itself where only one contract that it knows has it.
    const text = String(error);
    const data = /return data: (0x[0-9a-f]+)/.exec(text)?.[1];
    const unnamed = data === undefined ? undefined : abi.parseError(data)?.name;
    return unnamed ?? /custom error '?(\w+)\(/.exec(text)?.[1] ?? text;
  }
  return "nothing";
}

const idOf = (target: string, data: string, nonce = 0): Promise<string> =>
  council.getFunction("proposalIdOf").staticCall(target, data, nonce);
const wait = async (seconds: number): Promise<void> => {
  await bench.setNextTime((await bench.now()) + seconds);
};

/** Proposed by one, approved by two, executed by three after the delay. */
async function decide(target: string, data: string, nonce = 0, delay = 24 * hour): Promise<void> {
  await send(one, "propose", target, data, nonce);
  await send(two, "approve", await idOf(target, data, nonce));
  await wait(delay);
  await send(three, "execute", target, data, nonce);
}

const own = (name: string, ...args: unknown[]): string => abi.encodeFunctionData(name, args);

test("a council governs a registry, and what it decides waits", async () => {
  await bench.send(bench.account(0), "transferGovernor", address);
  await decide(bench.address, bench.contract.interface.encodeFunctionData("acceptGovernor"));
  expect(await bench.read("governor")).toBe(address);
  expect((await bench.revert(bench.account(0), "addNamespace", acme, "x"))[0]).toBe("NotGovernor");
  const admit = bench.contract.interface.encodeFunctionData("admitOrganisation", [
    "acme",
    "",
    stranger.address,
    true,
    [],
  ]);
  await decide(bench.address, admit);
  expect(await bench.read("isAdmin", acme, stranger.address)).toBe(true);
});

test("its code is pinned", async () => {
  const code = String(await bench.rpc("eth_getCode", address, "latest"));
  expect(isCouncilCode(code)).toBe(true);
  expect(isCouncilCode(`${code.slice(0, -2)}00`)).toBe(false);
});

describe("a call", () => {
  const data = own("setQuorum", 3);

  test("is made by nobody alone, and not before its time or 14 days after", async () => {
    await send(one, "propose", address, data, 0);
    const id = await idOf(address, data);
    expect(await refusal(send(one, "execute", address, data, 0))).toBe("NotReady");
    expect(await refusal(send(one, "approve", id))).toBe("AlreadyApproved");
    await send(two, "approve", id);
    const { readyAt } = await council.getFunction("proposal").staticCall(id);
    expect(Number(readyAt)).toBe((await bench.now()) + 24 * hour);
    await bench.setNextTime(Number(readyAt) - 1);
    expect(await refusal(send(one, "execute", address, data, 0))).toBe("NotReady");
    await bench.setNextTime(Number(readyAt) + 14 * 24 * hour + 1);
    expect(await refusal(send(one, "execute", address, data, 0))).toBe("NotReady");
    // Approved again, it waits again.
    await send(one, "approve", id);
    expect(await refusal(send(one, "execute", address, data, 0))).toBe("NotReady");
    await wait(24 * hour);
    await send(one, "execute", address, data, 0);
    expect(await council.getFunction("quorum").staticCall()).toBe(3n);
    expect(await refusal(send(one, "execute", address, data, 0))).toBe("AlreadyExecuted");
    expect(await refusal(send(one, "approve", id))).toBe("AlreadyExecuted");
    expect(await refusal(send(one, "withdraw", id))).toBe("AlreadyExecuted");
    expect(await refusal(send(one, "propose", address, data, 0))).toBe("AlreadyProposed");
  });

  test("waits anew where an approval was withdrawn", async () => {
    await send(one, "propose", address, data, 0);
    const id = await idOf(address, data);
    await send(two, "approve", id);
    await send(two, "withdraw", id);
    expect(await refusal(send(two, "withdraw", id))).toBe("NotApproved");
    await wait(24 * hour);
    expect(await refusal(send(one, "execute", address, data, 0))).toBe("NotReady");
    await send(three, "approve", id);
    expect(await refusal(send(one, "execute", address, data, 0))).toBe("NotReady");
  });

  test("that fails is not spent", async () => {
    const bad = own("removeMember", stranger.address);
    await send(one, "propose", address, bad, 0);
    const id = await idOf(address, bad);
    await send(two, "approve", id);
    await wait(24 * hour);
    expect(await refusal(send(one, "execute", address, bad, 0))).toBe("CallFailed");
    expect((await council.getFunction("proposal").staticCall(id)).executed).toBe(false);
  });

  test("is no stranger's affair", async () => {
    expect(await refusal(send(stranger, "propose", address, data, 0))).toBe("NotMember");
    await send(one, "propose", address, data, 0);
    const id = await idOf(address, data);
    expect(await refusal(send(stranger, "approve", id))).toBe("NotMember");
    expect(await refusal(send(stranger, "withdraw", id))).toBe("NotMember");
    expect(await refusal(send(stranger, "execute", address, data, 0))).toBe("NotMember");
    expect(await refusal(send(one, "approve", await idOf(address, data, 1)))).toBe("UnknownProposal");
  });
});

describe("members", () => {
  test("change by the council alone", async () => {
    for (const [name, ...args] of [
      ["addMember", stranger.address],
      ["removeMember", two.address],
      ["setQuorum", 1],
      ["setDelay", 0],
    ] as [string, ...unknown[]][]) {
      expect(await refusal(send(one, name, ...args))).toBe("NotCouncil");
    }
    await decide(address, own("addMember", stranger.address));
    await decide(address, own("removeMember", three.address));
    expect(await council.getFunction("members").staticCall()).toEqual([
      one.address,
      two.address,
      stranger.address,
    ]);
  });

  test("who leave take their approvals with them, and do not bring them back", async () => {
    const data = own("setDelay", 0);
    await send(one, "propose", address, data, 0);
    const id = await idOf(address, data);
    await send(three, "approve", id);
    await decide(address, own("removeMember", three.address));
    const { approvals } = await council.getFunction("proposal").staticCall(id);
    expect(approvals).toBe(1n);
    await send(one, "propose", address, own("addMember", three.address), 7);
    await send(two, "approve", await idOf(address, own("addMember", three.address), 7));
    await wait(24 * hour);
    await send(one, "execute", address, own("addMember", three.address), 7);
    expect((await council.getFunction("proposal").staticCall(id)).approvals).toBe(1n);
    expect(await refusal(send(one, "execute", address, data, 0))).toBe("NotReady");
  });

  test.each([
    ["a quorum of none", 0, 0, 0],
    ["a quorum out of reach", 4, 0, 0],
    ["too long a delay", 1, 721, 0],
    ["one member twice", 1, 0, 1],
  ])("cannot begin with %s", async (_, quorum, delay, twice) => {
    const members = [one.address, two.address, twice === 1 ? one.address : three.address];
    expect(await refusal(deploy(members, quorum, delay))).toMatch(/Invalid|AlreadyMember/);
  });

  test("are at most 32, and never the zero address", async () => {
    const many = Array.from({ length: 33 }, (_, i) => `0x${`${i + 1}`.padStart(40, "0")}`);
    expect(await refusal(deploy(many, 1, 0))).toBe("TooManyMembers");
    expect(await refusal(deploy([`0x${"00".repeat(20)}`], 1, 0))).toBe("MemberInvalid");
  });
});
