import { randomUUID, type ScryptOptions, scrypt as scryptWithCallback } from "node:crypto";
import { computeAddress, decryptKeystoreJson, encryptKeystoreJson, getAddress, scrypt } from "ethers";
import { failure } from "../errors.ts";
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
const maxScryptParallel = 16;
const maxPbkdf2Rounds = 10_000_000;

/** A version 3 keystore as far as we understand it; nothing else of a file is believed or kept. */
interface Keystore {
  /** 40 lowercase hex digits; older files have none */
  readonly address: string | undefined;
  readonly crypto: {
    readonly cipher: "aes-128-ctr";
    readonly cipherparams: { readonly iv: string };
    readonly ciphertext: string;
    readonly kdf: "scrypt" | "pbkdf2";
    readonly kdfparams: Readonly<Record<string, string | number>>;
    readonly mac: string;
  };
}

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
 * @throws PASSWORD_WRONG, KEYSTORE_INVALID, KEYSTORE_KEY_INVALID
 */
export async function decryptKeystore(json: string, password: string): Promise<string> {
  const keystore = parseKeystore(json);
  try {
    return (await decryptKeystoreJson(JSON.stringify({ version: 3, ...keystore }), password)).privateKey;
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : "";
    throw text.includes("incorrect password") ? failure("PASSWORD_WRONG") : failure("KEYSTORE_KEY_INVALID");
  }
}

/**
 * The same keystore with the address that its key was found to have, which not every file names.
 * @param address checksummed
 * @throws KEYSTORE_INVALID
 */
export function nameKeystoreAddress(json: string, address: string): string {
  const { crypto } = parseKeystore(json);
  const fields = { address: address.slice(2).toLowerCase(), id: randomUUID(), version: 3, crypto };
  return `${JSON.stringify(fields, null, 2)}\n`;
}

/**
 * The address that a keystore file names, after a check of its shape and of the work that it asks for.
 * @returns undefined where it names none
 * @throws KEYSTORE_INVALID
 */
export function readKeystoreAddress(json: string): string | undefined {
  const { address } = parseKeystore(json);
  return address === undefined ? undefined : getAddress(`0x${address}`);
}

/** @throws KEYSTORE_INVALID */
function parseKeystore(json: string): Keystore {
  try {
    const file = toFields(JSON.parse(json));
    const crypto = toFields(file["crypto"]);
    const { address } = file;
    if (file["version"] !== 3) throw new Error("version");
    if (address !== undefined && typeof address !== "string") throw new Error("address");
    if (crypto["cipher"] !== "aes-128-ctr") throw new Error("cipher");
    const { kdf } = crypto;
    if (kdf !== "scrypt" && kdf !== "pbkdf2") throw new Error("kdf");
    return {
      address: address === undefined ? undefined : toHex(address, 20),
      crypto: {
        cipher: "aes-128-ctr",
        cipherparams: { iv: toHex(toFields(crypto["cipherparams"])["iv"], 16) },
        ciphertext: toHex(crypto["ciphertext"], 32),
        kdf,
        kdfparams: toKdfParameters(kdf, toFields(crypto["kdfparams"])),
        mac: toHex(crypto["mac"], 32),
      },
    };
  } catch {
    // The cause could repeat the file.
    throw failure("KEYSTORE_INVALID");
  }
}

function toKdfParameters(
  kdf: "scrypt" | "pbkdf2",
  fields: Record<string, unknown>,
): Record<string, string | number> {
  const { salt, prf } = fields;
  if (typeof salt !== "string" || fields["dklen"] !== 32) throw new Error("salt");
  const common = { dklen: 32, salt: toHex(salt, salt.replace(/^0x/i, "").length / 2) };
  const work = (name: string, most: number): number => {
    const value = fields[name];
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= 1 && value <= most) return value;
    throw new Error(name);
  };
  if (kdf === "pbkdf2") {
    if (prf !== "hmac-sha256" && prf !== "hmac-sha512") throw new Error("prf");
    return { ...common, prf, c: work("c", maxPbkdf2Rounds) };
  }
  const r = work("r", maxScryptMemory / 128);
  const n = work("n", maxScryptMemory / (128 * r));
  // RFC 7914, section 2; every scrypt at hand refuses more, and so the r = 1 of the definition's own example.
  if (!Number.isInteger(Math.log2(n)) || Math.log2(n) >= 16 * r) throw new Error("n");
  return { ...common, n, r, p: work("p", maxScryptParallel) };
}

/** Names are read in any case, as some tools write them; twice the same one would leave open which is meant. */
function toFields(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("not an object");
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] => [key.toLowerCase(), inner]);
  if (new Set(entries.map(([key]) => key)).size !== entries.length) throw new Error("ambiguous");
  return Object.fromEntries(entries);
}

/** @returns lowercase digits without 0x */
function toHex(value: unknown, bytes: number): string {
  const digits = typeof value === "string" ? value.replace(/^0x/i, "").toLowerCase() : "";
  if (digits.length !== 2 * bytes || !/^(?:[0-9a-f]{2})+$/.test(digits)) throw new Error("hex");
  return digits;
}
