import { getAddress } from "ethers";
import type { NetworkProfile } from "../contract/connection.ts";
import { type DaoChainError, failure } from "../errors.ts";
import { makePrivateDirectory, writeFileAtomic } from "../files.ts";
import { type Home, readJsonFile } from "../home.ts";

/** @returns undefined before the first `up`. @throws NETWORK_PROFILE_INVALID, FILE_NOT_JSON, and as `readSmallFile` */
export async function readNetworkProfile(home: Home): Promise<NetworkProfile | undefined> {
  const fields = await readJsonFile(home.network);
  if (fields === undefined) return undefined;
  const { chainId, genesisHash, registry, rpcUrls, embedded } = fields;
  const invalid = (field: string, cause?: unknown): DaoChainError =>
    failure("NETWORK_PROFILE_INVALID", { path: home.network, field }, { cause });
  if (typeof chainId !== "number" || !Number.isSafeInteger(chainId)) throw invalid("chainId");
  if (typeof genesisHash !== "string" || !/^0x[0-9a-f]{64}$/.test(genesisHash)) throw invalid("genesisHash");
  if (!Array.isArray(rpcUrls) || !rpcUrls.every((url) => typeof url === "string")) throw invalid("rpcUrls");
  let address: string;
  try {
    address = getAddress(String(registry));
  } catch (cause) {
    throw invalid("registry", cause);
  }
  return { chainId, genesisHash, registry: address, rpcUrls, embedded: embedded === true };
}

/** The profile of a home that must have one. @throws CHAIN_MISSING, and as `readNetworkProfile` */
export async function requireNetworkProfile(home: Home): Promise<NetworkProfile> {
  const profile = await readNetworkProfile(home);
  if (profile === undefined) throw failure("CHAIN_MISSING", { directory: home.directory });
  return profile;
}

/** @throws NO_SPACE, FILE_UNWRITABLE, DIRECTORY_UNWRITABLE */
export async function writeNetworkProfile(home: Home, profile: NetworkProfile): Promise<void> {
  await makePrivateDirectory(home.directory);
  await writeFileAtomic(home.network, `${JSON.stringify(profile, null, 2)}\n`);
}
