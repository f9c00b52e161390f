import { setTimeout as sleep } from "node:timers/promises";
import { isRegistryCode } from "../contract/code.ts";
import type { Connection, NetworkProfile } from "../contract/connection.ts";
import {
  admitOrganisation,
  listOrganisations,
  type Organisation,
  requireOrganisation,
} from "../contract/organisations.ts";
import { deployRegistry, firstContractAddress } from "../contract/transaction.ts";
import { failure, isDaoChainError } from "../errors.ts";
import type { Home } from "../home.ts";
import { readNetworkProfile, writeNetworkProfile } from "../network/profile.ts";
import { identifyChain } from "../rpc/identify.ts";
import { JsonRpc } from "../rpc/json-rpc.ts";
import type { Signer } from "../signature/signer.ts";

/** Several processes may establish at once; whoever was too late finds at its next attempt what another has made. */
const attempts = 5;

/** What `establish` found or made. */
export interface Bootstrapped {
  readonly profile: NetworkProfile;
  readonly organisation: Organisation;
  /** what was missing and is there now */
  readonly made: { readonly registry: boolean; readonly organisation: boolean };
}

interface EstablishOptions {
  readonly organisation?: string | undefined;
  readonly inUse?: string | undefined;
  readonly unlock: () => Promise<Signer>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes what is missing on one's own embedded chain: the registry, and an organisation that owns every namespace.
 * @param url the running chain's
 * @param options.organisation name of the organisation; undefined: the one in use, else the first that is there, else "local"
 * @param options.inUse the one in use so far
 * @param options.unlock called only where something must be signed
 * @throws EMBEDDED_CHAIN_IS_OTHER, EMBEDDED_CONTRACT_MISSING where another chain stands in this home's place; ORGANISATION_IS_OTHER where
 *   another organisation does; as `sendToRegistry`
 */
export async function bootstrap(home: Home, url: string, options: EstablishOptions): Promise<Bootstrapped> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await establishOnce(home, url, options);
    } catch (error) {
      if (!isOvertaken(error) || attempt === attempts) throw error;
      await sleep(100 * attempt);
    }
  }
}

/** What another who does the same at the same time brings about: it was first, or took the nonce. */
function isOvertaken(error: unknown): boolean {
  return isDaoChainError(
    error,
    "CHAIN_REFUSED",
    "NONCE_TAKEN",
    "TRANSACTION_REVERTED",
    "ORGANISATION_EXISTS",
    "NAMESPACE_TAKEN",
  );
}

async function establishOnce(home: Home, url: string, options: EstablishOptions): Promise<Bootstrapped> {
  const rpc = new JsonRpc(url, options.signal);
  try {
    const chain = await identifyChain(rpc);
    const pinned = await readNetworkProfile(home);
    if (
      pinned !== undefined &&
      (pinned.chainId !== chain.chainId || pinned.genesisHash !== chain.genesisHash)
    ) {
      throw failure("EMBEDDED_CHAIN_IS_OTHER", { endpoint: rpc.label, path: home.network });
    }
    const found =
      pinned?.registry !== undefined && (await hasRegistry(rpc, pinned.registry))
        ? pinned.registry
        : undefined;
    if (pinned !== undefined && found === undefined) {
      const { registry } = pinned;
      throw failure("EMBEDDED_CONTRACT_MISSING", {
        registry,
        endpoint: rpc.label,
        directory: home.directory,
      });
    }
    const registry = found ?? (await findOrDeploy(rpc, chain.chainId, await options.unlock()));
    const profile: NetworkProfile = pinned ?? { ...chain, registry, rpcUrls: [], embedded: true };
    if (pinned === undefined) await writeNetworkProfile(home, profile);

    const connection: Connection = { rpc, profile, locks: home.locks };
    const names = await listOrganisations(connection);
    const [first] = names;
    if (first !== undefined && options.organisation !== undefined && !names.includes(options.organisation)) {
      throw failure("ORGANISATION_IS_OTHER", { organisation: first, name: options.organisation });
    }
    const inUse = names.find((known) => known === options.inUse);
    const name = options.organisation ?? inUse ?? first ?? "local";
    if (first === undefined) {
      const governor = await options.unlock();
      await admitOrganisation(connection, governor, {
        name,
        displayName: "",
        admin: governor.address,
        namespaces: [""],
      });
    }
    return {
      profile,
      organisation: await requireOrganisation(connection, name),
      made: { registry: found === undefined, organisation: first === undefined },
    };
  } finally {
    rpc.close();
  }
}

async function hasRegistry(rpc: JsonRpc, address: string): Promise<boolean> {
  return isRegistryCode(String(await rpc.call("eth_getCode", address, "latest")));
}

/** An `up` that was cut short after the deployment leaves a registry that nobody has pinned: it is the account's first act. */
async function findOrDeploy(rpc: JsonRpc, chainId: number, signer: Signer): Promise<string> {
  const first = firstContractAddress(signer.address);
  return (await hasRegistry(rpc, first)) ? first : deployRegistry(rpc, chainId, signer);
}
