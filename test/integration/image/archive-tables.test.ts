import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { DockerClient } from "../../../src/image/docker/client.ts";
import type { ImageFacts } from "../../../src/image/image.ts";
import { openImage } from "../../../src/image/open.ts";
import { formatImageName, parseNamedReference } from "../../../src/image/reference.ts";
import { ambiguousArchives, layoutAndLegacy, twoTables } from "../../support/ambiguous-archives.ts";
import { dockerLegacy, dockerModern, markedImage, toolArchives } from "../../support/archives.ts";
import { type OwnEngine, startEngine } from "../../support/docker-engine.ts";
import { type Files, sha256, tar, testDirectory, writeArchive } from "../../support/images.ts";
import { findProgram } from "../../support/programs.ts";

const skopeo = findProgram("skopeo");
const good = await markedImage("good");
const arm = await markedImage("good on arm", "arm64");
const evil = await markedImage("evil");

/** What an engine has: the labels of its images, by their names and without. */
type Loaded = ReadonlyMap<string, string>;

/** An engine that an archive can be loaded into, and emptied. */
class Loader {
  readonly name: string;
  /** it saves no layouts */
  readonly isOld: boolean;
  readonly #client: DockerClient;

  private constructor(name: string, client: DockerClient) {
    this.name = name;
    this.isOld = name === "classic store";
    this.#client = client;
  }

  static async of(name: string, host: string): Promise<Loader> {
    return new Loader(name, await DockerClient.prepare({ host }));
  }

  /** @returns everything that the engine holds afterwards, also where it refused the archive on the way */
  async load(bytes: Uint8Array): Promise<Loaded> {
    await this.#empty();
    const answer = await this.#client.open("/images/load", {
      method: "POST",
      query: { quiet: "1" },
      body: Buffer.from(bytes),
    });
    for await (const _piece of answer.body);
    const loaded = new Map<string, string>();
    for (const { Id, RepoTags } of await this.#images()) {
      const { json } = await this.#client.call(`/images/${Id}/json`);
      const { Config } = json as { Config: { Labels: Record<string, string> | null } | null };
      const names = (RepoTags ?? []).filter((name) => name !== "<none>:<none>");
      for (const name of names.length === 0 ? [Id] : names)
        loaded.set(
          name === Id ? Id : formatImageName(parseNamedReference(name)),
          Config?.Labels?.["is"] ?? "",
        );
    }
    return loaded;
  }

  async save(names: readonly string[]): Promise<Buffer> {
    // With a query, the path's last character goes.
    const { body } = await this.#client.open(`/images/get?${names.map((name) => `names=${name}&`).join("")}`);
    const pieces: Buffer[] = [];
    for await (const piece of body) pieces.push(Buffer.from(piece));
    return Buffer.concat(pieces);
  }

  async #images(): Promise<{ Id: string; RepoTags: string[] | null }[]> {
    return (await this.#client.call("/images/json", { query: { all: "1" } })).json as [];
  }

  async #empty(): Promise<void> {
    for (const { Id } of await this.#images())
      await this.#client.call(`/images/${Id}`, { method: "DELETE", query: { force: "1" } });
    expect(await this.#images()).toEqual([]);
  }
}

describe("an archive on every engine", () => {
  const loaders: Loader[] = [];
  // Engines of its own: it empties them, and others keep images in those of all tests.
  const own: OwnEngine[] = [];
  const engines = inject("engines");

  beforeAll(async () => {
    const start = async (title: string, ...how: Parameters<typeof startEngine>): Promise<void> => {
      const engine = await startEngine(...how);
      own.push(engine);
      loaders.push(await Loader.of(title, engine.host));
    };
    for (const { name } of engines) await start(`${name} store`, name);
    if (engines.some(({ name }) => name === "containerd"))
      await start("classic store of a modern engine", "classic", { isModern: true });
  });
  afterAll(() => Promise.all(own.map((engine) => engine.stop())));

  async function inspect(reference: string): Promise<ImageFacts | undefined> {
    return (await openImage(reference)).inspect().catch(() => undefined);
  }

  /** What an engine loads from an archive for which we gave facts is that image, under no other names. */
  function expectCovered(facts: ImageFacts, loaded: Loaded, engine: string): void {
    const names = [facts.name, ...(facts.otherNames ?? [])].flatMap((name) =>
      name?.carried === true ? [formatImageName(name)] : [],
    );
    for (const [name, mark] of loaded) {
      expect(mark, `${name} on the ${engine}`).toMatch(/^good/);
      if (!name.startsWith("sha256:")) expect(names, engine).toContain(name);
    }
  }

  for (const [tool, { transport, files }] of Object.entries(toolArchives(good, arm)))
    it.skipIf(engines.length === 0)(`is loaded as the image that we say, as of ${tool}`, async () => {
      const bytes = await tar(files);
      const facts = await inspect(`${transport}:${await writeArchive(bytes)}`);
      if (facts === undefined) throw new Error("It was refused.");
      let times = 0;
      for (const loader of loaders) {
        const loaded = await loader.load(bytes);
        expectCovered(facts, loaded, loader.name);
        if (loaded.size > 0) times++;
      }
      // A layout alone is not for the classic store.
      expect(times).toBeGreaterThanOrEqual(files.has("manifest.json") ? loaders.length : loaders.length - 2);
    });

  it.skipIf(engines.length === 0)("gets all of its names", async () => {
    const tags = ["acme/app:1.0", "acme/app:2.0", "evil/app:1.0"];
    for (const files of [dockerLegacy(good, tags), dockerModern(good, tags)]) {
      const bytes = await tar(files);
      const facts = await inspect(`docker-archive:${await writeArchive(bytes)}:acme/app:2.0`);
      const names = [facts?.name, ...(facts?.otherNames ?? [])].map((name) => name && formatImageName(name));
      for (const loader of loaders)
        expect([...(await loader.load(bytes)).keys()].sort(), loader.name).toEqual(names.sort());
    }
  });

  it.skipIf(engines.length === 0)("is one image as the engine itself saves it", async () => {
    const names = ["acme/app:1.0", "acme/app:2.0", "evil/app:1.0"];
    for (const loader of loaders) {
      await loader.load(await tar(dockerModern(good, names)));
      const path = await writeArchive(await loader.save(names));
      const facts = await (await openImage(`docker-archive:${path}`)).inspect();
      expect(facts).toMatchObject({ corruptions: [], notes: [], otherNames: [{}, {}] });
      expect(facts.subjects[0]?.digest).toBe(sha256(good.config));
      if (loader.isOld) continue;
      const laid = await (await openImage(`oci-archive:${path}`)).inspect();
      expect(laid).toMatchObject({ corruptions: [], name: facts.name, otherNames: facts.otherNames });
    }
  });

  it.skipIf(skopeo === undefined || engines.length === 0)("is one image as skopeo copies it", async () => {
    const path = await writeArchive(await tar(dockerModern(good)));
    const directory = await testDirectory();
    for (const transport of ["docker-archive", "oci-archive"]) {
      const copy = `${transport}:${directory}/${transport}.tar`;
      execFileSync(skopeo ?? "", [
        "copy",
        "--quiet",
        `docker-archive:${path}`,
        `${copy}:docker.io/acme/app:1.0`,
      ]);
      const facts = await (await openImage(copy)).inspect();
      expect(facts).toMatchObject({
        corruptions: [],
        name: { repository: "docker.io/acme/app", tag: "1.0" },
      });
      for (const loader of loaders)
        expectCovered(facts, await loader.load(await readFile(`${directory}/${transport}.tar`)), loader.name);
    }
  });

  describe("that is two images", async () => {
    for (const [title, { bytes, transports, suffix }] of Object.entries(await ambiguousArchives(good, evil)))
      it.skipIf(engines.length === 0)(`is loaded as none that we would give facts of: ${title}`, async () => {
        const path = await writeArchive(bytes);
        for (const transport of ["docker-archive", "oci-archive"] as const) {
          const facts = await inspect(`${transport}:${path}${suffix?.[transport] ?? ""}`);
          if (transports.includes(transport)) expect(facts, transport).toBeUndefined();
          if (facts === undefined) continue;
          for (const loader of loaders) expectCovered(facts, await loader.load(bytes), loader.name);
        }
      });

    it.skipIf(engines.length < 2)("is two images indeed", async () => {
      const made: [Files, byContainerd: string, byOthers: string][] = [
        [twoTables(good, evil), "evil", "good"],
        [twoTables(evil, good), "good", "evil"],
        [layoutAndLegacy(good, evil), "good", "evil"],
      ];
      for (const [files, byContainerd, byOthers] of made) {
        const bytes = await tar(files);
        for (const loader of loaders) {
          const mark = (await loader.load(bytes)).get("docker.io/acme/app:1.0");
          // The modern engine has forgotten the oldest tables.
          if (
            mark !== undefined ||
            loader.name !== "classic store of a modern engine" ||
            files.has("manifest.json")
          )
            expect(mark, loader.name).toBe(loader.name === "containerd store" ? byContainerd : byOthers);
        }
      }
    });
  });
});
