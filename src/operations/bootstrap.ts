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
import { DaoChainError, isDaoChainError } from "../errors.ts";
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
 * @throws CHAIN_NOT_PINNED where another chain stands in this home's place; USAGE where another organisation does
 */
export async function bootstrap(home: Home, url: string, options: EstablishOptions): Promise<Bootstrapped> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await establishOnce(home, url, options);
    } catch (error) {
      if (!isDaoChainError(error, "CHAIN_FAILED", "RULE_VIOLATED") || attempt === attempts) throw error;
      await sleep(100 * attempt);
    }
  }
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
      throw new DaoChainError(
        "CHAIN_NOT_PINNED",
        `The chain at ${rpc.label} is not the one that ${home.network} pins.`,
        {
          hint: "Restore the chain's directory from a backup; what was signed on another chain does not count on this one.",
        },
      );
    }
    const found =
      pinned?.registry !== undefined && (await hasRegistry(rpc, pinned.registry))
        ? pinned.registry
        : undefined;
    if (pinned !== undefined && found === undefined) {
      throw new DaoChainError(
        "CHAIN_NOT_PINNED",
        `There is no DaoChain registry at ${pinned.registry} on ${rpc.label}.`,
        {
          hint: `It may be of another version of DaoChain. Move ${home.directory} away to begin a new chain.`,
        },
      );
    }
    const registry = found ?? (await findOrDeploy(rpc, chain.chainId, await options.unlock()));
    const profile: NetworkProfile = pinned ?? { ...chain, registry, rpcUrls: [], embedded: true };
    if (pinned === undefined) await writeNetworkProfile(home, profile);

    const connection: Connection = { rpc, profile, locks: home.locks };
    const names = await listOrganisations(connection);
    const [first] = names;
    if (first !== undefined && options.organisation !== undefined && !names.includes(options.organisation)) {
      throw new DaoChainError(
        "USAGE",
        `This chain's organisation is ${first}; there is none named ${options.organisation}.`,
        {
          hint: `Another one is made with daochain org create ${options.organisation}.`,
        },
      );
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
