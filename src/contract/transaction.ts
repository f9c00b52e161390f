import { getCreateAddress } from "ethers";
import { DaoChainError } from "../errors.ts";
import type { JsonRpc } from "../rpc/json-rpc.ts";
import type { Signer } from "../signature/signer.ts";
import { registryBytecode } from "./artifact.ts";
import type { Connection } from "./connection.ts";
import { callRegistry, readable, registryInterface } from "./contract.ts";
import { type Confirmation, readNonce } from "./receipts.ts";
import { nameOrganisation, organisationIn } from "./rules.ts";
import { type SendOptions, sendTransactions } from "./sending.ts";

export type { Confirmation } from "./receipts.ts";

/**
 * Sends an act to the registry and waits until it stands in a block.
 * @param method name of a function of the registry
 * @throws the code of the contract's rule that refuses it; NONCE_TAKEN, TRANSACTION_REVERTED, TRANSACTION_LATE, CHAIN_REFUSED, CHAIN_FULL,
 *   as `JsonRpc.call`, and as the signer does
 */
export async function sendToRegistry(
  connection: Connection,
  signer: Signer,
  method: string,
  args: readonly unknown[],
): Promise<Confirmation> {
  return only(await sendAllToRegistry(connection, signer, [[method, args]]));
}

/**
 * Sends many acts to the registry at once and waits until each stands in a block.
 * @returns for each act its place, or the error with which it ended, as of `sendToRegistry`
 */
export async function sendAllToRegistry(
  connection: Connection,
  signer: Signer,
  requests: readonly (readonly [method: string, args: readonly unknown[]])[],
): Promise<PromiseSettledResult<Confirmation>[]> {
  const { rpc, profile, locks, onSent } = connection;
  const send = { rpc, chainId: profile.chainId, locks, onSent };
  const calls = requests.map(([method, args]) => ({
    to: profile.registry,
    data: registryInterface(method).encodeFunctionData(method, args),
    call: registryInterface(method).getFunction(method)?.format("sighash") ?? method,
  }));
  const results = await sendTransactions(send, signer, calls);
  return Promise.all(
    results.map(async (result, i) => {
      if (result.status === "fulfilled" || !(result.reason instanceof DaoChainError)) return result;
      const id = organisationIn(result.reason, requests[i]?.[1][0]);
      const name = id === undefined ? undefined : await nameOf(connection, id);
      return name === undefined ? result : { ...result, reason: nameOrganisation(result.reason, name) };
    }),
  );
}

/** An organisation's name, for people; undefined where it cannot be had. */
async function nameOf(connection: Connection, id: string): Promise<string | undefined> {
  const [view] = await callRegistry(connection, "organisation", [id]).catch(() => []);
  const name = view === undefined ? "" : (readable(() => String(view.name)) ?? "");
  return name === "" ? undefined : name;
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
  const data = registryBytecode + registryInterface().encodeDeploy([signer.address]).slice(2);
  const nonce = await readNonce(rpc, signer.address, "pending");
  const send: SendOptions = { rpc, chainId };
  only(await sendTransactions(send, signer, [{ to: null, data }], { onlyNonce: nonce }));
  return getCreateAddress({ from: signer.address, nonce });
}

function only(results: readonly PromiseSettledResult<Confirmation>[]): Confirmation {
  const [result] = results;
  if (result?.status === "fulfilled") return result.value;
  throw result?.reason;
}
