import type { Connection } from "../contract/connection.ts";
import type { Digest } from "../digest/digest.ts";
import { failure, isDaoChainError } from "../errors.ts";
import { DockerClient } from "../image/docker/client.ts";
import type { DockerOptions } from "../image/docker/endpoint.ts";
import {
  dropDigest,
  findImageId,
  pullByDigest,
  readDaemonPlatform,
  tagImage,
} from "../image/docker/transfer.ts";
import type { Depth, ImageFacts, ImageSource, Progress, Subject } from "../image/image.ts";
import { openImage } from "../image/open.ts";
import { type NamedReference, parseImageReference } from "../image/reference.ts";
import { registryCredentials } from "../image/registry/credentials.ts";
import type { RegistryOptions } from "../image/registry/options.ts";
import { say } from "../messages/message.ts";
import type { Policy } from "../policy/policy.ts";
import { decideCorrupt } from "../verdict/decide.ts";
import { verdictOfFailure } from "../verdict/failure.ts";
import type { Verdict } from "../verdict/verdict.ts";
import { verifyImage } from "../verdict/verify.ts";
import { resolveTag } from "./resolve-tag.ts";

export interface PullOptions {
  readonly docker?: DockerOptions | undefined;
  readonly registry?: RegistryOptions | undefined;
  /** of an image for several platforms, the one to be fetched, as `os/architecture[/variant]`; undefined: the daemon's own */
  readonly platform?: string | undefined;
  /** how deep to look at what was fetched */
  readonly depth?: Depth | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/**
 * Fetches the image that its owner says a name stands for, whatever the registry says: asks the chain for the tag's newest claim, has the daemon
 * fetch by a digest that the claim names, verifies what came, and only then gives it the tag. What fails is removed unless it was there before.
 * @param image `[registry/]repository[:tag][@digest]`, or the same behind `docker://`
 * @param policy whose word counts; the newest is demanded in any case
 * @returns the verdict about the image in the daemon, or why nothing was fetched
 * @throws only what the caller must change (outcome `usage`) and CANCELLED
 */
export async function pullImage(
  image: string,
  connect: () => Promise<Connection>,
  policy: Policy,
  options: PullOptions = {},
): Promise<Verdict> {
  const named = toNamed(image);
  const strict = { ...policy, newest: true };
  try {
    const resolved = await resolveTag(await connect(), image, named, strict);
    if (resolved.verdict.status !== "verified") return resolved.verdict;
    const pull = new Pull(image, named, resolved.subjects, connect, strict, options);
    return await pull.run(resolved.verdict);
  } catch (error) {
    return verdictOfFailure(error, image, undefined);
  }
}

function toNamed(image: string): NamedReference {
  const reference = parseImageReference(image);
  const isName = reference.transport === "docker" || reference.transport === "docker-daemon";
  const named = isName ? reference.named : undefined;
  if (named !== undefined && !(reference.transport === "docker-daemon" && reference.explicit)) return named;
  throw failure("PULL_NAME_INVALID", { image });
}

class Pull {
  readonly #image: string;
  readonly #named: NamedReference;
  readonly #subjects: readonly Subject[];
  readonly #connect: () => Promise<Connection>;
  readonly #policy: Policy;
  readonly #options: PullOptions;

  constructor(
    image: string,
    named: NamedReference,
    subjects: readonly Subject[],
    connect: () => Promise<Connection>,
    policy: Policy,
    options: PullOptions,
  ) {
    this.#image = image;
    this.#named = named;
    this.#subjects = subjects;
    this.#connect = connect;
    this.#policy = policy;
    this.#options = options;
  }

  /** @param resolved the verdict about the image that is looked for */
  async run(resolved: Verdict): Promise<Verdict> {
    const client = await DockerClient.prepare(this.#options.docker);
    await client.ping(this.#options.signal);
    if (this.#named.digest !== undefined) return this.#fetch(client, this.#named.digest);
    const platform = this.#options.platform ?? (await readDaemonPlatform(client, this.#options.signal));
    for (const digest of this.#claimed(platform)) {
      try {
        return await this.#fetch(client, digest);
      } catch (error) {
        // The claim may know it by other digests too: a registry may have it recompressed.
        if (!isDaoChainError(error, "IMAGE_NOT_SERVED")) throw error;
      }
    }
    const served = await this.#served(platform);
    if ("digest" in served) return this.#fetch(client, served.digest);
    return { ...resolved, ...served, claim: null, matched: null, warnings: [] };
  }

  /** What the claim names and a registry can be asked for: indexes, then the platform's manifests. */
  #claimed(platform: string): Digest[] {
    const of = (kind: Subject["kind"]) => this.#subjects.filter((subject) => subject.kind === kind);
    const manifests = of("manifest").filter((subject) => isFor(subject.platform, platform));
    return [...of("index"), ...manifests].map(({ digest }) => digest);
  }

  /** What the registry serves under the tag, where the claim names its config: then its manifest is this registry's way to keep it. */
  async #served(
    platform: string,
  ): Promise<{ digest: Digest } | Pick<Verdict, "status" | "reasons" | "subjects" | "depth">> {
    const { registry, signal } = this.#options;
    const name = `${this.#named.repository}:${this.#named.tag}`;
    const source = await openImage(`docker://${name}`, { registry });
    const facts = await source.inspect({ depth: "manifest", signal });
    const { subjects } = facts;
    if (facts.corruptions.length > 0) {
      const { status, reasons } = decideCorrupt(facts, 0);
      return { status, reasons, subjects, depth: facts.depth };
    }
    const claimed = new Set(
      this.#subjects.filter(({ kind }) => kind === "config").map(({ digest }) => digest),
    );
    const configs = subjects.filter(({ kind, digest }) => kind === "config" && claimed.has(digest));
    const manifest = subjects.find(
      (subject) =>
        subject.kind === "manifest" &&
        isFor(subject.platform, platform) &&
        configs.some((config) => config.platform === subject.platform),
    );
    if (manifest !== undefined) return { digest: manifest.digest };
    const reasons = [
      say("served-another", {
        served: subjects[0]?.digest ?? "nothing",
        name,
        claimed: this.#subjects[0]?.digest ?? "nothing",
      }),
    ];
    return { status: "mismatch", reasons, subjects, depth: facts.depth };
  }

  /** @throws IMAGE_NOT_SERVED where the registry does not have it */
  async #fetch(client: DockerClient, digest: Digest): Promise<Verdict> {
    const { repository, tag } = this.#named;
    const { platform, signal, onProgress, docker, registry } = this.#options;
    const environment = registry?.environment ?? docker?.environment;
    const host = repository.slice(0, repository.indexOf("/"));
    const credential = await registryCredentials(host, { ...registry, environment, signal });
    const before = await findImageId(client, `${repository}@${digest}`, signal);
    let isKept = before !== undefined;
    try {
      await pullByDigest(client, repository, digest, { credential, platform, signal, onProgress });
      const { verdict, facts } = await this.#verify(digest);
      if (verdict.status === "verified") {
        const id = facts?.id;
        if (id === undefined)
          throw client.failure(say("engine-image-untold", { image: `${repository}@${digest}` }));
        if (this.#named.digest === undefined) await tagImage(client, id, { repository, tag }, signal);
        isKept = true;
      }
      return verdict;
    } finally {
      // Even where it was cancelled.
      if (!isKept) await dropDigest(client, repository, digest);
    }
  }

  /** Verifies what was fetched as what it is to be: the image of its tag. */
  async #verify(digest: Digest): Promise<{ verdict: Verdict; facts: ImageFacts | undefined }> {
    const { repository, tag } = this.#named;
    const { docker, depth, platform, signal, onProgress } = this.#options;
    const image = this.#image;
    let facts: ImageFacts | undefined;
    const open = async (): Promise<ImageSource> => {
      const source = await openImage(`docker-daemon:${repository}@${digest}`, { docker });
      const inspect: ImageSource["inspect"] = async (inspection) => {
        const name = { repository, tag, carried: true };
        facts = { ...(await source.inspect(inspection)), image, name };
        return facts;
      };
      return { image, transport: source.transport, inspect };
    };
    const inspection = { depth, platform, signal, onProgress };
    return { verdict: await verifyImage(image, open, this.#connect, this.#policy, inspection), facts };
  }
}

/** Whether an image for a platform is one for what was asked for, which may leave the variant open. */
function isFor(platform: string, resolved: string): boolean {
  return (
    platform === "" ||
    platform === resolved ||
    platform.startsWith(`${resolved}/`) ||
    resolved.startsWith(`${platform}/`)
  );
}
