import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { encryptKeystoreJson } from "ethers";
import { makePrivateDirectory, writeFileAtomic } from "../../src/files.ts";
import { changeSettings, type Home } from "../../src/home.ts";
import { AccountStore } from "../../src/signature/account-store.ts";
import { privateKeySigner } from "../../src/signature/signer.ts";

/**
 * Puts an account into a home that opens in a hundredth of the time: geth's light parameters in place of ours, which cost each command
 * that signs a second of a core. Tests that are about keys make accounts as people do.
 */
export async function addLightAccount(
  home: Home,
  name: string,
  password: string,
  privateKey = `0x${randomBytes(32).toString("hex")}`,
): Promise<void> {
  const { address } = privateKeySigner(privateKey);
  const json = await encryptKeystoreJson({ address, privateKey }, password, {
    scrypt: { N: 4096, r: 8, p: 6 },
  });
  await new AccountStore(home.accounts).importKeystore(name, json, password);
  await changeSettings(home, { account: name });
}

/** The same, with its password beside it where commands find it, as `up` leaves it without a terminal. */
export async function addUnattendedAccount(home: Home): Promise<void> {
  const password = randomBytes(18).toString("base64url");
  await addLightAccount(home, "default", password);
  await makePrivateDirectory(home.passwords);
  await writeFileAtomic(join(home.passwords, "default"), `${password}\n`);
}
