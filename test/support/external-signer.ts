import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { rpc } from "./chain-process.ts";
import { keyOf } from "./consortium.ts";
import type { Behaviour } from "./signer-process.ts";

/** The tests' own signer in a process of its own, with the key of the account of a name. */
export class SignerProcess implements AsyncDisposable {
  readonly url: string;
  readonly socket: string;
  readonly #directory: string;
  readonly #child: ChildProcess;

  private constructor(url: string, directory: string, child: ChildProcess) {
    this.url = url;
    this.socket = socketIn(directory);
    this.#directory = directory;
    this.#child = child;
  }

  static async start(name: string, dialect: "v4" | "clef" | "web3signer" = "v4"): Promise<SignerProcess> {
    const directory = await mkdtemp(join(tmpdir(), "daochain-signer-"));
    const program = fileURLToPath(new URL("./signer-process.ts", import.meta.url));
    const arguments_ = [program, keyOf(name), dialect, socketIn(directory)];
    const child = spawn(process.execPath, arguments_, { stdio: ["ignore", "pipe", "inherit"] });
    const [url] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
    return new SignerProcess(url, directory, child);
  }

  async behave(behaviour: Behaviour): Promise<void> {
    await rpc(this.url, "test_behave", behaviour);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill();
      await once(this.#child, "exit");
    }
    await rm(this.#directory, { recursive: true, force: true });
  }
}

function socketIn(directory: string): string {
  return join(directory, "signer.ipc");
}
