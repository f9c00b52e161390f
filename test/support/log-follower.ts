import { concat, keccak256, toBeHex, zeroPadValue } from "ethers";

/** A log as eth_getLogs gives it, with its block's time. */
export interface TimedLog {
  readonly topics: readonly string[];
  readonly data: string;
  readonly time: number;
}

/** Which of an event's topics names its organisation; docs/specs/claim.md, "The log". */
export type OrganisationTopic = (selector: string) => number | "governor" | "none";

/** Every organisation's log, recomputed from events alone: acts and the 24 bytes of the hash. */
export function foldLogs(logs: readonly TimedLog[], topicOf: OrganisationTopic): Map<string, bigint> {
  const words = new Map<string, bigint>();
  for (const { topics, data, time } of logs) {
    const at = topicOf(topics[0] ?? "");
    if (at === "none") continue;
    const organisation = at === "governor" ? toBeHex(0, 32) : (topics[at] ?? "");
    const word = words.get(organisation) ?? 0n;
    const fact = keccak256(concat([...topics, data]));
    const hash = keccak256(concat([toBeHex(word, 32), zeroPadValue(toBeHex(time), 32), fact]));
    const acts = (word & 0xffffffffffffn) + 1n;
    words.set(organisation, ((BigInt(hash) >> 64n) << 48n) | acts);
  }
  return words;
}
