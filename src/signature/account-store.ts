import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { DaoChainError, systemErrorCode } from "../errors.ts";
import { fileError, makePrivateDirectory, readSmallFile, writeFileAtomic } from "../files.ts";
import { decryptKeystore, encryptKeystore, nameKeystoreAddress, readKeystoreAddress } from "./keystore.ts";
import { privateKeySigner, type Signer } from "./signer.ts";

/** A wallet of this user: a keystore file under the home directory. */
export interface Account {
  readonly name: string;
  /** checksummed */
  readonly address: string;
}

const namePattern = /^[a-z0-9][a-z0-9._-]{0,62}$/;
const suffix = ".json";

/** The keystore files in one directory, one account each, named `<account>.json`. */
export class AccountStore {
  readonly #directory: string;

  /** @param directory made when the first account is written */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** All accounts by name. @throws KEYSTORE_INVALID */
  async list(): Promise<Account[]> {
    const files = await readdir(this.#directory).catch((cause) => {
      if (systemErrorCode(cause) === "ENOENT") return [];
      throw fileError(`The accounts in ${this.#directory} cannot be listed`, cause);
    });
    const names = files.filter((file) => file.endsWith(suffix)).map((file) => file.slice(0, -suffix.length));
    return Promise.all(
      names
        .filter((name) => namePattern.test(name))
        .sort()
        .map((name) => this.show(name)),
    );
  }

  /** @throws ACCOUNT_NOT_FOUND, KEYSTORE_INVALID */
  async show(name: string): Promise<Account> {
    const address = readKeystoreAddress(await this.export(name));
    if (address !== undefined) return { name, address };
    throw new DaoChainError("KEYSTORE_INVALID", `The keystore file of account ${name} names no address.`, {
      hint: `Move ${this.#path(name)} away and import it: daochain account import ${name} --keystore FILE.`,
    });
  }

  /** The account's keystore file, as it stands. @throws ACCOUNT_NOT_FOUND */
  async export(name: string): Promise<string> {
    const json = await readSmallFile(this.#path(name), 64 * 1024);
    if (json === undefined) {
      throw new DaoChainError("ACCOUNT_NOT_FOUND", `There is no account named ${name}.`, {
        hint: "daochain account list shows the accounts; daochain account create makes one.",
      });
    }
    return json;
  }

  /** Makes a new key. @throws ACCOUNT_EXISTS, CONFIGURATION_INVALID */
  async create(name: string, password: string): Promise<Account> {
    return this.importPrivateKey(name, `0x${randomBytes(32).toString("hex")}`, password);
  }

  /** @throws ACCOUNT_EXISTS, KEY_INVALID, CONFIGURATION_INVALID */
  async importPrivateKey(name: string, privateKey: string, password: string): Promise<Account> {
    const path = this.#path(name);
    const { address } = privateKeySigner(privateKey);
    await this.#write(path, name, await encryptKeystore(privateKey, password));
    return { name, address };
  }

  /** Takes over a keystore file, which keeps its password, and names its address in it. @throws ACCOUNT_EXISTS, KEYSTORE_INVALID, PASSWORD_WRONG */
  async importKeystore(name: string, json: string, password: string): Promise<Account> {
    const path = this.#path(name);
    const { address } = privateKeySigner(await decryptKeystore(json, password));
    await this.#write(path, name, nameKeystoreAddress(json, address));
    return { name, address };
  }

  /** @throws ACCOUNT_NOT_FOUND, PASSWORD_WRONG, KEYSTORE_INVALID */
  async privateKey(name: string, password: string): Promise<string> {
    return decryptKeystore(await this.export(name), password);
  }

  /** @throws ACCOUNT_NOT_FOUND, PASSWORD_WRONG, KEYSTORE_INVALID */
  async unlock(name: string, password: string): Promise<Signer> {
    return privateKeySigner(await this.privateKey(name, password));
  }

  #path(name: string): string {
    if (!namePattern.test(name)) {
      throw new DaoChainError("USAGE", `${JSON.stringify(name.slice(0, 80))} cannot name an account.`, {
        hint: "Use up to 63 lowercase letters, digits, '.', '_' and '-', starting with a letter or digit.",
      });
    }
    return join(this.#directory, name + suffix);
  }

  async #write(path: string, name: string, json: string): Promise<void> {
    await makePrivateDirectory(this.#directory);
    await writeFileAtomic(path, json, { exclusive: true }).catch((cause) => {
      if (systemErrorCode(cause) !== "EEXIST") throw cause;
      throw new DaoChainError("ACCOUNT_EXISTS", `There is already an account named ${name}.`, {
        hint: "Choose another name; an account is never overwritten.",
      });
    });
  }
}
