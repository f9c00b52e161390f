import { type ScryptOptions, scrypt as scryptWithCallback } from "node:crypto";
import { computeAddress, decryptKeystoreJson, encryptKeystoreJson, getAddress, scrypt } from "ethers";
import { DaoChainError } from "../errors.ts";
import { toSigningKey } from "./signer.ts";

// Ethers brings a scrypt in JavaScript; Node's own is faster and does not block.
scrypt.register(async (password, salt, N, r, p, length) => {
  const options: ScryptOptions = { N, r, p, maxmem: 256 * N * r };
  return new Promise((resolve, reject) => {
    scryptWithCallback(password, salt, length, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
});

/** Bytes of memory, and rounds, that somebody else's keystore file may ask of us. */
const maxScryptMemory = 512 * 1024 * 1024;
const maxPbkdf2Rounds = 10_000_000;

/**
 * Encrypts a private key as a Web3 Secret Storage file, version 3 (scrypt N = 131072, r = 8, p = 1).
 * @param privateKey 32 bytes as hex
 * @returns the file's JSON, with the field names that geth writes
 * @throws KEY_INVALID
 */
export async function encryptKeystore(privateKey: string, password: string): Promise<string> {
  const key = toSigningKey(privateKey);
  const account = { address: computeAddress(key), privateKey: key.privateKey };
  const json = await encryptKeystoreJson(account, password, { scrypt: { N: 131_072, r: 8, p: 1 } });
  const { Crypto, ...fields } = JSON.parse(json) as { Crypto: unknown };
  return `${JSON.stringify({ ...fields, crypto: Crypto }, null, 2)}\n`;
}

/**
 * Decrypts a Web3 Secret Storage file, version 3.
 * @returns the private key, `0x` and 64 hex digits
 * @throws PASSWORD_WRONG, KEYSTORE_INVALID
 */
export async function decryptKeystore(json: string, password: string): Promise<string> {
  readKeystoreAddress(json);
  try {
    return (await decryptKeystoreJson(json, password)).privateKey;
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : "";
    if (text.includes("incorrect password")) {
      throw new DaoChainError("PASSWORD_WRONG", "The password does not open this account.", {
        hint: "Check DAOCHAIN_PASSWORD_FILE, or type the password that the account was created with.",
      });
    }
    throw new DaoChainError(
      "KEYSTORE_INVALID",
      "The keystore file cannot be decrypted: it is damaged or of an unknown kind.",
    );
  }
}

/**
 * The address that a keystore file names, after a check of its shape and of the work that it asks for.
 * @throws KEYSTORE_INVALID
 */
export function readKeystoreAddress(json: string): string {
  try {
    const file = lowercaseKeys(JSON.parse(json));
    const crypto = lowercaseKeys(file["crypto"]);
    const parameters = lowercaseKeys(crypto["kdfparams"]);
    const work = (name: string): number => {
      const value = parameters[name];
      if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 1) throw new Error(name);
      return value;
    };
    if (crypto["kdf"] === "scrypt") {
      if (128 * work("n") * work("r") > maxScryptMemory || work("p") > 16) throw new Error("scrypt");
    } else if (crypto["kdf"] === "pbkdf2") {
      if (work("c") > maxPbkdf2Rounds) throw new Error("pbkdf2");
    } else throw new Error("kdf");
    if (file["version"] !== 3 || typeof file["address"] !== "string") throw new Error("version");
    return getAddress(`0x${file["address"].replace(/^0x/i, "").toLowerCase()}`);
  } catch {
    throw new DaoChainError("KEYSTORE_INVALID", "The file is not a version 3 keystore.", {
      hint: "Keystore files are written by daochain, geth and web3 tools; a bare private key is imported as such.",
    });
  }
}

function lowercaseKeys(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null) throw new Error("not an object");
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.toLowerCase(), inner]));
}
