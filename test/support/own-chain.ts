import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedChain, stopEmbeddedChain } from "../../src/embedded-chain/launch.ts";
import { changeSettings, type Home, homeAt } from "../../src/home.ts";
import { bootstrap } from "../../src/operations/bootstrap.ts";
import { keyOf, signerOf } from "./consortium.ts";
import { addLightAccount } from "./light-account.ts";

/** What opens the account of an own chain. */
export const password = "correct horse 馬";

/** A home with a chain of its own, on which acme owns every repository, and acme's account with a password. */
export class OwnChain implements AsyncDisposable {
  readonly home: Home;

  private constructor(home: Home) {
    this.home = home;
  }

  static async start(): Promise<OwnChain> {
    const home = homeAt(await mkdtemp(join(tmpdir(), "daochain-test-")));
    const chain = new OwnChain(home);
    const url = await chain.resume();
    await bootstrap(home, url, { organisation: "acme", unlock: async () => signerOf("acme") });
    await addLightAccount(home, "acme", password, keyOf("acme"));
    await changeSettings(home, { organisation: "acme" });
    return chain;
  }

  /** Stops the chain's process; what it holds stays. */
  async pause(): Promise<void> {
    await stopEmbeddedChain({ directory: this.home.chain });
  }

  /** @returns its URL, which is another each time */
  async resume(): Promise<string> {
    return (await startEmbeddedChain({ directory: this.home.chain, port: 0 })).url;
  }

  /** A file that has the password, for other processes. */
  async passwordFile(): Promise<string> {
    const file = join(this.home.directory, "password");
    await writeFile(file, password, { mode: 0o600 });
    return file;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.pause();
    await rm(this.home.directory, { recursive: true, force: true });
  }
}
