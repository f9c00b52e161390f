import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

interface UiRequest {
  readonly id?: number;
  readonly method: string;
  readonly params: readonly [Record<string, unknown>];
}

/** A real Clef with one account, and the test in the place of the person who confirms (Clef's `--stdio-ui`). */
export class Clef implements AsyncDisposable {
  /** whether the person says yes */
  approves = true;
  /** what the person was asked, by Clef's names */
  readonly asked: string[] = [];
  url = "";
  readonly socket: string;
  readonly #child: ChildProcess;
  readonly #directory: string;
  readonly #password: string;

  private constructor(child: ChildProcess, directory: string, password: string) {
    this.#child = child;
    this.#directory = directory;
    this.#password = password;
    this.socket = join(directory, "clef.ipc");
  }

  /** @param keystore the account's keystore file, as it stands */
  static async start(program: string, keystore: string, password: string): Promise<Clef> {
    const directory = await mkdtemp(join(tmpdir(), "daochain-clef-"));
    await mkdir(join(directory, "keystore"));
    await writeFile(join(directory, "keystore", "account"), keystore, { mode: 0o600 });
    const options = {
      keystore: join(directory, "keystore"),
      configdir: join(directory, "config"),
      auditlog: join(directory, "audit.log"),
      ipcpath: directory,
      chainid: "2016",
      "http.addr": "127.0.0.1",
      "http.port": "0",
    };
    const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
    const child = spawn(program, ["--stdio-ui", "--suppress-bootwarn", "--http", "--lightkdf", ...flags], {
      cwd: directory,
      stdio: ["pipe", "pipe", "ignore"],
    });
    const clef = new Clef(child, directory, password);
    await clef.#serve();
    return clef;
  }

  /** Answers Clef's questions. @returns when Clef is ready */
  async #serve(): Promise<void> {
    const { stdin, stdout } = this.#child;
    if (stdin === null || stdout === null) throw new Error("Clef has no pipes.");
    await new Promise<void>((resolve, reject) => {
      this.#child.once("exit", () => reject(new Error("Clef ended before it was ready.")));
      createInterface({ input: stdout }).on("line", (line) => {
        const { id, method, params } = JSON.parse(line) as UiRequest;
        if (method === "ui_onSignerStartup") {
          const { info } = params[0] as { info: { extapi_http: string } };
          this.url = info.extapi_http;
          resolve();
        }
        if (id === undefined) return;
        this.asked.push(method);
        stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id, result: this.#answer(method, params[0]) })}\n`);
      });
    });
  }

  #answer(method: string, request: Record<string, unknown>): object {
    if (method === "ui_onInputRequired") return { text: this.#password };
    if (method === "ui_approveListing") return { accounts: this.approves ? request["accounts"] : [] };
    if (method === "ui_approveTx") return { transaction: request["transaction"], approved: this.approves };
    return { approved: this.approves };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null) {
      this.#child.kill();
      await once(this.#child, "exit");
    }
    await rm(this.#directory, { recursive: true, force: true });
  }
}
