import { AbiCoder, Interface, id, keccak256, type LogDescription, type Result } from "ethers";
import { type DaoChainError, failure } from "../errors.ts";
import { JsonRpcFailure, type Rpc } from "../rpc/json-rpc.ts";
import { TimeSlices } from "../time-slices.ts";
import { registryAbi } from "./artifact.ts";
import { isRegistryCode } from "./code.ts";
import type { Connection } from "./connection.ts";
import { ruleViolation } from "./rules.ts";

const interfaces = new Map<string, Interface>();
/** Names of events by their topics, as far as they were asked for. */
const eventNames = new Map<string, string>();

/**
 * The registry's interface, or the part of it that has one name. Parts are made when they are asked for: to take in all of the ABI
 * takes longer than most questions to the chain.
 */
export function registryInterface(name?: string): Interface {
  const key = name ?? "";
  let made = interfaces.get(key);
  if (made === undefined) {
    made = new Interface(
      registryAbi.filter((entry) => name === undefined || ("name" in entry && entry.name === name)),
    );
    interfaces.set(key, made);
  }
  return made;
}

/** A block to read at, so that several reads tell of one moment. Times are in seconds since 1970. */
export interface BlockReference {
  readonly number: number;
  readonly time: number;
}

/** An event of the registry, decoded. */
export interface RegistryEvent {
  readonly name: string;
  readonly args: Result;
  readonly block: number;
  readonly transaction: string;
  /** position among the block's logs */
  readonly index: number;
}

/** Events that one question may bring; beyond it the answer is refused rather than cut. */
const maxEvents = 10_000;
/** How often a question may be divided because the endpoint finds too much at once (-32005, EIP-1474). */
const maxDivisions = 256;
const tooMuch = -32005;
/** The last second that a date can show (ECMA-262, "Time Values and Time Range"). */
const lastSecond = 8_640_000_000_000;

/** @throws CHAIN_NUMBER_INVALID, CHAIN_TIME_INVALID, CHAIN_REFUSED, and as `JsonRpc.call` */
export async function readBlock(rpc: Rpc, tag: "latest" | number = "latest"): Promise<BlockReference> {
  const block = await rpc
    .call("eth_getBlockByNumber", tag === "latest" ? tag : toQuantity(tag), false)
    .catch(refused(rpc));
  if (block === null && tag !== "latest") throw failure("BLOCK_MISSING", { chain: rpc.label, block: tag });
  const field = (key: string): number => fromQuantity((block as Record<string, unknown> | null)?.[key]);
  const reference = { number: field("number"), time: field("timestamp") };
  if (reference.time <= lastSecond) return reference;
  throw failure("CHAIN_TIME_INVALID", { endpoint: rpc.label });
}

/**
 * The newest block that is not younger than a moment.
 * @param time seconds since 1970
 * @throws MOMENT_BEFORE_CHAIN where the chain is younger; as `readBlock`
 */
export async function readBlockAt(rpc: Rpc, time: number): Promise<BlockReference> {
  let low = await readBlock(rpc, 0);
  let high = await readBlock(rpc);
  if (low.time > time) throw failure("MOMENT_BEFORE_CHAIN", { endpoint: rpc.label, begin: toIso(low.time) });
  if (high.time <= time) return high;
  while (high.number - low.number > 1) {
    const middle = await readBlock(rpc, Math.floor((low.number + high.number) / 2));
    if (middle.time <= time) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * Makes sure that an endpoint still has the registry's state of a past block: one that has dropped it answers with
 * zeros, which would read as "nothing was revoked".
 * @throws STATE_MISSING, CHAIN_REFUSED, and as `JsonRpc.call`
 */
export async function requireState({ rpc, profile }: Connection, block: BlockReference): Promise<void> {
  const code = await rpc.call("eth_getCode", profile.registry, toQuantity(block.number)).catch(refused(rpc));
  if (typeof code === "string" && isRegistryCode(code)) return;
  throw failure("STATE_MISSING", { endpoint: rpc.label, block: block.number });
}

/**
 * Calls a view of the registry.
 * @param block the block to read at
 * @throws CONTRACT_ANSWER_INVALID, CHAIN_REFUSED, the codes of the contract's rules, and as `JsonRpc.callAll`
 */
export async function callRegistry(
  connection: Connection,
  method: string,
  args: readonly unknown[],
  block: BlockReference | "latest" = "latest",
): Promise<Result> {
  const [result] = await callRegistryAll(connection, [[method, args]], block);
  return result as Result;
}

/** Calls many views of the registry in few requests. @throws as `callRegistry` */
export async function callRegistryAll(
  { rpc, profile }: Connection,
  calls: readonly (readonly [method: string, args: readonly unknown[]])[],
  block: BlockReference | "latest" = "latest",
): Promise<Result[]> {
  const at = block === "latest" ? block : toQuantity(block.number);
  const answers = await rpc.callAll(
    calls.map(([method, args]) => {
      const data = registryInterface(method).encodeFunctionData(method, args);
      return ["eth_call", { to: profile.registry, data }, at];
    }),
  );
  return calls.map(([method], i) => {
    const answer = answers[i];
    if (answer instanceof JsonRpcFailure) throw toRegistryError(rpc, answer);
    try {
      return registryInterface(method).decodeFunctionResult(method, String(answer));
    } catch (cause) {
      throw failure("CONTRACT_ANSWER_INVALID", { endpoint: rpc.label }, { cause });
    }
  });
}

/**
 * Events of the registry between two blocks, both included, oldest first.
 * @param topics one entry per topic: a value, alternatives, or null for any
 * @param limit events at most
 * @throws TOO_MANY_EVENTS, EVENTS_INVALID, CHAIN_REFUSED, and as `JsonRpc.call`
 */
export async function readEvents(
  connection: Connection,
  topics: readonly (string | readonly string[] | null)[],
  window: { from: number; to: number },
  limit = maxEvents,
): Promise<RegistryEvent[]> {
  const { rpc, profile } = connection;
  const events: RegistryEvent[] = [];
  const slices = new TimeSlices(rpc.signal);
  const windows = [window];
  let divisions = 0;
  for (let at = windows.pop(); at !== undefined; at = windows.pop()) {
    const { from, to } = at;
    const filter = {
      address: profile.registry,
      topics,
      fromBlock: toQuantity(from),
      toBlock: toQuantity(to),
    };
    const answer = await rpc.call("eth_getLogs", filter).catch((error) => {
      if (error instanceof JsonRpcFailure && error.code === tooMuch && from < to) return undefined;
      throw toRegistryError(rpc, error);
    });
    if (answer === undefined && ++divisions <= maxDivisions) {
      const middle = Math.floor((from + to) / 2);
      windows.push({ from: middle + 1, to }, { from, to: middle });
      continue;
    }
    if (answer !== undefined && !Array.isArray(answer)) throw invalidEvents(rpc);
    if (answer === undefined || events.length + answer.length > limit) {
      throw failure("TOO_MANY_EVENTS", { endpoint: rpc.label, limit });
    }
    for (const log of answer) {
      events.push(toEvent(rpc, profile.registry, log));
      if (slices.isOver) await slices.rest();
    }
  }
  return events;
}

/**
 * What an event says, as far as it can be read. Whoever sent the transaction chose its texts: what is not UTF-8 is
 * decoded without complaint, and throws only where it is looked at.
 */
export function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** A tag's key in the registry, as its events carry it (docs/specs/claim.md, "Storage"); zeros without a tag. */
export function tagKey(organisation: string, repository: string, tag: string): string {
  if (tag === "") return `0x${"0".repeat(64)}`;
  const words = [organisation, id(repository), id(tag)];
  return keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "bytes32", "bytes32"], words));
}

/** The topic of an event of the registry. */
export function eventTopic(name: string): string {
  const event = registryInterface(name).getEvent(name);
  if (event === null) throw new Error(`the registry has no event ${name}`);
  const { topicHash } = event;
  eventNames.set(topicHash, name);
  return topicHash;
}

/** An endpoint's refusal as an error for people: the rule's sentence where a rule of the contract refused. */
export function toRegistryError(rpc: Rpc, error: unknown): unknown {
  if (!(error instanceof JsonRpcFailure)) return error;
  const violation = error.data === undefined ? undefined : ruleViolation(registryInterface(), error.data);
  if (violation !== undefined) return violation;
  if (/no space|ENOSPC|disk/i.test(error.message))
    return failure("CHAIN_FULL", { endpoint: rpc.label }, { cause: error });
  const reason = error.message.replace(/[.\s]+$/, "");
  return failure("CHAIN_REFUSED", { endpoint: rpc.label, reason }, { cause: error });
}

/** A block's time as people read it. */
function toIso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

export function toQuantity(value: number): string {
  return `0x${value.toString(16)}`;
}

/** @throws CHAIN_NUMBER_INVALID */
export function fromQuantity(value: unknown): number {
  if (typeof value === "string" && /^0x[0-9a-f]{1,13}$/i.test(value)) return Number(value);
  throw failure("CHAIN_NUMBER_INVALID");
}

function refused(rpc: Rpc): (error: unknown) => never {
  return (error) => {
    throw toRegistryError(rpc, error);
  };
}

/** What an endpoint gave for the registry's events is not that. */
export function invalidEvents(rpc: Rpc, cause?: unknown): DaoChainError {
  return failure("EVENTS_INVALID", { endpoint: rpc.label }, { cause });
}

/** @param log as the endpoint gave it @throws EVENTS_INVALID where it is not an event of the registry */
export function toEvent(rpc: Rpc, registry: string, log: unknown): RegistryEvent {
  let parsed: LogDescription | null = null;
  let cause: unknown;
  const fields = log as Record<string, unknown>;
  try {
    if (String(fields["address"]).toLowerCase() !== registry.toLowerCase())
      throw new Error("another contract's");
    const topics = (fields["topics"] as unknown[]).map(String);
    parsed = registryInterface(eventNames.get(topics[0] ?? "")).parseLog({
      topics,
      data: String(fields["data"]),
    });
  } catch (error) {
    cause = error;
  }
  if (parsed === null) throw invalidEvents(rpc, cause);
  return {
    name: parsed.name,
    args: parsed.args,
    block: fromQuantity(fields["blockNumber"]),
    transaction: String(fields["transactionHash"]),
    index: fromQuantity(fields["logIndex"]),
  };
}
