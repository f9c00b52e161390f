import { createCipheriv, createDecipheriv, pbkdf2Sync, scryptSync } from "node:crypto";
import { inspect } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import {
  decryptKeystore,
  encryptKeystore,
  nameKeystoreAddress,
  readKeystoreAddress,
} from "../../../src/signature/keystore.ts";
import { privateKeySigner } from "../../../src/signature/signer.ts";
import { codeOf, failureOf } from "../../support/errors.ts";
import { keccak256 } from "../../support/keccak.ts";

const key = "0x7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d";
const password = "testpassword";

// The test vector of the Web3 Secret Storage Definition, version 3, that stretches by PBKDF2. The one by scrypt has r = 1 with an N
// that scrypt's own definition (RFC 7914, section 2) rules out: OpenSSL refuses it, and so do we.
const pbkdf2 = {
  crypto: {
    cipher: "aes-128-ctr",
    cipherparams: { iv: "6087dab2f9fdbbfaddc31a909735c1e6" },
    ciphertext: "5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46",
    kdf: "pbkdf2",
    kdfparams: {
      c: 262144,
      dklen: 32,
      prf: "hmac-sha256",
      salt: "ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd",
    },
    mac: "517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2",
  },
  id: "3198bc9c-6672-5ab3-d995-4942343ae5b6",
  version: 3,
};
const scrypt = sealByDefinition(4096, 8, 6);

/** The key, sealed by the definition alone with these parameters of scrypt. */
function sealByDefinition(n: number, r: number, p: number) {
  const salt = Buffer.alloc(32, 7);
  const iv = Buffer.alloc(16, 9);
  const stretched = scryptSync(password, salt, 32, { N: n, r, p, maxmem: 256 * n * r });
  const cipher = createCipheriv("aes-128-ctr", stretched.subarray(0, 16), iv);
  const ciphertext = Buffer.concat([cipher.update(Buffer.from(key.slice(2), "hex")), cipher.final()]);
  return {
    crypto: {
      cipher: "aes-128-ctr",
      cipherparams: { iv: iv.toString("hex") },
      ciphertext: ciphertext.toString("hex"),
      kdf: "scrypt",
      kdfparams: { dklen: 32, n, r, p, salt: salt.toString("hex") },
      mac: macOf(stretched, ciphertext),
    },
    version: 3,
  };
}

function macOf(stretched: Buffer, ciphertext: Buffer): string {
  return Buffer.from(keccak256(Buffer.concat([stretched.subarray(16, 32), ciphertext]))).toString("hex");
}

/** Opens a version 3 file by its definition alone: stretch, check the MAC, decrypt. */
function openByDefinition(json: string, phrase: string): string {
  const { crypto } = JSON.parse(json);
  const { kdfparams } = crypto;
  const salt = Buffer.from(kdfparams.salt, "hex");
  const { n: N, r, p, dklen } = kdfparams;
  const stretched =
    crypto.kdf === "scrypt"
      ? scryptSync(phrase, salt, dklen, { N, r, p, maxmem: 256 * N * r })
      : pbkdf2Sync(phrase, salt, kdfparams.c, dklen, "sha256");
  const ciphertext = Buffer.from(crypto.ciphertext, "hex");
  if (macOf(stretched, ciphertext) !== crypto.mac) throw new Error("another password");
  const cipher = createDecipheriv(
    crypto.cipher,
    stretched.subarray(0, 16),
    Buffer.from(crypto.cipherparams.iv, "hex"),
  );
  return `0x${Buffer.concat([cipher.update(ciphertext), cipher.final()]).toString("hex")}`;
}

describe("files of others", () => {
  test("the definition's test vector is opened", async () => {
    const json = JSON.stringify(pbkdf2);
    expect(openByDefinition(json, password)).toBe(key);
    expect(await decryptKeystore(json, password)).toBe(key);
    expect(readKeystoreAddress(json)).toBeUndefined();
  });

  test("one as geth writes it for light use is opened", async () => {
    expect(await decryptKeystore(JSON.stringify(scrypt), password)).toBe(key);
  });

  test("names in capitals are read, and a missing address is put in", async () => {
    const { crypto, ...rest } = pbkdf2;
    const json = JSON.stringify({ ...rest, Crypto: { ...crypto, KDF: crypto.kdf, kdf: undefined } });
    const { address } = privateKeySigner(await decryptKeystore(json, password));
    const named = nameKeystoreAddress(json, address);
    expect(readKeystoreAddress(named)).toBe(address);
    expect(JSON.parse(named)).toEqual({
      address: address.slice(2).toLowerCase(),
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      version: 3,
      crypto,
    });
    expect(openByDefinition(named, password)).toBe(key);
  });
});

describe("files of ours", () => {
  let json: string;
  beforeAll(async () => {
    json = await encryptKeystore(key, "päss wörd");
  });

  test("are opened by whoever follows the definition", () => {
    expect(openByDefinition(json, "päss wörd")).toBe(key);
    const { version, address, crypto, ...rest } = JSON.parse(json);
    expect({ version, address, rest: Object.keys(rest) }).toEqual({
      version: 3,
      address: privateKeySigner(key).address.slice(2).toLowerCase(),
      rest: ["id"],
    });
    expect(crypto).toMatchObject({
      cipher: "aes-128-ctr",
      kdf: "scrypt",
      kdfparams: { n: 131072, r: 8, p: 1 },
    });
  });

  test("are opened by us, with the password only, and tell neither it nor the key", async () => {
    expect(await decryptKeystore(json, "päss wörd")).toBe(key);
    const failure = await failureOf(() => decryptKeystore(json, "another secret"));
    expect(failure.code).toBe("PASSWORD_WRONG");
    const told = `${inspect(failure, { depth: 9, showHidden: true })} ${JSON.stringify(failure)}`;
    expect(told).not.toContain("another secret");
    expect(told).not.toContain(key.slice(2));
    expect(json).not.toContain(key.slice(2));
  });

  test("are not believed about an address that is not the key's", async () => {
    const lying = JSON.stringify({ ...JSON.parse(json), address: "00".repeat(20) });
    expect(await codeOf(() => decryptKeystore(lying, "päss wörd"))).toBe("KEYSTORE_KEY_INVALID");
  });

  test("differ each time", async () => {
    expect(JSON.parse(await encryptKeystore(key, "x")).crypto.kdfparams.salt).not.toBe(
      JSON.parse(json).crypto.kdfparams.salt,
    );
  });
});

describe("hostile files", () => {
  const changed = (vector: typeof scrypt | typeof pbkdf2, change: object): string =>
    JSON.stringify({ ...vector, crypto: { ...vector.crypto, ...change } });
  const stretched = (vector: typeof scrypt | typeof pbkdf2, change: object): string =>
    changed(vector, { kdfparams: { ...vector.crypto.kdfparams, ...change } });

  test.each<[string, string]>([
    ["nothing", ""],
    ["no JSON", "{"],
    ["a list", "[]"],
    ["null", "null"],
    ["a deep list", `${"[".repeat(30_000)}${"]".repeat(30_000)}`],
    ["a deep crypto", `{"version":3,"crypto":${'{"crypto":'.repeat(5000)}1${"}".repeat(5000)}}`],
    ["version 1", JSON.stringify({ ...scrypt, version: 1 })],
    ["a version in words", JSON.stringify({ ...scrypt, version: "3" })],
    ["an address that is a number", JSON.stringify({ ...scrypt, address: 7 })],
    ["an address with control characters", JSON.stringify({ ...scrypt, address: "\u001b[2J".repeat(10) })],
    ["a short address", JSON.stringify({ ...scrypt, address: "00" })],
    ["a list as crypto", JSON.stringify({ ...scrypt, crypto: [scrypt.crypto] })],
    ["a cipher that is none", changed(scrypt, { cipher: "none" })],
    ["a short initial vector", changed(scrypt, { cipherparams: { iv: "00" } })],
    ["a long ciphertext", changed(scrypt, { ciphertext: "00".repeat(33) })],
    ["a number as MAC", changed(scrypt, { mac: 7 })],
    ["a stretching that we do not know", changed(scrypt, { kdf: "argon2" })],
    ["memory beyond bounds", stretched(scrypt, { n: 2 ** 23, r: 1 })],
    ["memory beyond bounds by blocks", stretched(scrypt, { n: 2, r: 2 ** 40 })],
    ["endless parallel work", stretched(scrypt, { p: 1000 })],
    ["work that is no power of two", stretched(scrypt, { n: 4095 })],
    ["work that scrypt rules out for its blocks", stretched(scrypt, { n: 2 ** 16, r: 1 })],
    ["negative work", stretched(scrypt, { n: -262144 })],
    ["no work", stretched(scrypt, { n: 0 })],
    ["work as text", stretched(scrypt, { n: "262144" })],
    ["endless work", '{"version":3,"crypto":{"kdf":"scrypt","kdfparams":{"n":1e400,"r":8,"p":1}}}'],
    ["work named twice", stretched(scrypt, { N: 2 ** 40 })],
    ["a short derived key", stretched(scrypt, { dklen: 16 })],
    ["an empty salt", stretched(scrypt, { salt: "" })],
    ["half a byte of salt", stretched(scrypt, { salt: "abc" })],
    ["endless rounds", stretched(pbkdf2, { c: 10 ** 9 })],
    ["rounds of MD5", stretched(pbkdf2, { prf: "hmac-md5" })],
  ])("%s is refused before any work is done", async (_, json) => {
    expect(await codeOf(() => readKeystoreAddress(json))).toBe("KEYSTORE_INVALID");
    expect(await codeOf(() => decryptKeystore(json, password))).toBe("KEYSTORE_INVALID");
  });

  test("what is refused is not repeated", async () => {
    const failure = await failureOf(() => readKeystoreAddress(changed(scrypt, { mac: `${key}\u001b[2J` })));
    expect(inspect(failure, { depth: 9 })).not.toContain(key);
  });
});
