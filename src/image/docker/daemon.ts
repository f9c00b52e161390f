import { posix } from "node:path";
import { type DaoChainError, failure } from "../../errors.ts";
import { member, toObject } from "../../json.ts";
import { say } from "../../messages/message.ts";
import { Examination, formatPlatform } from "../examination.ts";
import { cancellable } from "../file.ts";
import type { ImageFacts, ImageSource, InspectOptions, ListedImage } from "../image.ts";
import { runtimeDigest } from "../rootfs/canonical.ts";
import { canonicalConfiguration } from "../rootfs/configuration.ts";
import { compareRuntimes, type Difference, explainDifference } from "../rootfs/differences.ts";
import { DockerClient } from "./client.ts";
import { type DaemonReference, type Described, describe, kindInStore, nameOf } from "./describe.ts";
import type { DockerOptions } from "./endpoint.ts";
import { listHeld } from "./held.ts";
import type { Saved } from "./save.ts";

/** Differences that an image's facts name; a diff names them all. */
const DIFFERENCE_LIMIT = 20;

/** An image in a Docker daemon, in its classic store or in containerd's. */
export function dockerImage(
  image: string,
  reference: DaemonReference,
  options: DockerOptions = {},
): ImageSource {
  return {
    image,
    transport: "docker-daemon",
    inspect: (inspection = {}) =>
      cancellable(inspection.signal, async () =>
        new Inspection(await DockerClient.prepare(options), image, reference, inspection).facts(),
      ),
  };
}

/**
 * In what a container of a daemon's image differs from the image's own layers and config.
 * @throws as `inspect`
 */
export function diffDockerImage(
  image: string,
  reference: DaemonReference,
  options: DockerOptions & InspectOptions = {},
): Promise<Difference[]> {
  return cancellable(options.signal, async () =>
    new Inspection(await DockerClient.prepare(options), image, reference, options).differences(),
  );
}

class Inspection {
  readonly #client: DockerClient;
  readonly #image: string;
  readonly #reference: DaemonReference;
  readonly #options: InspectOptions;

  constructor(client: DockerClient, image: string, reference: DaemonReference, options: InspectOptions) {
    this.#client = client;
    this.#image = image;
    this.#reference = reference;
    this.#options = options;
  }

  async facts(): Promise<ImageFacts> {
    const { depth = "runtime", thorough = false } = this.#options;
    const described = await this.#describe();
    if (depth === "id") return this.#identify(described);
    if (depth === "runtime") return thorough ? this.#compare(described) : this.#probe(described);
    const examination = new Examination();
    const saved = await this.#save(described, examination);
    return this.#state(examination, described, { depth: "content", ...saved });
  }

  async differences(): Promise<Difference[]> {
    const { differences, examination } = await this.#differences(await this.#describe());
    if (differences !== undefined) return differences;
    // The daemon itself noticed a file; of others it says nothing.
    const noticed = examination.corruptions.flatMap(({ at, kind }): Difference[] =>
      kind === undefined ? [] : [{ path: at, kind, expected: null, actual: null }],
    );
    if (noticed.length > 0) return noticed;
    const [corruption] = examination.corruptions;
    throw failure("LAYERS_CORRUPT", {
      image: this.#image,
      reason: corruption === undefined ? say("layers-not-unpacked") : say("corrupt-at", { ...corruption }),
    });
  }

  async #describe(): Promise<Described> {
    await this.#client.ping(this.#options.signal);
    return describe(this.#client, this.#image, this.#reference, this.#options);
  }

  #state(
    examination: Examination,
    described: Described,
    found: { depth: "id" | "content" | "runtime"; bytes: number; layers?: ImageFacts["layers"] },
  ): ImageFacts {
    const name = nameOf(this.#reference, described);
    return examination.facts(this.#image, "docker-daemon", { name, ...found, id: described.id });
  }

  async #identify(described: Described): Promise<ImageFacts> {
    const examination = new Examination();
    const isKnown = await this.#addId(described, examination);
    if (isKnown) return this.#state(examination, described, { depth: "id", bytes: 0 });
    // An older daemon on containerd's store does not say what its ID is of; the image itself does.
    const saved = await this.#save(described, examination);
    return this.#state(examination, described, { depth: "content", ...saved });
  }

  async #addId(described: Described, examination: Examination): Promise<boolean> {
    const kind = described.kind ?? (await kindInStore(this.#client, this.#options.signal));
    if (kind === undefined) return false;
    examination.add(kind, described.id, kind === "index" ? "" : platformOf(described));
    return true;
  }

  async #save(described: Described, examination: Examination): Promise<Saved> {
    const { examineSave } = await import("./save.ts");
    return examineSave(this.#client, this.#image, described, examination, this.#options);
  }

  /** What would run, and the image's ID; its layers are not read. */
  async #probe(described: Described): Promise<ImageFacts> {
    const examination = new Examination();
    const isKnown = await this.#addId(described, examination);
    const { root, bytes, removal } = await this.#export(described);
    const digest = runtimeDigest(canonicalConfiguration(described.config), root);
    const platform = platformOf(described);
    examination.add("runtime", digest, platform);
    // What an older daemon on containerd's store has may be an index, too.
    if (described.kind === "index" || !isKnown) {
      const runs = { kind: "runtime", digest, platform } as const;
      const own = { digest: described.id, platform, subjects: [runs] };
      examination.listAs((await this.#isAlone(described)) ? [own] : [own, othersOf(described)]);
    }
    for (const note of await removal) examination.note(note);
    return this.#state(examination, described, { depth: "runtime", bytes, layers: "unread" });
  }

  /** Whether nothing else of an index could run than the platform that was looked at. */
  async #isAlone({ id }: Described): Promise<boolean> {
    const { platform, signal } = this.#options;
    if (platform !== undefined) return true;
    const held = await listHeld(this.#client, id, signal);
    return held?.filter(({ isHeld }) => isHeld).length === 1;
  }

  /** What would run, and whether the layers say so. */
  async #compare(described: Described): Promise<ImageFacts> {
    const { differences, examination, bytes, doubts } = await this.#differences(described);
    if (differences !== undefined && differences.length > 0) {
      if (doubts.length > 0) {
        throw failure("LAYERS_AMBIGUOUS", { image: this.#image, reason: doubts[0] ?? "" });
      }
      for (const difference of differences.slice(0, DIFFERENCE_LIMIT))
        examination.corrupt(difference.path, explainDifference(difference), difference.kind);
      if (differences.length > DIFFERENCE_LIMIT)
        examination.corrupt("and", say("differences-more", { count: differences.length - DIFFERENCE_LIMIT }));
    }
    return this.#state(examination, described, { depth: "runtime", bytes });
  }

  /** @returns no differences where the layers are corrupt themselves, as the examination then says */
  async #differences(described: Described): Promise<{
    differences: Difference[] | undefined;
    doubts: readonly string[];
    examination: Examination;
    bytes: number;
  }> {
    const { os } = described;
    if (os !== "linux") throw onlyLinux(this.#image);
    const examination = new Examination(platformOf(described));
    const { examineSave } = await import("./save.ts");
    const saved = await examineSave(this.#client, this.#image, described, examination, {
      ...this.#options,
      thorough: true,
    });
    const { tree } = examination;
    if (examination.corruptions.length > 0 || tree === undefined)
      return { differences: undefined, doubts: [], examination, bytes: saved.bytes };
    const { root, bytes, removal } = await this.#export(described);
    const actual = { configuration: canonicalConfiguration(described.config), root };
    const differences = compareRuntimes(tree, actual);
    for (const note of await removal) examination.note(note);
    return {
      differences,
      doubts: tree.doubts,
      examination,
      bytes: saved.bytes + bytes,
    };
  }

  async #export(described: Described): ReturnType<typeof import("./probe.ts").probeImage> {
    if (described.os !== "linux") throw onlyLinux(this.#image);
    const volumes = Object.keys(toObject(member(described.config, "Volumes", "config") ?? {}, "config"));
    const probed = {
      id: described.id,
      // Of an image with several platforms the daemon would take its own, which is the one that it described.
      platform: described.kind === "index" ? platformOf(described) : undefined,
      // Two spellings of one place would be refused.
      volumes: [...new Set(volumes.map((path) => posix.resolve("/", path)))].filter((path) => path !== "/"),
    };
    const { probeImage } = await import("./probe.ts");
    return probeImage(this.#client, probed, this.#options);
  }
}

function othersOf({ id }: Described): ListedImage {
  return { digest: id, platform: "", subjects: [], unseen: say("platforms-unseen") };
}

function platformOf({ os, architecture, variant }: Described): string {
  return formatPlatform(os, architecture, variant);
}

function onlyLinux(image: string): DaoChainError {
  return failure("NOT_FOR_LINUX", { image });
}
