import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Organisation, requireOrganisation } from "../../../src/contract/organisations.ts";
import type { ImageFacts } from "../../../src/image/image.ts";
import { findRevocable, revokeDigests } from "../../../src/operations/revoke.ts";
import { signImage } from "../../../src/operations/sign.ts";
import { defaultPolicy } from "../../../src/policy/policy.ts";
import { gatherEvidence } from "../../../src/verdict/chain-evidence.ts";
import { decide } from "../../../src/verdict/decide.ts";
import { Consortium, signerOf } from "../../support/consortium.ts";
import { codeOf } from "../../support/errors.ts";
import { subject } from "../../support/evidence.ts";
import { expectVerdict } from "../../support/verdict.ts";

let chain: Consortium;
let acme: Organisation;
let evil: Organisation;
beforeAll(async () => {
  chain = await Consortium.start();
  acme = await chain.admit("acme");
  evil = await chain.admit("evil");
});
afterAll(() => chain?.stop());

const sign = (by: Organisation, facts: ImageFacts, options = {}, signer = by.name) =>
  signImage(chain.connection, signerOf(signer), by, facts, options);
/** The same bytes under another name. */
const as = (facts: ImageFacts, repository: string, tag = "1.0"): ImageFacts => ({
  ...facts,
  name: { repository, tag, carried: true },
});

describe("an image that its owner signed", () => {
  test("is verified by every digest that was claimed, and by nothing else", async () => {
    const whole = chain.image("docker.io/acme/first", "1.0", {
      subjects: [subject("index", 1), subject("manifest", 2), subject("config", 3)],
    });
    expect(await chain.statusOf(whole)).toBe("unsigned");
    const signed = await sign(acme, whole, { annotations: { commit: "abc" } });
    expectVerdict(signed, "signed");
    const verdict = await chain.verify(whole);
    expectVerdict(verdict, "verified");
    expect(verdict).toMatchObject({
      organisation: "acme",
      matched: "index",
      claim: { id: signed.claim?.id, annotations: { commit: "abc" }, signers: [signerOf("acme").address] },
      warnings: [],
    });
    for (const only of whole.subjects) {
      expect(await chain.verify({ ...whole, subjects: [only] })).toMatchObject({
        status: "verified",
        matched: only.kind,
      });
    }
    const confused = { ...whole, subjects: [subject("manifest", 3)] };
    expect(await chain.statusOf(confused)).toBe("mismatch");
  });

  test("is a mismatch once other bytes carry its name", async () => {
    await sign(acme, chain.image("docker.io/acme/second"));
    expect(await chain.statusOf(chain.image("docker.io/acme/second"))).toBe("mismatch");
    expect(await chain.statusOf(chain.image("docker.io/acme/second", "2.0"))).toBe("unsigned");
  });

  test("is untrusted under any name that its signer does not own or did not sign", async () => {
    const image = chain.image("docker.io/acme/third");
    await sign(acme, image);
    for (const repository of [
      "docker.io/evil/third",
      "docker.io/acme/other",
      "docker.io/acmeevil/third",
      "ghcr.io/x/y",
    ])
      expect(await chain.statusOf(as(image, repository))).toBe("untrusted");
  });
});

describe("another organisation", () => {
  test("claims the same digest for itself, and changes nothing for the owner", async () => {
    const image = chain.image("docker.io/acme/shared");
    await sign(acme, image);
    const before = await chain.verify(image);
    await sign(evil, as(image, "docker.io/evil/shared"));
    const squat = await sign(evil, image);
    expect(squat.warnings).toHaveLength(1);
    const after = await chain.verify(image);
    expect({ ...after, checkedAt: "", chain: null }).toEqual({ ...before, checkedAt: "", chain: null });
    expect(await chain.statusOf(as(image, "docker.io/evil/shared"))).toBe("verified");
    expect(await chain.verify(image, { organisation: "evil" })).toMatchObject({
      status: "verified",
      organisation: "evil",
    });
    await chain.send(
      "evil",
      "revokeDigests",
      evil.id,
      image.subjects.map(({ digest }) => digest.replace("sha256:", "0x")),
      "",
    );
    expect(await chain.statusOf(image)).toBe("verified");
    expect(await chain.statusOf(image, { organisation: "evil" })).toBe("revoked");
  });

  test("claims the owner's repository alone: untrusted", async () => {
    const image = chain.image("docker.io/acme/stolen");
    await sign(evil, image);
    expect(await chain.verify(image)).toMatchObject({ status: "untrusted", organisation: "evil" });
  });

  test("that is not there is the caller's mistake", async () => {
    expect(
      await codeOf(() => chain.verify(chain.image("docker.io/acme/x"), { organisation: "nobody" })),
    ).toBe("ORGANISATION_NOT_FOUND");
  });
});

describe("an image without a name of its own", () => {
  test("is verified by whoever owns what it was claimed as", async () => {
    const image = chain.image("docker.io/acme/nameless");
    await sign(acme, image);
    const made = { ...image, name: { repository: "localhost/x", tag: "latest", carried: false } };
    expect(await chain.verify(made)).toMatchObject({ status: "verified", organisation: "acme" });
    expect(await chain.statusOf({ ...image, name: undefined })).toBe("verified");
    expect(await chain.statusOf(made, { organisation: "evil" })).toBe("untrusted");
    const squatted = chain.image("docker.io/acme/nameless-too");
    await sign(evil, squatted);
    expect(await chain.statusOf({ ...squatted, name: undefined })).toBe("untrusted");
  });
});

describe("a threshold of two", () => {
  test("is pending, then verified; a void takes it back", async () => {
    const pair = await chain.admit("pair", { signers: ["second"], threshold: 2 });
    const image = chain.image("docker.io/pair/api");
    const signed = await sign(pair, image);
    expectVerdict(signed, "pending");
    expect(await chain.verify(image)).toMatchObject({ status: "pending", claim: { threshold: 2 } });

    const id = signed.claim?.id ?? "";
    await chain.send("second", "approve", pair.id, id, [[signerOf("second").address, "0x"]]);
    expect(await chain.verify(image)).toMatchObject({
      status: "verified",
      claim: { id, threshold: 2, signers: [signerOf("pair").address, signerOf("second").address] },
    });
    await chain.send("pair", "voidSigner", pair.id, signerOf("second").address, 0);
    expect(await chain.statusOf(image)).toBe("pending");
    await chain.send("pair", "voidSigner", pair.id, signerOf("pair").address, 0);
    expect(await chain.statusOf(image)).toBe("untrusted");
    const voided = await requireOrganisation(chain.connection, "pair");
    expect(await codeOf(() => sign(voided, chain.image("docker.io/pair/api")))).toBe("NOT_SIGNER");
  });
});

describe("time", () => {
  test("runs out for a claim that expires", async () => {
    const image = chain.image("docker.io/acme/brief");
    const expiresAt = Math.floor(Date.now() / 1000) + 4;
    await sign(acme, image, { expiresAt });
    const evidence = await gatherEvidence(chain.connection, image, defaultPolicy);
    expect(decide({ ...evidence, now: expiresAt - 1 }, defaultPolicy).status).toBe("verified");
    expect(decide({ ...evidence, now: expiresAt }, defaultPolicy).status).toBe("expired");
    // No block comes meanwhile: this machine's clock counts too.
    await sleep(expiresAt * 1000 - Date.now() + 10);
    expect(await chain.statusOf(image)).toBe("expired");
    await sign(acme, image);
    expect(await chain.statusOf(image)).toBe("verified");
  });
});

describe("revocation", () => {
  test("of a digest takes every claim of its organisation, for good", async () => {
    const image = chain.image("docker.io/acme/flawed", "1.0", {
      subjects: [subject("manifest", 51), subject("config", 52)],
    });
    await sign(acme, image);
    await sign(acme, as(image, "docker.io/acme/flawed", "2.0"));
    const found = await findRevocable(chain.connection, acme, { digests: [subject("config", 52).digest] });
    expect(found.digests.toSorted()).toEqual(image.subjects.map(({ digest }) => digest).toSorted());
    expect(found.claims).toHaveLength(2);
    expect(
      await codeOf(() => revokeDigests(chain.connection, signerOf("evil"), acme, found.digests, "x")),
    ).toBe("NOT_ADMIN");
    await revokeDigests(chain.connection, signerOf("acme"), acme, found.digests, "a flaw");
    for (const tag of ["1.0", "2.0", "3.0"])
      expect(await chain.statusOf(as(image, "docker.io/acme/flawed", tag))).toBe("revoked");
    expect(await chain.statusOf({ ...image, name: undefined })).toBe("revoked");
    expect(await codeOf(() => sign(acme, image))).toBe("IMAGE_REVOKED");
    expect(await findRevocable(chain.connection, acme, { digests: found.digests })).toMatchObject({
      digests: [],
    });
  });

  test("of a claim takes that one, until it is signed anew", async () => {
    const image = chain.image("docker.io/acme/retracted");
    const { claim } = await sign(acme, image);
    await chain.send("acme", "revokeClaim", acme.id, claim?.id, "wrong tag");
    expect(await chain.statusOf(image)).toBe("revoked");
    await sign(acme, as(image, "docker.io/acme/retracted", "right"));
    // What was said of the tag 1.0 stays taken back.
    expect(await chain.statusOf(image)).toBe("revoked");
    expect(await chain.statusOf(as(image, "docker.io/acme/retracted", "right"))).toBe("verified");
    await sign(acme, image);
    expect(await chain.statusOf(image)).toBe("verified");
  });

  test("by tag finds what the tag was last claimed for", async () => {
    const image = chain.image("docker.io/acme/tagged");
    await sign(acme, image);
    const name = { repository: "docker.io/acme/tagged", tag: "1.0" };
    const found = await findRevocable(chain.connection, acme, { digests: [], name });
    expect(found.digests).toEqual(image.subjects.map(({ digest }) => digest));
    const none = await findRevocable(chain.connection, acme, { digests: [], name: { ...name, tag: "2.0" } });
    expect(none).toEqual({ digests: [], alreadyRevoked: [], claims: [] });
  });
});

describe("a tag", () => {
  test("moves forward with each signature, however quickly they follow", async () => {
    const images = Array.from({ length: 5 }, () => chain.image("docker.io/acme/quick", "latest"));
    const signed: string[] = [];
    for (const image of images) {
      signed.push((await sign(acme, image)).claim?.signedAt ?? "");
      expect(await chain.statusOf(image, { newest: true })).toBe("verified");
    }
    expect(new Set(signed).size).toBe(5);
    expect(signed.toSorted()).toEqual(signed);
    for (const image of images.slice(0, -1)) {
      expect(await chain.statusOf(image, { newest: true })).toBe("superseded");
      expect(await chain.verify(image)).toMatchObject({
        status: "verified",
        warnings: [{ code: "tag-moved-on" }],
      });
    }
    // Only a new signature brings an older image back.
    const [first, last] = [images[0], images.at(-1)];
    if (first === undefined || last === undefined) throw new Error("There are five.");
    await sign(acme, first);
    expect(await chain.statusOf(first, { newest: true })).toBe("verified");
    expect(await chain.statusOf(last, { newest: true })).toBe("superseded");
  });

  test("does not take an image that was signed under another once it means something else", async () => {
    const old = chain.image("docker.io/acme/rollback", "1.0");
    await sign(acme, old);
    const renamed = as(old, "docker.io/acme/rollback", "2.0");
    expect(await chain.verify(renamed)).toMatchObject({
      status: "verified",
      warnings: [{ code: "never-claimed-but" }],
    });
    expect(await chain.statusOf(renamed, { newest: true })).toBe("unsigned");
    await sign(acme, chain.image("docker.io/acme/rollback", "2.0"));
    expect(await chain.statusOf(renamed)).toBe("mismatch");
  });
});

describe("an index", () => {
  test("put together of a signed image and another is not signed", async () => {
    const platform = (number: number, name: string) => [
      subject("manifest", number, name),
      subject("config", number + 1, name),
    ];
    const amd = chain.image("docker.io/acme/multi", "1.0", { subjects: platform(81, "linux/amd64") });
    await sign(acme, amd);
    const mixed = {
      ...amd,
      subjects: [subject("index", 80), ...amd.subjects, ...platform(91, "linux/arm64")],
    };
    expect(await chain.statusOf(mixed)).toBe("mismatch");
    expect(await chain.statusOf({ ...mixed, name: undefined })).toBe("unsigned");
    await sign(acme, mixed);
    expect(await chain.statusOf(mixed)).toBe("verified");
    expect(await chain.statusOf({ ...mixed, subjects: platform(91, "linux/arm64") })).toBe("verified");
  });
});
