import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { chainFiles, newConfiguration, writeConfiguration } from "../../src/embedded-chain/configuration.ts";
import { createJournal, Journal } from "../../src/embedded-chain/journal.ts";
import { type Home, homeAt } from "../../src/home.ts";

export const identity = { chainId: 2016, genesisHash: `0x${"11".repeat(32)}` };
const address = "0x52908400098527886E0F7030069857D2E4169EE7";

/** Adds blocks to a home's journal, of content that follows from their numbers and a seed; no engine has made them. */
export async function appendBlocks(home: Home, numbers: readonly number[], seed = 0): Promise<void> {
  const journal = await Journal.open(chainFiles(home.chain).journal, identity);
  for (const number of numbers) {
    const parentHash = `0x${number.toString(16).padStart(64, "0")}`;
    const transactions = [Buffer.alloc(100 + number, number), Buffer.from([seed])];
    await journal.append({ number, parentHash, timestamp: 1_700_000_000 + number, transactions });
  }
  journal.close();
}

/** A home as `up` leaves it, with a chain of so many blocks that nobody runs. */
export async function writeHome(directory: string, blocks: number, seed = 0): Promise<Home> {
  const home = homeAt(directory);
  for (const path of [home.chain, home.accounts, home.passwords, home.locks]) {
    await mkdir(path, { recursive: true, mode: 0o700 });
  }
  const profile = { ...identity, registry: address, rpcUrls: [], embedded: true };
  await writeFile(home.network, JSON.stringify(profile));
  await writeFile(home.settings, JSON.stringify({ account: "default", organisation: "acme" }));
  // Its key is with a signer: a keystore takes a second to make.
  const account = { format: "daochain-external-account/1", address, signer: "http://127.0.0.1:8550" };
  await writeFile(join(home.accounts, "default.json"), JSON.stringify(account));
  await writeFile(join(home.passwords, "default"), "generated\n");
  await writeFile(home.catalogue, "made anew");
  const { genesisHash: _, ...configuration } = { ...newConfiguration(identity.chainId), ...identity };
  await writeConfiguration(chainFiles(home.chain).configuration, { ...configuration, ...identity });
  await createJournal(chainFiles(home.chain).journal, identity);
  await appendBlocks(
    home,
    Array.from({ length: blocks }, (_, at) => at + 1),
    seed,
  );
  return home;
}
