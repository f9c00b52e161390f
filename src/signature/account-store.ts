import { randomBytes } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { getAddress } from "ethers";
import { failure, systemErrorCode } from "../errors.ts";
import {
  makePrivateDirectory,
  readSmallFile,
  unreadableDirectory,
  unwritableFile,
  writeFileAtomic,
} from "../files.ts";
import { toSignerUrl } from "./external-signer.ts";
import { decryptKeystore, encryptKeystore, nameKeystoreAddress, readKeystoreAddress } from "./keystore.ts";
import { privateKeySigner, type Signer } from "./signer.ts";

/** An account of this user. */
export interface Account {
  readonly name: string;
  /** checksummed */
  readonly address: string;
  /** where its key is: in a keystore file under the home directory, or with a signer elsewhere */
  readonly kind: "keystore" | "external";
  /** the URL at which an external account's signer is asked */
  readonly signer?: string;
}

/** Marks the file of an external account; a keystore has a `version` instead. */
const externalFormat = "daochain-external-account/1";

/** The fewest characters that a new password may have. */
export const leastPassword = 10;

/** Whether a password will do for a new account: in characters, after the normalisation that keystores prescribe. */
export function isPasswordLongEnough(password: string): boolean {
  return [...password.normalize("NFKC")].length >= leastPassword;
}

const namePattern = /^[a-z0-9][a-z0-9._-]{0,62}$/;
const suffix = ".json";

/** The accounts in one directory, a file `<account>.json` each: a keystore, or where the key's signer is asked. */
export class AccountStore {
  readonly #directory: string;

  /** @param directory made when the first account is written */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** All accounts by name. @throws DIRECTORY_UNREADABLE, and as `show` */
  async list(): Promise<Account[]> {
    const files = await readdir(this.#directory).catch((cause) => {
      if (systemErrorCode(cause) === "ENOENT") return [];
      throw unreadableDirectory(this.#directory, cause);
    });
    const names = files.filter((file) => file.endsWith(suffix)).map((file) => file.slice(0, -suffix.length));
    return Promise.all(
      names
        .filter((name) => namePattern.test(name))
        .sort()
        .map((name) => this.show(name)),
    );
  }

  /** @throws ACCOUNT_NOT_FOUND, ACCOUNT_NAME_INVALID, KEYSTORE_INVALID, KEYSTORE_WITHOUT_ADDRESS, ACCOUNT_FILE_INVALID, and as `readSmallFile` */
  async show(name: string): Promise<Account> {
    const json = await this.#read(name);
    const external = parseExternal(name, json);
    if (external !== undefined) return external;
    const address = readKeystoreAddress(json);
    if (address !== undefined) return { name, address, kind: "keystore" };
    throw failure("KEYSTORE_WITHOUT_ADDRESS", { name, path: this.#path(name) });
  }

  /** The account's keystore file, as it stands. @throws ACCOUNT_NOT_FOUND; KEY_ELSEWHERE where the key is not here */
  async export(name: string): Promise<string> {
    const json = await this.#read(name);
    const external = parseExternal(name, json);
    if (external === undefined) return json;
    throw failure("KEY_ELSEWHERE", { name, signer: external.signer ?? "" });
  }

  async #read(name: string): Promise<string> {
    const json = await readSmallFile(this.#path(name), 64 * 1024);
    if (json === undefined) throw failure("ACCOUNT_NOT_FOUND", { name });
    return json;
  }

  /** @throws ACCOUNT_EXISTS where the name is taken; ACCOUNT_NAME_INVALID */
  async requireFree(name: string): Promise<void> {
    if ((await readSmallFile(this.#path(name), 64 * 1024)) !== undefined)
      throw failure("ACCOUNT_EXISTS", { name });
  }

  /** Makes a new key. @throws ACCOUNT_EXISTS, PASSWORD_TOO_SHORT, ACCOUNT_NAME_INVALID, and as `writeFileAtomic` */
  async create(name: string, password: string): Promise<Account> {
    return this.importPrivateKey(name, `0x${randomBytes(32).toString("hex")}`, password);
  }

  /** @throws ACCOUNT_EXISTS, ACCOUNT_NAME_INVALID, KEY_INVALID, PASSWORD_TOO_SHORT, and as `writeFileAtomic` */
  async importPrivateKey(name: string, privateKey: string, password: string): Promise<Account> {
    const path = this.#path(name);
    const { address } = privateKeySigner(privateKey);
    requireLength(password);
    await this.#write(path, name, await encryptKeystore(privateKey, password));
    return { name, address, kind: "keystore" };
  }

  /** Takes over a keystore file, which keeps its password, and names its address in it. @throws ACCOUNT_EXISTS, KEYSTORE_INVALID, PASSWORD_WRONG */
  async importKeystore(name: string, json: string, password: string): Promise<Account> {
    const path = this.#path(name);
    const { address } = privateKeySigner(await decryptKeystore(json, password));
    await this.#write(path, name, nameKeystoreAddress(json, address));
    return { name, address, kind: "keystore" };
  }

  /**
   * Notes an account whose key is with an external signer.
   * @param signer the signer's URL
   * @throws ACCOUNT_EXISTS, ACCOUNT_NAME_INVALID, and as `toSignerUrl`
   */
  async importExternal(name: string, address: string, signer: string): Promise<Account> {
    const url = toSignerUrl(signer);
    const file = { format: externalFormat, address, signer: url };
    await this.#write(this.#path(name), name, `${JSON.stringify(file, null, 2)}\n`);
    return { name, address, kind: "external", signer: url };
  }

  /** @throws ACCOUNT_NOT_FOUND, PASSWORD_WRONG, KEYSTORE_INVALID; KEY_ELSEWHERE where the key is not here */
  async privateKey(name: string, password: string): Promise<string> {
    return decryptKeystore(await this.export(name), password);
  }

  /** @throws as `privateKey` */
  async unlock(name: string, password: string): Promise<Signer> {
    return privateKeySigner(await this.privateKey(name, password));
  }

  /**
   * Encrypts an account's key with another password. The file is the old one or the new one, whatever happens.
   * @throws as `privateKey`; PASSWORD_TOO_SHORT, NO_SPACE, FILE_UNWRITABLE
   */
  async changePassword(name: string, password: string, next: string): Promise<void> {
    const key = await this.privateKey(name, password);
    requireLength(next);
    await writeFileAtomic(this.#path(name), await encryptKeystore(key, next));
  }

  /** Deletes an account, and its key where that is here. @throws ACCOUNT_NOT_FOUND, FILE_UNWRITABLE */
  async remove(name: string): Promise<void> {
    await this.#read(name);
    const path = this.#path(name);
    await rm(path).catch((cause) => {
      throw unwritableFile(path, cause);
    });
  }

  #path(name: string): string {
    if (!namePattern.test(name)) {
      throw failure("ACCOUNT_NAME_INVALID", { name: JSON.stringify(name.slice(0, 80)) });
    }
    return join(this.#directory, name + suffix);
  }

  async #write(path: string, name: string, json: string): Promise<void> {
    await makePrivateDirectory(this.#directory);
    await writeFileAtomic(path, json, { exclusive: true }).catch((cause) => {
      throw systemErrorCode(cause) === "EEXIST" ? failure("ACCOUNT_EXISTS", { name }) : cause;
    });
  }
}

function requireLength(password: string): void {
  if (!isPasswordLongEnough(password)) throw failure("PASSWORD_TOO_SHORT", { least: leastPassword });
}

/** @returns undefined where the file is something else, such as a keystore. @throws ACCOUNT_FILE_INVALID where it is damaged */
function parseExternal(name: string, json: string): Account | undefined {
  let fields: Record<string, unknown> | null;
  try {
    fields = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (fields?.["format"] !== externalFormat) return undefined;
  try {
    const [address, signer] = [getAddress(String(fields["address"])), toSignerUrl(String(fields["signer"]))];
    return { name, address, kind: "external", signer };
  } catch (cause) {
    throw failure("ACCOUNT_FILE_INVALID", { name }, { cause });
  }
}
