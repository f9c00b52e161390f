import { getAddress } from "ethers";
import type { NetworkProfile } from "../contract/connection.ts";
import { DaoChainError } from "../errors.ts";
import { makePrivateDirectory, writeFileAtomic } from "../files.ts";
import { type Home, readJsonFile } from "../home.ts";

/** @returns undefined before the first `up`. @throws CONFIGURATION_INVALID */
export async function readNetworkProfile(home: Home): Promise<NetworkProfile | undefined> {
  const fields = await readJsonFile(home.network);
  if (fields === undefined) return undefined;
  const { chainId, genesisHash, registry, rpcUrls, embedded } = fields;
  try {
    if (typeof chainId !== "number" || !Number.isSafeInteger(chainId)) throw new Error("chainId");
    if (typeof genesisHash !== "string" || !/^0x[0-9a-f]{64}$/.test(genesisHash))
      throw new Error("genesisHash");
    if (!Array.isArray(rpcUrls) || !rpcUrls.every((url) => typeof url === "string"))
      throw new Error("rpcUrls");
    return {
      chainId,
      genesisHash,
      registry: getAddress(String(registry)),
      rpcUrls,
      embedded: embedded === true,
    };
  } catch (cause) {
    throw new DaoChainError("CONFIGURATION_INVALID", `The network profile ${home.network} is not valid.`, {
      hint: "Repair it, or move it away and run daochain up.",
      cause,
    });
  }
}

/** @throws NO_SPACE, CONFIGURATION_INVALID */
export async function writeNetworkProfile(home: Home, profile: NetworkProfile): Promise<void> {
  await makePrivateDirectory(home.directory);
  await writeFileAtomic(home.network, `${JSON.stringify(profile, null, 2)}\n`);
}
