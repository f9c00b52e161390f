import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readHistory } from "../../../src/contract/history.ts";
import type { Organisation } from "../../../src/contract/organisations.ts";
import type { ImageFacts } from "../../../src/image/image.ts";
import { revokeDigests } from "../../../src/operations/revoke.ts";
import { signImage } from "../../../src/operations/sign.ts";
import { Consortium, signerOf } from "../../support/consortium.ts";

let chain: Consortium;
let acme: Organisation;
let images: ImageFacts[];
beforeAll(async () => {
  chain = await Consortium.start();
  acme = await chain.admit("acme", { signers: ["second"] });
  const evil = await chain.admit("evil");
  images = [
    chain.image("docker.io/acme/api", "1.0"),
    chain.image("docker.io/acme/api", "2.0"),
    chain.image("docker.io/acme/web", "1.0"),
  ];
  for (const image of images) await signImage(chain.connection, signerOf("acme"), acme, image);
  const [api] = images;
  if (api === undefined) throw new Error("There are three.");
  await signImage(chain.connection, signerOf("evil"), evil, api);
  await revokeDigests(
    chain.connection,
    signerOf("acme"),
    acme,
    api.subjects.map(({ digest }) => digest),
    "a flaw",
  );
});
afterAll(() => chain?.stop());

const read = (query: Parameters<typeof readHistory>[2], limit = 100) =>
  readHistory(chain.connection, acme, query, limit);
const acts = (entries: Awaited<ReturnType<typeof read>>): string[] => entries.map(({ act }) => act);

describe("readHistory", () => {
  test("tells all that an organisation did, newest first", async () => {
    const entries = await read({});
    expect(acts(entries)).toEqual([
      "revoked digest",
      ...new Array(3).fill(["approved", "claimed"]).flat(),
      "signer added",
      "namespace added",
      "signer added",
      "admin added",
      "organisation admitted",
    ]);
    expect(entries.map(({ block }) => block)).toEqual(
      entries.map(({ block }) => block).toSorted((a, b) => b - a),
    );
    expect(entries[0]).toEqual({
      time: expect.any(Number),
      block: expect.any(Number),
      transaction: expect.stringMatching(/^0x[0-9a-f]{64}$/),
      act: "revoked digest",
      by: signerOf("acme").address,
      subject: images[0]?.subjects[0]?.digest,
      reason: "a flaw",
      claim: null,
    });
    expect(Math.abs((entries[0]?.time ?? 0) - Date.now() / 1000)).toBeLessThan(600);
    expect(entries.at(-1)).toMatchObject({ subject: "acme", reason: null });
  });

  test("tells the newest where there is a limit", async () => {
    expect(await read({}, 3)).toEqual((await read({})).slice(0, 3));
    expect(await read({}, 0)).toEqual([]);
  });

  test("tells of a repository, a tag, a digest, and of nobody else's claims", async () => {
    const repository = "docker.io/acme/api";
    expect(acts(await read({ repository }))).toEqual([
      "revoked digest",
      "approved",
      "claimed",
      "approved",
      "claimed",
    ]);
    expect(acts(await read({ repository, tag: "2.0" }))).toEqual(["approved", "claimed"]);
    expect(acts(await read({ repository, tag: "1.0" }))).toEqual(["revoked digest", "approved", "claimed"]);
    expect(acts(await read({ repository: "docker.io/acme/ap" }))).toEqual([]);
    expect(acts(await read({ repository, tag: "" }))).toEqual([]);
    const digest = images[0]?.subjects[0]?.digest ?? "sha256:";
    expect(acts(await read({ digest }))).toEqual(["revoked digest", "approved", "claimed"]);
    const [, , claimed] = await read({ digest });
    expect(claimed?.subject).toBe(`docker.io/acme/api:1.0 = ${digest}`);
  });
});
