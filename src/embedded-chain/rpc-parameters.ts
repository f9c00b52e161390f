import { maximumGas } from "./configuration.ts";
import { EngineError } from "./engine.ts";

/** Parameters of JSON-RPC requests: what passes here is all that reaches the engine. */

const blockTags = new Set(["latest", "pending", "earliest", "safe", "finalized"]);

/** Bytes of a call's input. */
const maximumInputBytes = 262_144;

export function invalidParameter(message: string): EngineError {
  return new EngineError(-32602, message);
}

export function toAddress(value: unknown, name: string): string {
  return toHex(value, name, 20, 20);
}

export function toHash(value: unknown, name: string): string {
  return toHex(value, name, 32, 32);
}

/** @returns the value in lowercase */
export function toHex(value: unknown, name: string, minimumBytes: number, maximumBytes: number): string {
  if (
    typeof value === "string" &&
    value.length <= 2 + 2 * maximumBytes &&
    /^0x(?:[0-9a-f]{2})*$/i.test(value)
  ) {
    if (value.length >= 2 + 2 * minimumBytes) return value.toLowerCase();
  }
  const size = minimumBytes === maximumBytes ? `${minimumBytes}` : `at most ${maximumBytes}`;
  throw invalidParameter(`${name} must be ${size} bytes in hex with 0x`);
}

/** A quantity of at most 256 bits: `0x` and hex without leading zeros (leading zeros are forgiven). */
export function toQuantity(value: unknown, name: string): string {
  if (typeof value === "string" && /^0x[0-9a-f]{1,64}$/i.test(value))
    return `0x${BigInt(value).toString(16)}`;
  throw invalidParameter(`${name} must be a number in hex with 0x`);
}

export function toBoolean(value: unknown, name: string): boolean {
  if (value === undefined) return false;
  if (typeof value === "boolean") return value;
  throw invalidParameter(`${name} must be true or false`);
}

export type BlockReference = string | { readonly blockHash: string };

/**
 * A block tag, number or hash (EIP-1898). Nothing waits between blocks, so "pending" is the latest block, and every
 * block here is final.
 */
export function toBlock(value: unknown): BlockReference {
  if (value === undefined || value === null) return "latest";
  if (typeof value === "string") {
    if (value === "earliest") return "earliest";
    if (blockTags.has(value)) return "latest";
    const number = toQuantity(value, "the block");
    if (number.length > 15) throw invalidParameter("the block number is too large");
    return number;
  }
  if (isObject(value)) {
    if (value["blockHash"] !== undefined) return { blockHash: toHash(value["blockHash"], "blockHash") };
    if (value["blockNumber"] !== undefined) return toBlock(value["blockNumber"]);
  }
  throw invalidParameter("the block must be a tag, a number in hex, or an object with blockHash");
}

/**
 * A call's fields, limited to those that matter where nothing has a price; everything else is left out. The gas is cut
 * to what one call may use.
 */
export function toCall(value: unknown): Record<string, string> {
  if (!isObject(value)) throw invalidParameter("the call must be an object");
  const call: Record<string, string> = {};
  if (value["from"] !== undefined && value["from"] !== null) call["from"] = toAddress(value["from"], "from");
  if (value["to"] !== undefined && value["to"] !== null) call["to"] = toAddress(value["to"], "to");
  const input = value["input"] ?? value["data"];
  if (input !== undefined && input !== null) call["data"] = toHex(input, "data", 0, maximumInputBytes);
  if (value["value"] !== undefined && value["value"] !== null)
    call["value"] = toQuantity(value["value"], "value");
  if (value["gas"] !== undefined && value["gas"] !== null) {
    const gas = BigInt(toQuantity(value["gas"], "gas"));
    call["gas"] = `0x${(gas > maximumGas ? maximumGas : gas).toString(16)}`;
  }
  return call;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
