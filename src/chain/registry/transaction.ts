import { setTimeout as sleep } from "node:timers/promises";
import { getCreateAddress } from "ethers";
import { DaoChainError } from "../../errors.ts";
import type { Signer } from "../../signature/signer.ts";
import { type JsonRpc, JsonRpcFailure } from "../../json-rpc.ts";
import type { Connection } from "../network.ts";
import { registryBytecode } from "./artifact.ts";
import { fromQuantity, registryInterface, toQuantity, toRegistryError } from "./contract.ts";

/** Where an act was recorded. */
export interface Confirmation {
  readonly transaction: string;
  readonly block: number;
}

/** How long a transaction may wait for its block, in milliseconds. */
const confirmationTimeout = 120_000;
/** Another process that signs with the same account may take a nonce first; so often is a new one fetched. */
const maxNonceAttempts = 50;

/**
 * Sends an act to the registry and waits until it stands in a block.
 * @param method name of a function of the registry
 * @throws RULE_VIOLATED where the contract refuses; CHAIN_FAILED, CHAIN_UNREACHABLE, NO_SPACE, CANCELLED
 */
export async function sendToRegistry(
  connection: Connection,
  signer: Signer,
  method: string,
  args: readonly unknown[],
): Promise<Confirmation> {
  const data = registryInterface.encodeFunctionData(method, args);
  return send(connection.rpc, connection.profile.chainId, signer, connection.profile.registry, data);
}

/** The address that an account's first transaction gives to a contract. */
export function firstContractAddress(account: string): string {
  return getCreateAddress({ from: account, nonce: 0 });
}

/**
 * Deploys the registry with the signer as its governor.
 * @returns the contract's address
 * @throws as sendToRegistry
 */
export async function deployRegistry(rpc: JsonRpc, chainId: number, signer: Signer): Promise<string> {
  const data = registryBytecode + registryInterface.encodeDeploy([signer.address]).slice(2);
  const nonce = await readNonce(rpc, signer.address);
  await send(rpc, chainId, signer, null, data, nonce);
  return getCreateAddress({ from: signer.address, nonce });
}

async function send(
  rpc: JsonRpc,
  chainId: number,
  signer: Signer,
  to: string | null,
  data: string,
  onlyNonce?: number,
): Promise<Confirmation> {
  const call = { from: signer.address, ...(to === null ? {} : { to }), data };
  const [estimate, gasPrice] = await Promise.all([
    rpc.call("eth_estimateGas", call),
    rpc.call("eth_gasPrice"),
  ]).catch((error) => {
    throw toRegistryError(rpc, error);
  });
  // What other transactions do first may make this one dearer.
  const gasLimit = Math.ceil(fromQuantity(estimate) * 1.25);
  for (let attempt = 1; ; attempt++) {
    const nonce = onlyNonce ?? (await readNonce(rpc, signer.address));
    const raw = await signer.signTransaction({
      type: 0,
      chainId,
      to,
      data,
      nonce,
      gasLimit,
      gasPrice: BigInt(String(gasPrice)),
    });
    try {
      return await confirm(rpc, String(await rpc.call("eth_sendRawTransaction", raw)), call);
    } catch (error) {
      const taken = error instanceof JsonRpcFailure && /nonce|replacement|already known/i.test(error.message);
      if (!taken || onlyNonce !== undefined || attempt === maxNonceAttempts)
        throw toRegistryError(rpc, error);
      await sleep(Math.random() * 20 * attempt);
    }
  }
}

async function readNonce(rpc: JsonRpc, address: string): Promise<number> {
  return fromQuantity(
    await rpc.call("eth_getTransactionCount", address, "pending").catch((error) => {
      throw toRegistryError(rpc, error);
    }),
  );
}

async function confirm(rpc: JsonRpc, transaction: string, call: object): Promise<Confirmation> {
  const deadline = Date.now() + confirmationTimeout;
  for (let wait = 5; Date.now() < deadline; wait = Math.min(wait * 2, 1000)) {
    const receipt = (await rpc.call("eth_getTransactionReceipt", transaction)) as Record<
      string,
      unknown
    > | null;
    if (receipt !== null && typeof receipt === "object") {
      const block = fromQuantity(receipt["blockNumber"]);
      if (receipt["status"] === "0x1") return { transaction, block };
      // The receipt does not say which rule refused; the same call a block earlier does.
      await rpc.call("eth_call", call, toQuantity(block - 1)).catch((error) => {
        throw toRegistryError(rpc, error);
      });
      throw new DaoChainError(
        "CHAIN_FAILED",
        `The transaction ${transaction} was refused by the contract in block ${block}.`,
      );
    }
    await sleep(wait);
  }
  throw new DaoChainError(
    "CHAIN_FAILED",
    `The transaction ${transaction} was sent but is in no block after ${confirmationTimeout / 1000} s.`,
    { hint: "It may still be recorded: look with daochain log before you send it again." },
  );
}
