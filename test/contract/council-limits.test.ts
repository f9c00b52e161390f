import { Contract, ContractFactory, Interface } from "ethers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { councilAbi, councilBytecode } from "../../src/contract/artifact.ts";
import { type Account, RegistryBench } from "../support/registry.ts";

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

const own = (name: string, ...args: unknown[]): string => abi.encodeFunctionData(name, args);

test("a call that fails is not spent", async () => {
  const bad = own("removeMember", stranger.address);
  await send(one, "propose", address, bad, 0);
  const id = await idOf(address, bad);
  await send(two, "approve", id);
  await wait(24 * hour);
  expect(await refusal(send(one, "execute", address, bad, 0))).toBe("CallFailed");
  expect((await council.getFunction("proposal").staticCall(id)).executed).toBe(false);
});

test.each([
  ["a quorum of none", 0, 0, 0],
  ["a quorum out of reach", 4, 0, 0],
  ["too long a delay", 1, 721, 0],
  ["one member twice", 1, 0, 1],
])("a council cannot begin with %s", async (_, quorum, delay, twice) => {
  const members = [one.address, two.address, twice === 1 ? one.address : three.address];
  expect(await refusal(deploy(members, quorum, delay))).toMatch(/Invalid|AlreadyMember/);
});

test("members are at most 32, and never the zero address", async () => {
  const many = Array.from({ length: 33 }, (_, i) => `0x${`${i + 1}`.padStart(40, "0")}`);
  expect(await refusal(deploy(many, 1, 0))).toBe("TooManyMembers");
  expect(await refusal(deploy([`0x${"00".repeat(20)}`], 1, 0))).toBe("MemberInvalid");
});
