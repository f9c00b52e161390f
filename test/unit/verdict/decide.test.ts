import { describe, expect, test } from "vitest";
import type { ImageName, Subject } from "../../../src/image/image.ts";
import { say } from "../../../src/messages/message.ts";
import { defaultPolicy, type Policy } from "../../../src/policy/policy.ts";
import { aboutImage, decide, decideCorrupt, decideInconclusive } from "../../../src/verdict/decide.ts";
import type { Evidence } from "../../../src/verdict/evidence.ts";
import { verdictStatuses } from "../../../src/verdict/verdict.ts";
import {
  apiName,
  claim,
  digest,
  evidence,
  evidenceOf,
  facts,
  now,
  registry,
  subject,
  words,
} from "../../support/evidence.ts";
import { expectVerdict, verdictKeys } from "../../support/verdict.ts";

const newest: Policy = { ...defaultPolicy, newest: true };

/** The verdict, held against the shape that each has. */
function judged(given: Evidence, policy: Policy = defaultPolicy) {
  const verdict = decide(given, policy);
  expectVerdict(verdict, verdict.status);
  const { status, claim, organisation, matched, warnings } = verdict;
  return { status, claim: claim?.id ?? null, organisation, matched, warned: warnings.length };
}

const nobody = { claim: null, matched: null, warned: 0 };
const other = { subjects: [subject("config", 2)] };

describe("statuses", () => {
  test("mean the exit codes that people script against", () => {
    expect(Object.entries(verdictStatuses)).toEqual([
      ["verified", 0],
      ["unsigned", 10],
      ["mismatch", 11],
      ["revoked", 12],
      ["expired", 13],
      ["untrusted", 14],
      ["pending", 15],
      ["denied", 16],
      ["superseded", 17],
      ["corrupt", 18],
      ["inconclusive", 20],
    ]);
  });
});

describe("decide", () => {
  test("gives everything that a person scripts against", () => {
    const good = claim({ annotations: { commit: "abc" }, expiresAt: now + 1 });
    expect(decide(evidenceOf(good), defaultPolicy)).toEqual({
      image: "acme/api:1.0",
      status: "verified",
      depth: "content",
      organisation: "acme",
      repository: "docker.io/acme/api",
      tag: "1.0",
      subjects: [{ kind: "config", digest: digest(1), platform: "linux/amd64" }],
      matched: "config",
      claim: {
        id: good.id,
        signers: good.signers,
        threshold: 1,
        signedAt: "2027-01-15T07:43:20Z",
        expiresAt: "2027-01-15T08:00:01Z",
        block: 11,
        transaction: good.transaction,
        annotations: { commit: "abc" },
      },
      reasons: [say("signed-as", { organisation: "acme", name: "docker.io/acme/api:1.0" })],
      warnings: [],
      checkedAt: "2027-01-15T08:00:00Z",
      chain: { id: 2016, registry, block: 15 },
    });
  });

  describe("when the bytes are not what they say", () => {
    const corruptions = [{ at: "layer 1", detail: "its digest is another" }];
    test("is corrupt, whatever is claimed", () => {
      const given = evidenceOf(claim(), { facts: facts({ corruptions }), revoked: [digest(1)] });
      expect(judged(given)).toMatchObject({ status: "corrupt", claim: null });
      expect(decide(given, defaultPolicy).reasons.map(String)).toEqual(["layer 1: its digest is another"]);
    });
    test("is the same without a chain", () => {
      const verdict = decideCorrupt(facts({ corruptions }), now);
      expectVerdict(verdict, "corrupt");
      expect(verdict).toMatchObject({
        reasons: [say("corrupt-at", { at: "layer 1", detail: "its digest is another" })],
        chain: null,
      });
    });
  });

  describe("when the evidence does not suffice", () => {
    test("is inconclusive for an image without a digest", () => {
      expect(judged(evidenceOf(claim(), { facts: facts({ subjects: [] }) })).status).toBe("inconclusive");
    });
    test("is inconclusive where the evidence is of another organisation than the policy's", () => {
      const qa = { ...defaultPolicy, organisation: "qa" };
      expect(judged(evidenceOf(claim()), qa).status).toBe("inconclusive");
      expect(judged(evidenceOf(claim(), { required: undefined }), qa).status).toBe("inconclusive");
    });
    test("is inconclusive where something could not be asked", () => {
      const verdict = decideInconclusive("acme/api:1.0", undefined, words("no chain"), now);
      expectVerdict(verdict, "inconclusive");
      expect(verdict).toMatchObject({
        reasons: [words("no chain")],
        depth: null,
        repository: null,
        chain: null,
      });
      expect(decideInconclusive("acme/api:1.0", facts(), words("no chain"), now)).toMatchObject({
        depth: "content",
        repository: "docker.io/acme/api",
        tag: "1.0",
      });
    });
  });

  describe("when nobody claimed anything", () => {
    test("is unsigned", () => {
      expect(judged(evidence())).toEqual({ status: "unsigned", organisation: "acme", ...nobody });
      expect(judged(evidence({ required: undefined }))).toMatchObject({
        status: "unsigned",
        organisation: null,
      });
      expect(judged(evidence({ required: undefined, facts: facts({ name: undefined }) })).status).toBe(
        "unsigned",
      );
    });
  });

  describe("when the tag is claimed for another image", () => {
    test("is a mismatch", () => {
      expect(judged(evidence({ head: claim(other) }))).toEqual({
        status: "mismatch",
        organisation: "acme",
        ...nobody,
      });
    });
    test("is a mismatch too where another organisation claims this one", () => {
      const foreign = claim({ by: "evil", repository: "docker.io/evil/api", byOwner: true });
      expect(judged(evidence({ head: claim(other), claims: [foreign] })).status).toBe("mismatch");
    });
    test("is a mismatch where this image was signed under another tag only", () => {
      const old = claim({ tag: "0.9" });
      expect(judged(evidence({ head: claim({ number: 2, ...other }), claims: [old] }))).toMatchObject({
        status: "mismatch",
        claim: old.id,
      });
    });
  });

  describe("when another repository's claim names the image", () => {
    test("is untrusted: the same bytes under another name are another statement", () => {
      const elsewhere = claim({ repository: "docker.io/acme/base" });
      expect(judged(evidence({ claims: [elsewhere] }))).toMatchObject({
        status: "untrusted",
        claim: elsewhere.id,
      });
    });
  });

  describe("when an organisation that is not asked claims the image", () => {
    const foreign = claim({ by: "evil", byOwner: true });
    test("is untrusted", () => {
      expect(judged(evidence({ claims: [foreign] }))).toMatchObject({
        status: "untrusted",
        organisation: "evil",
      });
    });
    test("is untrusted where nobody owns the repository", () => {
      expect(judged(evidence({ required: undefined, claims: [foreign] })).status).toBe("untrusted");
    });
    test("does not touch what the owner says", () => {
      const good = claim();
      const alone = decide(evidenceOf(good), defaultPolicy);
      for (const parts of [{}, { revokedAt: now }, { revokedDigests: [digest(1)] }, { issuedAt: now }]) {
        const claims = [claim({ number: 2, by: "evil", byOwner: true, ...parts }), good];
        expect(decide(evidence({ claims, head: good }), defaultPolicy)).toEqual(alone);
      }
    });
    test("counts where the policy asks for it by name", () => {
      const qa = claim({ by: "qa" });
      const given = evidenceOf(qa, { required: { id: qa.claim.organisation, name: "qa" } });
      expect(judged(given, { ...defaultPolicy, organisation: "qa" })).toMatchObject({
        status: "verified",
        organisation: "qa",
      });
    });
  });

  describe("when the organisation revoked", () => {
    test("one of the image's digests: revoked, however good a claim looks", () => {
      const good = claim();
      expect(judged(evidenceOf(good, { revoked: [digest(1)] }))).toMatchObject({
        status: "revoked",
        claim: good.id,
      });
      expect(judged(evidence({ revoked: [digest(1)] }))).toMatchObject({ status: "revoked", claim: null });
      expect(judged(evidence({ revoked: [digest(1)], head: claim(other) })).status).toBe("revoked");
    });
    test("another digest that the claim names: revoked", () => {
      expect(judged(evidenceOf(claim({ revokedDigests: [digest(9)] }))).status).toBe("revoked");
    });
    test("the claim: revoked", () => {
      expect(judged(evidenceOf(claim({ revokedAt: now - 1 }))).status).toBe("revoked");
    });
    test("an earlier claim only: verified by the one that stands", () => {
      const revoked = claim({ revokedAt: now - 1, issuedAt: now - 9 });
      const good = claim({ number: 2 });
      expect(judged(evidence({ claims: [revoked, good], head: good }))).toMatchObject({
        status: "verified",
        claim: good.id,
      });
    });
    test("the tag's claim, and signed the image under another tag: still revoked", () => {
      const fallen = claim({ number: 2, revokedAt: now - 1 });
      const elsewhere = claim({ tag: "0.9" });
      expect(judged(evidence({ claims: [elsewhere, fallen], head: fallen }))).toMatchObject({
        status: "revoked",
        claim: fallen.id,
      });
    });
  });

  describe("when signatures lack", () => {
    test("is pending below the threshold, and says the organisation's", () => {
      const given = evidence({
        claims: [claim({ threshold: 0, validApprovals: 1, organisationThreshold: 2 })],
      });
      expect(judged(given).status).toBe("pending");
      expect(decide(given, defaultPolicy).claim?.threshold).toBe(2);
    });
    test("is pending where a void took one of two", () => {
      expect(judged(evidenceOf(claim({ threshold: 2, validApprovals: 1 }))).status).toBe("pending");
    });
    test("is untrusted where a void took all", () => {
      expect(judged(evidenceOf(claim({ threshold: 1, validApprovals: 0 }))).status).toBe("untrusted");
      expect(judged(evidence({ claims: [claim({ threshold: 0, validApprovals: 0 })] })).status).toBe(
        "untrusted",
      );
    });
    test("does not fall from verified because of one more pending claim", () => {
      const good = claim();
      const pending = claim({ number: 2, threshold: 0, issuedAt: now });
      expect(judged(evidence({ claims: [pending, good], head: good }))).toMatchObject({
        status: "verified",
        claim: good.id,
      });
    });
  });

  describe("when time passes", () => {
    test("a claim is good until the second before it expires", () => {
      expect(judged(evidenceOf(claim({ expiresAt: now + 1 }))).status).toBe("verified");
      expect(judged(evidenceOf(claim({ expiresAt: now }))).status).toBe("expired");
      expect(judged(evidenceOf(claim({ expiresAt: now - 1 }))).status).toBe("expired");
    });
    test("the tag's expired claim is not replaced by one of another tag", () => {
      const fallen = claim({ number: 2, expiresAt: now });
      expect(judged(evidence({ claims: [claim({ tag: "0.9" }), fallen], head: fallen })).status).toBe(
        "expired",
      );
    });
    test("an expiry beyond all calendars is a date nonetheless", () => {
      const far = claim({ expiresAt: Number.MAX_SAFE_INTEGER });
      expect(decide(evidenceOf(far), defaultPolicy)).toMatchObject({
        status: "verified",
        claim: { expiresAt: "+275760-09-13T00:00:00Z" },
      });
    });
  });

  describe("when several claims name the image", () => {
    test("a revocation weighs most, then voids, then missing signatures, then time", () => {
      const revoked = claim({ number: 1, revokedAt: 1 });
      const voided = claim({ number: 2, validApprovals: 0 });
      const pending = claim({ number: 3, threshold: 0 });
      const expired = claim({ number: 4, expiresAt: 1 });
      const order = [revoked, voided, pending, expired];
      const statuses = order.map((_, i) => judged(evidence({ claims: order.slice(i).reverse() })).status);
      expect(statuses).toEqual(["revoked", "untrusted", "pending", "expired"]);
    });
    test("the one of this tag is told, then the newest, then the later recorded", () => {
      const ofTag = claim({ number: 1, issuedAt: 5 });
      const newer = claim({ number: 2, issuedAt: 9, tag: "0.9" });
      const newest = claim({ number: 3, issuedAt: 10, tag: "0.8" });
      const same = claim({ number: 4, issuedAt: 10, tag: "0.8" });
      expect(judged(evidence({ claims: [newest, newer, ofTag], head: ofTag })).claim).toBe(ofTag.id);
      expect(judged(evidence({ claims: [newer, newest] })).claim).toBe(newest.id);
      expect(judged(evidence({ claims: [newest, same] })).claim).toBe(same.id);
    });
  });

  describe("when the tag has moved on", () => {
    const old = claim({ issuedAt: now - 2000 });
    const head = claim({ number: 2, ...other });
    test("is verified with a warning, or superseded where the newest is asked for", () => {
      expect(judged(evidence({ claims: [old], head }))).toMatchObject({ status: "verified", warned: 1 });
      expect(judged(evidence({ claims: [old], head }), newest)).toMatchObject({
        status: "superseded",
        claim: old.id,
      });
    });
    test("is superseded even where the newer claim fell: only a new signature brings an image back", () => {
      const fallen = claim({ number: 2, revokedAt: now, ...other });
      expect(judged(evidence({ claims: [old], head: fallen }), newest).status).toBe("superseded");
    });
    test("is verified where the newest claim names this image again", () => {
      const again = claim({ number: 2 });
      expect(judged(evidence({ claims: [old, again], head: again }), newest)).toEqual({
        status: "verified",
        claim: again.id,
        organisation: "acme",
        matched: "config",
        warned: 0,
      });
    });
  });

  describe("when the tag was never claimed, but the image was under another", () => {
    const elsewhere = claim({ tag: "0.9" });
    test("is verified with a warning, or unsigned where the newest is asked for", () => {
      expect(judged(evidence({ claims: [elsewhere] }))).toMatchObject({ status: "verified", warned: 1 });
      expect(judged(evidence({ claims: [elsewhere] }), newest)).toMatchObject({
        status: "unsigned",
        claim: elsewhere.id,
      });
    });
    test("asks nothing of an image that is named by digest", () => {
      const byDigest = facts({ name: { ...apiName, tag: "" } });
      expect(judged(evidence({ claims: [elsewhere], facts: byDigest }), newest)).toMatchObject({
        status: "verified",
        warned: 0,
      });
    });
  });

  describe("when the image has several platforms", () => {
    const [index, amd, arm] = [
      subject("index", 10),
      subject("config", 1),
      subject("config", 2, "linux/arm64"),
    ];
    const manifests = [subject("manifest", 11), subject("manifest", 12, "linux/arm64")];
    const whole = facts({ subjects: [index, ...manifests, amd, arm] });
    test("a claim for its index vouches for all of it", () => {
      expect(judged(evidenceOf(claim({ subjects: [index] }), { facts: whole }))).toMatchObject({
        status: "verified",
        matched: "index",
      });
    });
    test("a claim for all of its configs does too, whoever wrote the index", () => {
      expect(judged(evidenceOf(claim({ subjects: [amd, arm] }), { facts: whole }))).toMatchObject({
        status: "verified",
        matched: "config",
      });
    });
    test("a claim for one platform does not vouch for what was put beside it", () => {
      for (const subjects of [[amd], manifests.slice(0, 1), [amd, ...manifests.slice(1)]]) {
        expect(judged(evidenceOf(claim({ subjects }), { facts: whole }))).toMatchObject({
          status: "mismatch",
          claim: null,
        });
        expect(judged(evidence({ claims: [claim({ subjects })], facts: whole })).status).toBe("unsigned");
      }
    });
    test("a claim for an index within does not vouch for the one around it", () => {
      const nested = facts({ subjects: [subject("index", 20), index, amd, arm] });
      expect(judged(evidence({ claims: [claim({ subjects: [index, amd] })], facts: nested })).status).toBe(
        "unsigned",
      );
    });
    test("one platform inherits the trust of the index it was signed in", () => {
      const signed = claim({ subjects: whole.subjects });
      expect(judged(evidenceOf(signed, { facts: facts({ subjects: [arm] }) }))).toMatchObject({
        status: "verified",
        matched: "config",
      });
    });
  });

  describe("when the images of an index are told apart", () => {
    const index = subject("index", 10);
    const [amd, arm] = [1, 2].map((number) => {
      const platform = number === 1 ? "linux/amd64" : "linux/arm64";
      return ["manifest", "config", "runtime"].map((kind, at) =>
        subject(kind as "manifest", 20 * number + at, platform),
      );
    }) as [Subject[], Subject[]];
    const listed = (...images: { subjects: readonly Subject[]; unseen?: string; isElsewhere?: boolean }[]) =>
      facts({
        subjects: [index, ...images.flatMap(({ subjects }) => subjects)],
        listed: images.map((image, at) => ({ digest: digest(90 + at), platform: "", ...image })),
      });
    const missing = { subjects: [], unseen: "it is missing" };
    const of = (kind: string, ...images: Subject[][]) => images.flat().filter((one) => one.kind === kind);

    test("each of them must be claimed, by one kind of digest that all of them have", () => {
      const whole = listed({ subjects: amd }, { subjects: arm });
      for (const kind of ["manifest", "config", "runtime"] as const) {
        expect(judged(evidenceOf(claim({ subjects: of(kind, amd, arm) }), { facts: whole })).matched).toBe(
          kind,
        );
        expect(judged(evidenceOf(claim({ subjects: of(kind, amd) }), { facts: whole })).status).toBe(
          "mismatch",
        );
      }
    });
    test("what would run of one says nothing of another that has no such digest", () => {
      const whole = listed({ subjects: amd }, { subjects: arm.slice(0, 2) });
      expect(judged(evidenceOf(claim({ subjects: amd }), { facts: whole })).status).toBe("mismatch");
    });
    test("one that was not looked at leaves the answer open, unless the index itself is claimed", () => {
      const partial = listed({ subjects: amd }, missing);
      const {
        status,
        claim: shown,
        reasons,
        warnings,
      } = decide(evidenceOf(claim({ subjects: amd }), { facts: partial }), newest);
      expect({ status, shown, warnings }).toEqual({ status: "inconclusive", shown: null, warnings: [] });
      expect(reasons.join()).toContain(`${digest(91)} (it is missing)`);
      const ofIndex = decide(evidenceOf(claim({ subjects: [index] }), { facts: partial }), newest);
      expect(ofIndex).toMatchObject({ status: "verified", matched: "index" });
      expect(ofIndex.warnings.join()).toContain(`${digest(91)} (it is missing)`);
    });
    test("one that was not looked at opens no answer that is no all the same", () => {
      const partial = listed({ subjects: amd }, { subjects: arm }, missing);
      expect(judged(evidenceOf(claim({ subjects: amd }), { facts: partial })).status).toBe("mismatch");
      expect(judged(evidence({ claims: [], facts: partial })).status).toBe("unsigned");
      const both = [...amd, ...arm];
      for (const [parts, status] of [
        [{ revokedAt: now - 1 }, "revoked"],
        [{ expiresAt: now }, "expired"],
        [{ threshold: 2 }, "pending"],
        [{ validApprovals: 0 }, "untrusted"],
        [{ by: "evil", byOwner: false }, "mismatch"],
      ] as const) {
        const one = claim({ subjects: both, ...parts });
        const given = {
          facts: partial,
          claims: [one],
          head: claim({ subjects: [subject("config", 77)], ...parts }),
        };
        expect([
          parts,
          judged(evidence({ ...given, head: "by" in parts ? given.head : one })).status,
        ]).toEqual([parts, status]);
      }
      const older = claim({ number: 2, subjects: both });
      const moved = evidence({
        facts: partial,
        claims: [older],
        head: claim({ subjects: [subject("config", 77)], issuedAt: now }),
      });
      expect(judged(moved, newest).status).toBe("superseded");
    });
    test("where none was looked at, no claim of any stands for them", () => {
      expect(judged(evidenceOf(claim({ subjects: amd }), { facts: listed(missing) })).status).toBe(
        "mismatch",
      );
      expect(judged(evidenceOf(claim({ subjects: [index] }), { facts: listed(missing) })).status).toBe(
        "verified",
      );
    });
    test("one that the engine does not hold is not what could run", () => {
      const held = listed({ subjects: amd }, { ...missing, isElsewhere: true });
      expect(judged(evidenceOf(claim({ subjects: amd }), { facts: held }))).toMatchObject({
        status: "verified",
        warned: 0,
      });
      const none = listed({ ...missing, isElsewhere: true });
      expect(judged(evidenceOf(claim({ subjects: amd }), { facts: none })).status).toBe("mismatch");
    });
    test("the digest of an index around another is that of both", () => {
      const inner = subject("index", 11);
      const nested = listed({ subjects: amd });
      const around = { ...nested, subjects: [index, inner, ...amd] };
      expect(judged(evidenceOf(claim({ subjects: [index] }), { facts: around })).matched).toBe("index");
      expect(judged(evidenceOf(claim({ subjects: [inner] }), { facts: around })).status).toBe("mismatch");
    });
  });

  describe("when digests are equal and kinds are not", () => {
    test("nothing matches", () => {
      const confused = claim({ subjects: [subject("manifest", 1), subject("runtime", 1)] });
      expect(judged(evidence({ claims: [confused] })).status).toBe("unsigned");
      expect(judged(evidence({ claims: [confused], head: confused })).status).toBe("mismatch");
    });
  });

  describe("when no layer was read", () => {
    const subjects = [subject("manifest", 5), subject("config", 1)];
    test("a config alone is verified with a warning; with its manifest, without", () => {
      const shallow = facts({ depth: "manifest", subjects });
      expect(judged(evidenceOf(claim(), { facts: shallow }))).toMatchObject({
        status: "verified",
        warned: 1,
      });
      expect(judged(evidenceOf(claim({ subjects }), { facts: shallow }))).toMatchObject({ warned: 0 });
      expect(judged(evidenceOf(claim(), { facts: facts({ subjects }) }))).toMatchObject({ warned: 0 });
    });
  });

  describe("when the image's name was only made from a file's", () => {
    const name: ImageName = { repository: "localhost/api", tag: "latest", carried: false };
    const squatter = claim({ by: "evil", repository: "localhost/api", tag: "latest", byOwner: true });
    const required = { id: squatter.claim.organisation, name: "evil" };
    const unnamed = { facts: facts({ name }), required };
    test("is verified by whoever owns the repository that it was claimed for", () => {
      expect(judged(evidence({ ...unnamed, claims: [claim()] }))).toMatchObject({
        status: "verified",
        organisation: "acme",
      });
      expect(judged(evidence({ ...unnamed, required: undefined, claims: [claim()] })).status).toBe(
        "verified",
      );
    });
    test("is untrusted where the claimer does not own that repository", () => {
      expect(judged(evidence({ ...unnamed, claims: [claim({ byOwner: false })] })).status).toBe("untrusted");
    });
    test("is not revoked by who merely owns the name; but that they revoked their own claim is told", () => {
      const given = { ...unnamed, revoked: [digest(1)], claims: [claim()] };
      expect(judged(evidence(given))).toMatchObject({ status: "verified", warned: 0 });
      const taken = claim({ ...{ number: 2, by: "evil", byOwner: true }, revokedDigests: [digest(1)] });
      expect(judged(evidence({ ...given, claims: [claim(), taken] }))).toMatchObject({
        status: "verified",
        organisation: "acme",
        warned: 1,
      });
      expect(judged(evidence({ ...unnamed, revoked: [digest(1)] })).status).toBe("revoked");
    });
    test("is a mismatch where that name is claimed for another image", () => {
      expect(judged(evidence({ ...unnamed, head: claim({ by: "evil", ...other }) })).status).toBe("mismatch");
    });
    test("is what the policy's organisation says, whatever repository it says it of", () => {
      const policy = { ...defaultPolicy, organisation: "evil" };
      expect(judged(evidence({ ...unnamed, claims: [claim()] }), policy).status).toBe("untrusted");
      const theirs = claim({ by: "evil", repository: "docker.io/evil/api", byOwner: false });
      expect(judged(evidence({ ...unnamed, claims: [theirs] }), policy).status).toBe("verified");
      expect(judged(evidence({ ...unnamed, revoked: [digest(1)], claims: [theirs] }), policy).status).toBe(
        "revoked",
      );
    });
  });
});

describe("aboutImage", () => {
  test("says nothing that it does not know", () => {
    const verdict = aboutImage("acme/api:1.0", undefined, now);
    expect(Object.keys(verdict)).toEqual(verdictKeys);
    expectVerdict(verdict, "inconclusive");
    expect(aboutImage("x", facts({ name: { ...apiName, tag: "" } }), now).tag).toBeNull();
  });
});
