import { type Annotations, encodeAnnotations, hashAnnotations } from "../claim/annotations.ts";
import { maxBatchClaims } from "../claim/batch.ts";
import { type Bytes32, type ClaimPlace, claimLimits, type ImageClaim } from "../claim/claim.ts";
import { placeOf, readTags } from "../contract/claims.ts";
import { clockTolerance } from "../contract/clock.ts";
import type { Connection } from "../contract/connection.ts";
import type { Organisation } from "../contract/organisations.ts";
import type { Digest } from "../digest/digest.ts";
import { failure } from "../errors.ts";
import type { ImageFacts, ImageName, Subject } from "../image/image.ts";
import { settleEach, settleOn, unsettled } from "../settled.ts";
import { type SignedClaim, signClaim } from "../signature/signed-claim.ts";
import type { Signer } from "../signature/signer.ts";
import { toIso, type Verdict } from "../verdict/verdict.ts";
import { signable } from "./signable.ts";
import { submitBatch, submitClaims } from "./submit.ts";

/** Images that are recorded together; an endpoint looks for no more than 100 claims at once. */
const maxGroup = 100;

/** What a claim says beside its image. */
export interface SignOptions {
  /** seconds since 1970, 0 for never */
  readonly expiresAt?: number;
  readonly annotations?: Annotations;
}

/**
 * Claims an image for an organisation: signs what was found in it and records it on the chain.
 * @param facts the image, read at depth `content` or deeper
 * @returns what was recorded, with status `signed`, or `pending` while the organisation asks for more signatures
 * @throws IMAGE_NOT_SOUND, IMAGE_WITHOUT_NAME, IMAGE_HAS_TOO_MANY_DIGESTS, IMAGE_REVOKED, TAG_AHEAD_OF_CLOCK, CLAIM_INVALID,
 *   ANNOTATIONS_INVALID; as `submitClaim`
 */
export async function signImage(
  connection: Connection,
  signer: Signer,
  organisation: Organisation,
  facts: ImageFacts,
  options: SignOptions = {},
): Promise<Verdict<"signed" | "pending">> {
  const [result] = await signImages(connection, signer, organisation, [facts], options);
  return unsettled(result);
}

/**
 * Claims many images for an organisation: what must be known is read for all of them at once, and none waits for the one before it.
 * @param images read at depth `content` or deeper
 * @returns for each image, in their order, what was recorded, or the error with which it ended, as of `signImage`; nothing is thrown, and
 *   what concerns all, such as a chain that is away, stands at each
 */
export async function signImages(
  connection: Connection,
  signer: Signer,
  organisation: Organisation,
  images: readonly ImageFacts[],
  options: SignOptions = {},
): Promise<Recorded[]> {
  const place = placeOf(connection);
  return inGroups(images, maxGroup, async (group) => {
    const claims = await claimsOf(connection, organisation, group, options);
    const signed = await settleOn(claims, (those) =>
      settleEach(those, async ({ facts, claim }) => ({
        facts,
        signed: await signClaim(signer, claim, options.annotations ?? {}, place),
      })),
    );
    return settleOn(signed, (those) => submitClaims(connection, signer, those));
  });
}

/**
 * Claims many images by one signature for every hundred of them: what a person confirms once on a device, and the cheapest on chain.
 * A batch is recorded as a whole or not at all.
 * @param images read at depth `content` or deeper
 * @returns for each image, in their order, what was recorded, or the error with which it ended, as of `signImage`; nothing is thrown, and
 *   what concerns all, such as a chain that is away, stands at each
 */
export async function signBatch(
  connection: Connection,
  signer: Signer,
  organisation: Organisation,
  images: readonly ImageFacts[],
  options: SignOptions = {},
): Promise<Recorded[]> {
  return inGroups(images, maxBatchClaims, async (group) => {
    const claims = await claimsOf(connection, organisation, group, options);
    return settleOn(claims, (those) => submitBatch(connection, signer, those, options.annotations ?? {}));
  });
}

type Recorded = PromiseSettledResult<Verdict<"signed" | "pending">>;

async function inGroups(
  images: readonly ImageFacts[],
  size: number,
  record: (group: readonly ImageFacts[]) => Promise<Recorded[]>,
): Promise<Recorded[]> {
  const results: Recorded[] = [];
  for (let at = 0; at < images.length; at += size)
    results.push(...(await record(images.slice(at, at + size))));
  return results;
}

/** What is to be signed for each image; what must be known for that is read for all of them at once. */
async function claimsOf(
  connection: Connection,
  organisation: Organisation,
  images: readonly ImageFacts[],
  options: SignOptions,
): Promise<PromiseSettledResult<{ facts: ImageFacts; claim: ImageClaim }>[]> {
  const named = await settleEach(images, (found) => ({ name: nameOf(found), facts: signable(found) }));
  return settleOn(named, async (group) => {
    const times = await IssueTimes.read(connection, organisation, group);
    return settleEach(group, ({ facts, name }) => ({
      facts,
      claim: claimOf(organisation.id, facts, times.next(name, facts), options),
    }));
  });
}

/**
 * Signs images as they come. Those that come while others are being recorded are recorded together next: one image alone
 * does not wait for company, and of many, a whole group shares what each would do by itself.
 */
export class ImageSigning {
  readonly #record: (images: readonly ImageFacts[]) => ReturnType<typeof signImages>;
  #waiting: {
    facts: ImageFacts;
    settle: (result: PromiseSettledResult<Verdict<"signed" | "pending">>) => void;
  }[] = [];
  #running = false;

  constructor(connection: Connection, signer: Signer, organisation: Organisation, options: SignOptions = {}) {
    this.#record = (images) => signImages(connection, signer, organisation, images, options);
  }

  /** @returns and throws as `signImage` */
  async sign(facts: ImageFacts): Promise<Verdict<"signed" | "pending">> {
    const result = new Promise<PromiseSettledResult<Verdict<"signed" | "pending">>>((settle) => {
      this.#waiting.push({ facts, settle });
    });
    if (!this.#running) void this.#run();
    return unsettled(await result);
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, maxGroup);
      const results = await settleOn(
        group.map(({ facts }) => ({ status: "fulfilled" as const, value: facts })),
        this.#record,
      );
      for (const [i, { settle }] of group.entries()) {
        const result = results[i];
        if (result !== undefined) settle(result);
      }
    }
    this.#running = false;
  }
}

/**
 * What `signImages` would sign for each image, without signing or recording it.
 * @param organisation whose claims they would be
 * @returns for each image its claim, or the error with which signing it would end, as of `signImage`
 */
export async function draftClaims(
  connection: Connection,
  organisation: Organisation,
  images: readonly ImageFacts[],
  options: SignOptions = {},
): Promise<PromiseSettledResult<ImageClaim>[]> {
  const drafts: PromiseSettledResult<ImageClaim>[] = [];
  for (let at = 0; at < images.length; at += maxGroup) {
    const claims = await claimsOf(connection, organisation, images.slice(at, at + maxGroup), options);
    drafts.push(...(await settleOn(claims, (those) => settleEach(those, ({ claim }) => claim))));
  }
  return drafts;
}

/**
 * What `signImageOffline` would sign.
 * @param organisation the organisation's id
 * @throws as `signImageOffline`
 */
export function draftClaim(organisation: Bytes32, facts: ImageFacts, options: SignOptions = {}): ImageClaim {
  return claimOf(organisation, facts, Math.floor(Date.now() / 1000), options);
}

/**
 * Signs an image without a chain, for somebody else to record: what an air-gapped key can do.
 * @param place the registry and chain that the signature is for
 * @param organisation the organisation's id
 * @throws IMAGE_NOT_SOUND, IMAGE_WITHOUT_NAME, IMAGE_HAS_TOO_MANY_DIGESTS, CLAIM_INVALID, ANNOTATIONS_INVALID
 */
export async function signImageOffline(
  place: ClaimPlace,
  signer: Signer,
  organisation: Bytes32,
  facts: ImageFacts,
  options: SignOptions = {},
): Promise<SignedClaim> {
  const claim = draftClaim(organisation, facts, options);
  return signClaim(signer, claim, options.annotations ?? {}, place);
}

function claimOf(
  organisation: Bytes32,
  facts: ImageFacts,
  issuedAt: number,
  options: SignOptions,
): ImageClaim {
  const { repository, tag } = nameOf(facts);
  return {
    organisation,
    repository,
    tag,
    subjects: claimedSubjects(signable(facts)),
    issuedAt,
    expiresAt: options.expiresAt ?? 0,
    annotations: hashAnnotations(encodeAnnotations(options.annotations ?? {})),
  };
}

/**
 * All of the image's subjects; of an image with so many platforms that a claim cannot hold them all, without what they would run, which
 * a verifier then finds from the layers.
 * @throws IMAGE_HAS_TOO_MANY_DIGESTS where there are still too many
 */
function claimedSubjects({ image, subjects }: ImageFacts): readonly Subject[] {
  if (subjects.length <= claimLimits.subjects) return subjects;
  const stored = subjects.filter(({ kind }) => kind !== "runtime");
  if (stored.length <= claimLimits.subjects) return stored;
  throw failure("IMAGE_HAS_TOO_MANY_DIGESTS", {
    image,
    count: stored.length,
    limit: claimLimits.subjects,
  });
}

/** The name that a sound image is claimed under. @throws IMAGE_NOT_SOUND, IMAGE_WITHOUT_NAME */
function nameOf({ image, name, corruptions }: ImageFacts): ImageName {
  const corruption = corruptions[0];
  if (corruption !== undefined)
    throw failure("IMAGE_NOT_SOUND", { image, place: corruption.at, detail: corruption.detail });
  if (name !== undefined) return name;
  throw failure("IMAGE_WITHOUT_NAME", { image });
}

/**
 * When claims are issued: now, or the second after the tag's newest claim: a tag moves only forward, and re-signing within a second must
 * move it. What the organisation has revoked is refused here: the registry would record the claim, but it could never be good.
 */
class IssueTimes {
  readonly #organisation: Organisation;
  /** the time of each tag's newest claim */
  readonly #newest = new Map<string, number>();
  readonly #revoked = new Set<Digest>();

  private constructor(organisation: Organisation) {
    this.#organisation = organisation;
  }

  static async read(
    connection: Connection,
    organisation: Organisation,
    images: readonly { readonly name: ImageName; readonly facts: ImageFacts }[],
  ): Promise<IssueTimes> {
    const queries = images.map(({ name: { repository, tag }, facts }) => ({
      repository,
      tag,
      digests: facts.subjects.map(({ digest }) => digest),
    }));
    const states = await readTags(connection, organisation.id, queries, "latest");
    const times = new IssueTimes(organisation);
    for (const [at, { issuedAt, revoked }] of states.entries()) {
      const name = images[at]?.name;
      if (name !== undefined) times.#newest.set(keyOf(name), issuedAt);
      for (const digest of revoked) times.#revoked.add(digest);
    }
    return times;
  }

  /** @throws TAG_AHEAD_OF_CLOCK, IMAGE_REVOKED */
  next(name: ImageName, { subjects }: ImageFacts): number {
    const gone = subjects.find(({ digest }) => this.#revoked.has(digest));
    if (gone !== undefined)
      throw failure("IMAGE_REVOKED", { organisation: this.#organisation.name, digest: gone.digest });
    const now = Math.floor(Date.now() / 1000);
    const newest = this.#newest.get(keyOf(name)) ?? 0;
    const time = Math.max(now, newest + 1);
    if (time > now + clockTolerance) {
      throw failure("TAG_AHEAD_OF_CLOCK", { name: keyOf(name), claimed: toIso(newest), here: toIso(now) });
    }
    if (name.tag !== "") this.#newest.set(keyOf(name), time);
    return time;
  }
}

function keyOf({ repository, tag }: ImageName): string {
  return `${repository}:${tag}`;
}
