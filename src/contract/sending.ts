import { setTimeout as sleep } from "node:timers/promises";
import { keccak256 } from "ethers";
import { failure, isDaoChainError } from "../errors.ts";
import { JsonRpcFailure, type Rpc } from "../rpc/json-rpc.ts";
import type { Signer } from "../signature/signer.ts";
import { inTurn } from "./account-lock.ts";
import { fromQuantity, toRegistryError } from "./contract.ts";
import { awaitReceipts, type Confirmation, readNonce, replaced, type Sent } from "./receipts.ts";

/** A call of a contract that is to be recorded, or a contract's creation (`to` null). */
export interface TransactionRequest {
  readonly to: string | null;
  readonly data: string;
  /** the function as its ABI writes it, for signers that show to people what they sign */
  readonly call?: string;
}

/** The way to the chain, for those who send. */
export interface SendOptions {
  readonly rpc: Rpc;
  readonly chainId: number;
  /** directory in which the processes of one user take turns; undefined: they collide, and try again */
  readonly locks?: string | undefined;
  /** told of each transaction that the endpoint took */
  readonly onSent?: ((transaction: string) => void) | undefined;
}

interface Estimated extends TransactionRequest {
  readonly index: number;
  readonly gasLimit: number;
}

/** Transactions of one account on their way at a time; nodes commonly queue no more than 64 of one sender. */
const maxInFlight = 64;
/** Others who send with the same account may take a nonce first; so often is a new one taken without any progress. */
const maxAttempts = 50;

/**
 * Sends acts, in their order, and waits until each stands in a block. Their nonces follow one another, and none waits for
 * the one before it. A nonce that somebody else took first is replaced by the next, and one that was left unused is filled,
 * so that none of the others is lost; no act is sent anew while its first transaction could still be mined.
 *
 * @param options.onlyNonce the one nonce that will do
 * @returns for each act its place, or the error with which it ended: of the contract's rule that refuses it, NONCE_TAKEN,
 *   TRANSACTION_REVERTED, TRANSACTION_LATE, CHAIN_REFUSED, CHAIN_FULL, as of `JsonRpc.call`, and those of the signer
 */
export async function sendTransactions(
  send: SendOptions,
  signer: Signer,
  requests: readonly TransactionRequest[],
  options: { onlyNonce?: number } = {},
): Promise<PromiseSettledResult<Confirmation>[]> {
  const results: PromiseSettledResult<Confirmation>[] = new Array(requests.length);
  const fail = (index: number, error: unknown): void => {
    results[index] ??= { status: "rejected", reason: toRegistryError(send.rpc, error) };
  };
  try {
    const gasPrice = BigInt(fromQuantity(await send.rpc.call("eth_gasPrice")));
    let open = await estimate(send, signer, requests, fail);
    for (let attempt = 1; open.length > 0; attempt++) {
      const group = open.slice(0, maxInFlight);
      const { sent, refused } = await sendGroup({ ...send, signer, gasPrice, ...options }, group, fail);
      const outcomes = await awaitReceipts(send.rpc, signer.address, [...sent.values()]);
      const again: Estimated[] = [];
      for (const request of group) {
        const transaction = sent.get(request);
        const outcome = transaction && outcomes.get(transaction);
        if (outcome?.status === "rejected") fail(request.index, outcome.reason);
        else if (outcome !== undefined && outcome.value !== replaced) {
          results[request.index] = { status: "fulfilled", value: outcome.value };
        } else if (outcome !== undefined || refused.has(request)) {
          if (attempt < maxAttempts && options.onlyNonce === undefined) again.push(request);
          else
            fail(request.index, refused.get(request) ?? failure("NONCE_TAKEN", { address: signer.address }));
        }
      }
      open = [...again, ...open.slice(group.length)];
      if (again.length < group.length) attempt = 0;
      else await sleep(Math.random() * 20 * attempt);
    }
  } catch (error) {
    for (const index of requests.keys()) fail(index, error);
  }
  return results;
}

/** What each act takes; those that the contract would refuse are told why, and are not sent. */
async function estimate(
  { rpc }: SendOptions,
  signer: Signer,
  requests: readonly TransactionRequest[],
  fail: (index: number, error: unknown) => void,
): Promise<Estimated[]> {
  const answers = await rpc.callAll(
    requests.map((request) => ["eth_estimateGas", toCall(signer.address, request)]),
  );
  return requests.flatMap((request, index) => {
    const answer = answers[index];
    if (answer instanceof JsonRpcFailure) {
      fail(index, answer);
      return [];
    }
    // What other transactions do first may make this one dearer.
    return { ...request, index, gasLimit: Math.ceil(fromQuantity(answer) * 1.25) };
  });
}

/** @returns what was accepted, and what was refused for its nonce alone and may go again with another */
async function sendGroup(
  send: SendOptions & { signer: Signer; gasPrice: bigint; onlyNonce?: number },
  group: readonly Estimated[],
  fail: (index: number, error: unknown) => void,
): Promise<{ sent: Map<Estimated, Sent>; refused: Map<Estimated, unknown> }> {
  const { rpc, chainId, signer, gasPrice } = send;
  const { address } = signer;
  const sign = async (request: TransactionRequest & { gasLimit: number }, nonce: number): Promise<Sent> => {
    const { to, data, gasLimit } = request;
    const fields = { type: 0, chainId, to, data, nonce, gasLimit, gasPrice };
    const raw = await signer.signTransaction(fields, request.call);
    return { raw, hash: keccak256(raw), nonce, call: toCall(address, request) };
  };
  return inTurn(send.locks, { chainId, address }, rpc.signal, async () => {
    const offered: [Estimated, Sent][] = [];
    let nonce = send.onlyNonce ?? (await readNonce(rpc, address, "pending"));
    for (const request of group) {
      try {
        offered.push([request, await sign(request, nonce)]);
        nonce++;
      } catch (error) {
        if (!isDaoChainError(error) || error.code === "CANCELLED") throw error;
        fail(request.index, error);
      }
    }
    const answers = await rpc.callAll(offered.map(([, { raw }]) => ["eth_sendRawTransaction", raw]));
    const sent = new Map<Estimated, Sent>();
    const refused = new Map<Estimated, unknown>();
    const unused: number[] = [];
    for (const [i, [request, transaction]] of offered.entries()) {
      const answer = answers[i];
      const fate = answer instanceof JsonRpcFailure ? fateOf(answer) : "accepted";
      if (fate === "accepted") {
        sent.set(request, transaction);
        send.onSent?.(transaction.hash);
      } else if (fate === "refused") fail(request.index, answer);
      else refused.set(request, answer);
      if (fate === "refused" || fate === "full") unused.push(transaction.nonce);
    }
    // A node keeps what follows an unused nonce waiting for it: an empty transaction takes its place.
    const last = Math.max(...[...sent.values()].map((one) => one.nonce));
    for (const gap of unused.filter((one) => one < last)) {
      const filler = await sign({ to: address, data: "0x", gasLimit: 21_000 }, gap);
      await rpc.callAll([["eth_sendRawTransaction", filler.raw]]);
    }
    return { sent, refused };
  });
}

/** Nodes tell by their words only why they refuse a transaction. */
function fateOf({ code, message }: JsonRpcFailure): "accepted" | "taken" | "full" | "refused" {
  // The very same transaction: another process did the same act with the same nonce, or an answer was lost.
  if (/already (?:known|imported)|known transaction/i.test(message)) return "accepted";
  if (/nonce|replacement/i.test(message)) return "taken";
  // EIP-1474: too many wait.
  return code === -32005 ? "full" : "refused";
}

function toCall(from: string, { to, data }: TransactionRequest): Record<string, string> {
  return { from, ...(to === null ? {} : { to }), data };
}
