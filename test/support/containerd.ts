import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { credentials, loadPackageDefinition, type ServiceError } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { wrapperName, wrapperText } from "../../cli/install/verifier-wrapper.ts";
import { runProcess } from "./cli.ts";

const modernEngine = fileURLToPath(new URL("../../scripts/modern-engine.sh", import.meta.url));
const verifier = fileURLToPath(new URL("../../cli/containerd-verifier.ts", import.meta.url));
const protocol = fileURLToPath(new URL("cri.proto", import.meta.url));

/** Whether a containerd with image verifiers is here; test/support/docker-engine.ts fails where it must be and is not. */
export const hasContainerd =
  process.getuid?.() === 0 && spawnSync(modernEngine, ["path"], { stdio: "ignore" }).status === 0;

interface RuntimeClient {
  runPodSandbox(request: object, answer: (error: ServiceError | null) => void): void;
  close(): void;
}

interface CriClient {
  pullImage(request: object, answer: (error: ServiceError | null, value: { imageRef: string }) => void): void;
  removeImage(request: object, answer: (error: ServiceError | null) => void): void;
  listImages(
    request: object,
    answer: (error: ServiceError | null, value: { images: { id: string }[] }) => void,
  ): void;
  close(): void;
}

/** A containerd of a test's own, with Kubernetes' interface (CRI) and image verifiers. */
export class TestContainerd implements AsyncDisposable {
  readonly directory: string;
  #process: ChildProcess | undefined;
  #client: CriClient | undefined;

  private constructor() {
    this.directory = mkdtempSync(join(tmpdir(), "daochain-containerd-"));
    mkdirSync(this.binDir, { mode: 0o755 });
    mkdirSync(join(this.directory, "programs"));
    // Where the programs are hangs on the home, and commands under test have another.
    const cache = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
    for (const name of ["containerd", "ctr"]) {
      const program = join(this.directory, "programs", name);
      writeFileSync(
        program,
        `#!/bin/sh\nXDG_CACHE_HOME='${cache}' exec '${modernEngine}' program ${name} "$@"\n`,
      );
      chmodSync(program, 0o755);
    }
  }

  /** @param settings more of its configuration, as TOML */
  static async start(settings = ""): Promise<TestContainerd> {
    const containerd = new TestContainerd();
    await containerd.restart(settings);
    return containerd;
  }

  /** where its verifiers are */
  get binDir(): string {
    return join(this.directory, "verifiers");
  }

  get configuration(): string {
    return join(this.directory, "config.toml");
  }

  get socket(): string {
    return join(this.directory, "containerd.sock");
  }

  get log(): string {
    return readFileSync(join(this.directory, "log"), "utf8");
  }

  /** A directory of programs to be found on the PATH: containerd and ctr. */
  get programs(): string {
    return join(this.directory, "programs");
  }

  /** Has containerd ask a gate. */
  addVerifier(gateSocket: string): void {
    const wrapper = join(this.binDir, wrapperName);
    writeFileSync(wrapper, wrapperText(process.execPath, verifier, gateSocket));
    chmodSync(wrapper, 0o755);
  }

  removeVerifier(): void {
    rmSync(join(this.binDir, wrapperName), { force: true });
  }

  /** Starts it, with other settings than before where it runs. */
  async restart(settings = ""): Promise<void> {
    await this.#stop();
    writeFileSync(this.configuration, this.#configure(settings));
    const log = openSync(join(this.directory, "log"), "w");
    const command = [modernEngine, "program", "containerd", "--config", this.configuration];
    // It must not outlive a test run that was killed.
    const tied = existsSync("/usr/bin/setpriv")
      ? ["/usr/bin/setpriv", "--pdeathsig", "TERM", ...command]
      : command;
    this.#process = spawn(tied[0] ?? "", tied.slice(1), { stdio: ["ignore", log, log] });
    closeSync(log);
    for (let tries = 0; tries < 400 && this.#process.exitCode === null; tries++) {
      if (existsSync(this.socket) && (await this.listImages().catch(() => undefined)) !== undefined) return;
      await sleep(50);
    }
    const said = this.log.slice(-2000);
    await this[Symbol.asyncDispose]();
    throw new Error(`containerd did not start.\n${said}`);
  }

  #configure(settings: string): string {
    return `version = 3
root = '${join(this.directory, "root")}'
state = '${join(this.directory, "state")}'
[grpc]
  address = '${this.socket}'
[plugins.'io.containerd.internal.v1.opt']
  path = '${join(this.directory, "opt")}'
[plugins.'io.containerd.image-verifier.v1.bindir']
  bin_dir = '${this.binDir}'
${settings}
`;
  }

  /** Pulls as a kubelet does. @returns what is said where it fails; empty where it does not */
  pull(image: string): Promise<string> {
    return new Promise((resolve) =>
      this.#cri().pullImage({ image: { image } }, (error) => resolve(error?.details ?? "")),
    );
  }

  remove(image: string): Promise<void> {
    return new Promise((resolve, reject) =>
      this.#cri().removeImage({ image: { image } }, (error) => (error === null ? resolve() : reject(error))),
    );
  }

  /** The IDs of what a kubelet could run. */
  listImages(): Promise<string[]> {
    return new Promise((resolve, reject) =>
      this.#cri().listImages({}, (error, value) =>
        error === null ? resolve(value.images.map(({ id }) => id)) : reject(error),
      ),
    );
  }

  /** Starts what a pod's containers would share, of the image that is configured for it. @returns as `pull` does */
  runPodSandbox(): Promise<string> {
    const client: RuntimeClient = this.#connect("RuntimeService");
    const config = {
      metadata: { name: "pod", uid: "1", namespace: "default" },
      linux: { securityContext: { namespaceOptions: { network: "NODE" } } },
    };
    return new Promise((resolve) =>
      client.runPodSandbox({ config }, (error) => {
        client.close();
        resolve(error?.details ?? "");
      }),
    );
  }

  /** Runs ctr. @returns what it says where it fails; empty where it does not */
  async ctr(...arguments_: string[]): Promise<string> {
    const { code, stdout, stderr } = await runProcess(join(this.programs, "ctr"), [
      "--address",
      this.socket,
      "--namespace=k8s.io",
      ...arguments_,
    ]);
    return code === 0 ? "" : `${stdout}${stderr}` || `it ended with ${code}`;
  }

  #cri(): CriClient {
    this.#client ??= this.#connect<CriClient>("ImageService");
    return this.#client;
  }

  #connect<Client>(service: string): Client {
    // biome-ignore lint/suspicious/noExplicitAny: what a protocol's file describes has no types
    const { runtime } = loadPackageDefinition(loadSync(protocol, { defaults: true })) as any;
    return new runtime.v1[service](`unix:${this.socket}`, credentials.createInsecure());
  }

  async #stop(): Promise<void> {
    this.#client?.close();
    this.#client = undefined;
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exit = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    const killing = setTimeout(() => child.kill("SIGKILL"), 10_000);
    await exit;
    clearTimeout(killing);
    rmSync(this.socket, { force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop();
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }
}
