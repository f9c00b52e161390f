import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { Catalogue } from "../../../src/catalogue/catalogue.ts";
import { hashAnnotations } from "../../../src/claim/annotations.ts";
import { type ImageClaim, noAnnotations, toClaimStruct } from "../../../src/claim/claim.ts";
import { blockTime } from "../../support/catalogue.ts";
import { Consortium, signerOf } from "../../support/consortium.ts";
import { temporaryDirectory } from "../../support/embedded-chain.ts";
import { digestOf, subject } from "../../support/registry.ts";

// What a signer can record with tools of its own: bytes that are no text, and texts that are no names.

let chain: Consortium;
let organisation: `0x${string}`;
let images = 0;

beforeAll(async () => {
  chain = await Consortium.start();
  organisation = (await chain.admit("acme")).id;
}, 120_000);
afterAll(() => chain?.stop());

const approvals = () => [[signerOf("acme").address, "0x"]];

async function claim(more: Partial<ImageClaim>): Promise<ImageClaim> {
  return {
    organisation,
    repository: "docker.io/acme/app",
    tag: `${images}`,
    subjects: [subject(`unreadable ${images++}`)],
    issuedAt: (await blockTime(chain.connection)) - 1000 + images,
    expiresAt: 0,
    annotations: noAnnotations,
    ...more,
  };
}

const submit = async (one: ImageClaim, annotations = ""): Promise<unknown> =>
  chain.send("acme", "submitClaim", toClaimStruct(one), approvals(), annotations);

const submitPatched = async (claims: readonly ImageClaim[], from: string, to: Uint8Array): Promise<void> => {
  const [only] = claims;
  const [method, args] =
    claims.length === 1 && only !== undefined
      ? ["submitClaim", [toClaimStruct(only), approvals(), ""]]
      : ["submitBatch", [claims.map(toClaimStruct), approvals(), claims.map(() => "")]];
  await chain.sendPatched("acme", method as string, args as unknown[], from, to);
};

async function follow(): Promise<Catalogue> {
  const directory = await temporaryDirectory();
  const catalogue = Catalogue.open(join(directory.path, "catalogue.sqlite"), chain.connection.profile);
  onTestFinished(async () => {
    catalogue.close();
    await directory[Symbol.asyncDispose]();
  });
  await catalogue.follow(chain.connection);
  return catalogue;
}

const noText = Uint8Array.of(0xff, 0xfe, 0xc0);

describe("a catalogue", () => {
  test("leaves out a claim whose repository, tag or platform is no text, and the batch that it stands in", async () => {
    const repository = await claim({ repository: "docker.io/acme/XXX" });
    await submitPatched([repository], "XXX", noText);
    const platform = await claim({ subjects: [subject("p", { platform: "linux/YYY" })] });
    await submitPatched([platform], "YYY", noText);
    const [neighbour, unreadable] = [await claim({}), await claim({ tag: "ZZZ" })];
    await submitPatched([neighbour, unreadable], "ZZZ", noText);
    const good = await claim({});
    await submit(good);

    const catalogue = await follow();
    for (const { subjects } of [repository, platform, neighbour, unreadable])
      expect(catalogue.naming(subjects.map(({ digest }) => digest))).toEqual([]);
    expect(catalogue.naming(good.subjects.map(({ digest }) => digest))).toHaveLength(1);
  });

  test("knows that a tag has moved on to a claim that nobody can read", async () => {
    const before = await claim({ tag: "moved" });
    await submit(before);
    await submitPatched(
      [await claim({ tag: "moved", subjects: [subject("later", { platform: "linux/WWW" })] })],
      "WWW",
      noText,
    );
    const [entry] = (await follow()).naming(before.subjects.map(({ digest }) => digest));
    expect(entry).toMatchObject({ standing: "good", isHead: false });
  });

  test("takes whatever else stands there for data", async () => {
    const repository = "docker.io/acme/'; DROP TABLE claims; --\u0000\u001b[2J\u202e\u{1f600}\" OR 1=1 *";
    const odd = await claim({ repository, tag: "NEAR(a b) AND \u0000\ufeff-x" });
    await submit(odd);
    const catalogue = await follow();
    const [entry] = catalogue.naming(odd.subjects.map(({ digest }) => digest));
    expect(entry).toMatchObject({ repository, tag: odd.tag, byOwner: true });
    for (const text of ["drop table", "'", '"', "*", "\u0000", "\u{1f600}", "or 1=1", "near("]) {
      expect(catalogue.find({ text }, { offset: 0, limit: 10 }).map(({ claim }) => claim)).toEqual([
        entry?.claim,
      ]);
    }
    for (const text of ["_", "a* OR b", "\u{1f601}", "^acme", "%"]) expect(catalogue.count({ text })).toBe(0);
  });

  test("reads annotations and reasons only where they are what they should be", async () => {
    const readable = await claim({ annotations: hashAnnotations('{"a":"b"}') });
    await submit(readable, '{"a":"b"}');
    const json = await claim({ annotations: hashAnnotations('{"a":1}') });
    await submit(json, '{"a":1}');
    const revoked = await claim({});
    await submit(revoked);
    const digest = revoked.subjects[0]?.digest ?? digestOf(0);
    await chain.sendPatched(
      "acme",
      "revokeDigests",
      [organisation, [`0x${digest.slice(7)}`], "VVV"],
      "VVV",
      noText,
    );
    const catalogue = await follow();
    const only = ({ subjects }: ImageClaim) => catalogue.naming(subjects.map((one) => one.digest))[0];
    expect(only(readable)?.annotations).toEqual({ a: "b" });
    expect(only(json)).toMatchObject({ standing: "good", annotations: {} });
    expect(only(revoked)).toMatchObject({
      standing: "revoked",
      revocation: { reason: "(unreadable text)", digests: [digest] },
    });
  });
});
