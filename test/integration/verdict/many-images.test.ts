import { afterAll, beforeAll, expect, test } from "vitest";
import type { Organisation } from "../../../src/contract/organisations.ts";
import { ImageSigning, signImages } from "../../../src/operations/sign.ts";
import { Consortium, signerOf } from "../../support/consortium.ts";

let chain: Consortium;
let acme: Organisation;
beforeAll(async () => {
  chain = await Consortium.start();
  acme = await chain.admit("acme");
});
afterAll(() => chain?.stop());

const codesOf = (results: readonly PromiseSettledResult<unknown>[]): string[] =>
  results.map((result) => (result.status === "fulfilled" ? "fulfilled" : result.reason.code));

test("more images than go together are signed, each with a result of its own, in their order", async () => {
  const images = Array.from({ length: 230 }, (_, i) => chain.image(`docker.io/acme/many-${i % 7}`, `1.${i}`));
  const results = await signImages(chain.connection, signerOf("acme"), acme, images, {
    annotations: { build: "7" },
  });
  expect(codesOf(results)).toEqual(new Array(230).fill("fulfilled"));
  for (const [i, result] of results.entries()) {
    if (result.status === "rejected") continue;
    expect(result.value).toMatchObject({
      image: images[i]?.image,
      status: "signed",
      organisation: "acme",
      subjects: images[i]?.subjects,
      warnings: [],
      claim: { signers: [signerOf("acme").address], annotations: { build: "7" } },
    });
  }
  for (const image of [images[0], images[99], images[100], images[229]]) {
    if (image !== undefined) expect(await chain.statusOf(image, { newest: true })).toBe("verified");
  }
});

test("what one image lacks costs no other its signature", async () => {
  const [good, corrupt, unnamed, refused, last] = [0, 1, 2, 3, 4].map((i) =>
    chain.image("docker.io/acme/mixed", `1.${i}`),
  );
  if (!good || !corrupt || !unnamed || !refused || !last) throw new Error("There are five.");
  const { name: _, ...nameless } = unnamed;
  await chain.send(
    "acme",
    "revokeDigests",
    acme.id,
    refused.subjects.map(({ digest }) => `0x${digest.slice(7)}`),
    "bad",
  );
  const results = await signImages(chain.connection, signerOf("acme"), acme, [
    good,
    { ...corrupt, corruptions: [{ at: "layer", detail: "another digest" }] },
    { ...nameless, name: undefined },
    refused,
    last,
  ]);
  expect(codesOf(results)).toEqual([
    "fulfilled",
    "IMAGE_NOT_SOUND",
    "IMAGE_WITHOUT_NAME",
    "IMAGE_REVOKED",
    "fulfilled",
  ]);
  expect(await chain.statusOf(good)).toBe("verified");
  expect(await chain.statusOf(last)).toBe("verified");
});

test("one tag signed for several images at once is the last of them", async () => {
  const images = Array.from({ length: 4 }, () => chain.image("docker.io/acme/same", "latest"));
  const results = await signImages(chain.connection, signerOf("acme"), acme, images);
  expect(codesOf(results)).toEqual(new Array(4).fill("fulfilled"));
  const statuses = [];
  for (const image of images) statuses.push(await chain.statusOf(image, { newest: true }));
  expect(statuses).toEqual(["superseded", "superseded", "superseded", "verified"]);
});

test("whoever may not sign is told so for each image, and nothing is recorded", async () => {
  const images = [0, 1].map((i) => chain.image("docker.io/acme/stranger", `${i}`));
  const results = await signImages(chain.connection, signerOf("stranger"), acme, images);
  expect(codesOf(results)).toEqual(["NOT_SIGNER", "NOT_SIGNER"]);
  const stranger = signerOf("stranger").address;
  for (const result of results) {
    // By the name of the organisation, which the contract does not say.
    expect(result).toMatchObject({
      reason: {
        message: `${stranger} is not a current signer of acme.`,
        hint: `An admin of acme can make it one: daochain org add-signer acme ${stranger}.`,
      },
    });
  }
  for (const image of images) expect(await chain.statusOf(image)).toBe("unsigned");
});

test("images that come one by one are recorded together", async () => {
  const signing = new ImageSigning(chain.connection, signerOf("acme"), acme);
  const images = Array.from({ length: 20 }, (_, i) => chain.image("docker.io/acme/stream", `${i}`));
  const unsound = chain.image("docker.io/acme/stream", "unsound", {
    corruptions: [{ at: "layer", detail: "x" }],
  });
  const refused = signing.sign(unsound).catch((error) => error.code);
  const signed = await Promise.all(images.map((image) => signing.sign(image)));
  expect(await refused).toBe("IMAGE_NOT_SOUND");
  expect(signed.map(({ status }) => status)).toEqual(new Array(20).fill("signed"));
  expect(signed.map(({ image }) => image)).toEqual(images.map(({ image }) => image));
  // Fewer blocks than images: they shared them.
  expect(new Set(signed.map(({ claim }) => claim?.block)).size).toBeLessThan(20);
  expect((await signing.sign(chain.image("docker.io/acme/stream", "later"))).status).toBe("signed");
});
