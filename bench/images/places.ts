import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEngine, type TestEngine } from "../../test/support/docker-engine.ts";
import { RegistryServer } from "../../test/support/registry-server.ts";
import { compress, type Generated, generate, type Plan } from "./generate.ts";
import { cli, type Environment, prepare } from "./measure.ts";

/** An image in all the places where it is measured, signed in each. */
export interface Placed {
  readonly image: Generated;
  /** as engines know it */
  readonly name: string;
  /** the same with gzip layers, as the engine with containerd's store keeps it that has pulled it */
  readonly gzipName: string;
  readonly plain: string;
  readonly gzip: string;
  readonly registry: string;
}

/** Engines of both stores, a registry and a chain of the bench's own; all gone at its end. */
export class Places implements AsyncDisposable {
  readonly directory: string;
  readonly engines: readonly (TestEngine & { stop(): Promise<void> })[];
  readonly registry: RegistryServer;

  private constructor(directory: string, engines: Places["engines"], registry: RegistryServer) {
    this.directory = directory;
    this.engines = engines;
    this.registry = registry;
  }

  static async start(): Promise<Places> {
    const directory = await mkdtemp(join(tmpdir(), "daochain-bench-"));
    const engines = [await startEngine("classic"), await startEngine("containerd")];
    const places = new Places(directory, engines, await RegistryServer.start());
    prepare(process.execPath, [cli, "up", "--quiet"], places.environment());
    return places;
  }

  /** @param engine which daemon is meant */
  environment(engine = this.engines[0]): Environment {
    return {
      PATH: process.env["PATH"],
      HOME: this.directory,
      DAOCHAIN_HOME: join(this.directory, "home"),
      DOCKER_HOST: engine?.host,
    };
  }

  async place(plan: Plan): Promise<Placed> {
    const at = join(this.directory, plan.name.replace(/[:/]/g, "-"));
    const image = await generate(at, plan);
    const repository = plan.name.slice(0, plan.name.lastIndexOf(":"));
    const gzipName = `${repository}:gzip`;
    await compress(image, `${at}-gzip`, gzipName);
    this.#load(at);
    this.#load(`${at}-gzip`, this.engines.slice(1));
    await this.registry.push(repository, "gzip", await readLayout(`${at}-gzip`));
    const placed = {
      image,
      name: plan.name,
      gzipName,
      plain: `oci:${at}`,
      gzip: `oci:${at}-gzip`,
      registry: `docker://${this.registry.address}/${repository}:gzip`,
    };
    for (const reference of [placed.plain, placed.gzip, placed.registry])
      prepare(process.execPath, [cli, "sign", "--quiet", reference], this.environment());
    return placed;
  }

  /** An image in the classic engine alone, signed. */
  async placeSmall(plan: Plan): Promise<void> {
    const image = await generate(join(this.directory, plan.name.replace(/[:/]/g, "-")), plan);
    this.#load(image.directory, this.engines.slice(0, 1));
    prepare(process.execPath, [cli, "sign", "--quiet", `oci:${image.directory}`], this.environment());
  }

  #load(directory: string, engines = this.engines): void {
    for (const engine of engines)
      prepare(
        "bash",
        ["-euo", "pipefail", "-c", 'tar -C "$1" -cf - . | docker load --quiet', "load", directory],
        this.environment(engine),
      );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    prepare(process.execPath, [cli, "down", "--quiet"], this.environment());
    await this.registry[Symbol.asyncDispose]();
    await Promise.all(this.engines.map((engine) => engine.stop()));
    await rm(this.directory, { recursive: true, force: true });
  }
}

async function readLayout(directory: string): Promise<Map<string, Uint8Array>> {
  const blobs = join("blobs", "sha256");
  const names = ["index.json", ...(await readdir(join(directory, blobs))).map((name) => join(blobs, name))];
  const files = new Map<string, Uint8Array>();
  for (const name of names) files.set(name, await readFile(join(directory, name)));
  return files;
}
