import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { encodeAnnotations, hashAnnotations } from "../../../src/claim/annotations.ts";
import { type ImageClaim, organisationId, toClaimStruct } from "../../../src/claim/claim.ts";
import { digestToBytes32 } from "../../../src/digest/digest.ts";
import { type Account, acme, digestOf, globex, RegistryBench, subject } from "../../support/registry.ts";

const zero = `0x${"00".repeat(32)}`;
const unknown = [0n, 0n, 0n, 0n, 0n, 0n];
let bench: RegistryBench;
let signer: Account;
let relayer: Account;
beforeEach(async () => {
  bench = await RegistryBench.deploy();
  const { signers } = await bench.admitAcme(1);
  [signer] = signers as [Account];
  relayer = bench.account(19);
});
afterEach(() => bench.close());

/** The error of submitting a claim that TypeScript would not let through, correctly signed. */
async function refusal(change: (struct: ReturnType<typeof toClaimStruct>) => object, annotations = "") {
  const struct = { ...toClaimStruct(await bench.claim()) };
  const changed = { ...struct, ...change(struct) };
  const id = (await bench.read("hashClaim", changed)) as string;
  return bench
    .revert(signer, "submitClaim", changed, [[signer.address, "0x"]], annotations)
    .then((error) => ({ error, id }));
}

describe("a claim", () => {
  test("is recorded whole in events, counts at threshold 1, and is its tag's head", async () => {
    const json = encodeAnnotations({ revision: "0f3c" });
    const claim = await bench.claim({
      subjects: [
        subject("a"),
        subject("b", { kind: "manifest" }),
        subject("c", { kind: "index", platform: "" }),
      ],
      expiresAt: (await bench.now()) + 1000,
      annotations: hashAnnotations(json),
    });
    const id = bench.idOf(claim);
    const tagKey = await bench.read("tagKeyOf", acme, claim.repository, claim.tag);
    const submission = await bench.submission(claim, [signer], json);
    expect(await bench.send(relayer, "submitClaim", ...submission)).toEqual([
      ["RecordApproved", id, acme, signer.address],
      [
        "ClaimCounted",
        id,
        acme,
        tagKey,
        [
          acme,
          "docker.io/acme/api",
          "1.4.2",
          [
            [digestToBytes32(digestOf("a")), 0n, "linux/amd64"],
            [digestToBytes32(digestOf("b")), 1n, "linux/amd64"],
            [digestToBytes32(digestOf("c")), 2n, ""],
          ],
          BigInt(claim.issuedAt),
          BigInt(claim.expiresAt),
          claim.annotations,
        ],
        json,
      ],
      ["SubjectClaimed", digestToBytes32(digestOf("a")), acme, id, id, 0n],
      ["SubjectClaimed", digestToBytes32(digestOf("b")), acme, id, id, 1n],
      ["SubjectClaimed", digestToBytes32(digestOf("c")), acme, id, id, 2n],
      ["RecordCounted", id, acme, 1n],
    ]);
    const time = await bench.now();
    expect(await bench.state(claim)).toEqual({
      submittedAt: time,
      countedAt: time,
      threshold: 1,
      approvals: 1,
      validApprovals: 1,
      revokedAt: 0,
    });
    expect(await bench.read("approvalsOf", acme, id)).toEqual([[signer.address], [BigInt(time)]]);
    expect(await bench.head(claim)).toEqual({ prefix: id.slice(0, 46), issuedAt: claim.issuedAt });
    // Another organisation has nothing to do with it.
    expect(await bench.read("recordState", globex, id)).toEqual(unknown);
    expect(await bench.read("approvalsOf", globex, id)).toEqual([[], []]);
  });

  test("that nobody made is all zeros", async () => {
    const claim = await bench.claim();
    expect(await bench.read("recordState", acme, bench.idOf(claim))).toEqual(unknown);
    expect(await bench.head(claim)).toEqual({ prefix: zero.slice(0, 46), issuedAt: 0 });
    expect(await bench.revert(signer, "approve", acme, bench.idOf(claim), [[signer.address, "0x"]])).toEqual([
      "UnknownRecord",
      bench.idOf(claim),
    ]);
  });

  test("comes from an organisation that exists", async () => {
    const organisation = organisationId("initech");
    expect((await refusal(() => ({ organisation }))).error).toEqual(["UnknownOrganisation", organisation]);
  });

  test("names at least one digest and a repository", async () => {
    expect((await refusal(() => ({ subjects: [] }))).error).toEqual(["ClaimEmpty"]);
    expect((await refusal(() => ({ repository: "" }))).error).toEqual(["ClaimEmpty"]);
  });

  test("has subjects of any kind, also of one that nobody knows yet, with a digest", async () => {
    const digest = digestToBytes32(digestOf("x"));
    const kinds = ["config", "manifest", "index", "runtime"] as const;
    await bench.submit(await bench.claim({ subjects: kinds.map((kind) => subject(kind, { kind })) }), signer);
    const good = { digest, kind: 0n, platform: "" };
    const struct = toClaimStruct(await bench.claim({ tag: "new kinds" }));
    const subjects = [4n, 5n, 255n].map((kind) => ({ ...good, kind }));
    const events = await bench.send(
      signer,
      "submitClaim",
      { ...struct, subjects },
      [[signer.address, "0x"]],
      "",
    );
    expect(events.flatMap(([name, ...args]) => (name === "SubjectClaimed" ? [args[4]] : []))).toEqual([
      4n,
      5n,
      255n,
    ]);
    expect((await refusal(() => ({ subjects: [good, { ...good, digest: zero }] }))).error).toEqual([
      "DigestZero",
    ]);
  });

  test("may be as large as the bounds, and no larger", async () => {
    const largest: Partial<ImageClaim> = {
      repository: "r".repeat(255),
      tag: "t".repeat(128),
      subjects: Array.from({ length: 64 }, (_, i) => subject(i, { platform: "p".repeat(64) })),
    };
    const events = await bench.submit(await bench.claim(largest), signer);
    expect(events.filter(([name]) => name === "SubjectClaimed")).toHaveLength(64);

    expect((await refusal(() => ({ repository: "r".repeat(256) }))).error).toEqual([
      "TooLong",
      "repository",
      255n,
    ]);
    expect((await refusal(() => ({ tag: "t".repeat(129) }))).error).toEqual(["TooLong", "tag", 128n]);
    expect(
      (await refusal(({ subjects }) => ({ subjects: [{ ...subjects[0], platform: "p".repeat(65) }] }))).error,
    ).toEqual(["TooLong", "platform", 64n]);
    expect((await refusal(({ subjects }) => ({ subjects: new Array(65).fill(subjects[0]) }))).error).toEqual([
      "TooMany",
      "subjects",
      64n,
    ]);
  });

  test("is issued at most 60 seconds ahead of the block", async () => {
    const time = (await bench.now()) + 100;
    await bench.setNextTime(time);
    await bench.submit(await bench.claim({ issuedAt: time + 60 }), signer);
    await bench.setNextTime(time + 1);
    expect((await refusal(() => ({ issuedAt: BigInt(time + 62) }))).error).toEqual([
      "IssuedInFuture",
      BigInt(time + 62),
      BigInt(time + 1),
    ]);
    expect((await refusal(() => ({ issuedAt: 2n ** 64n - 1n }))).error[0]).toBe("IssuedInFuture");
  });

  test("is not recorded after it expired", async () => {
    const time = (await bench.now()) + 100;
    await bench.setNextTime(time);
    await bench.submit(await bench.claim({ expiresAt: time + 1 }), signer);
    await bench.setNextTime(time + 1);
    expect((await refusal(() => ({ expiresAt: BigInt(time + 1), tag: "other" }))).error).toEqual([
      "ClaimExpired",
      BigInt(time + 1),
      BigInt(time + 1),
    ]);
  });

  test("brings the annotations that it was signed with", async () => {
    const json = encodeAnnotations({ note: "x".repeat(8192 - '{"note":""}'.length) });
    const annotations = hashAnnotations(json);
    expect((await refusal(() => ({ annotations }))).error).toEqual([
      "AnnotationsMismatch",
      annotations,
      zero,
    ]);
    expect((await refusal(() => ({ annotations }), "{}")).error).toEqual([
      "AnnotationsMismatch",
      annotations,
      hashAnnotations("{}"),
    ]);
    expect((await refusal(() => ({}), "{}")).error).toEqual([
      "AnnotationsMismatch",
      zero,
      hashAnnotations("{}"),
    ]);
    const longer = `${json} `;
    expect((await refusal(() => ({ annotations: hashAnnotations(longer) }), longer)).error).toEqual([
      "TooLong",
      "annotations",
      8192n,
    ]);
    await bench.send(
      relayer,
      "submitClaim",
      ...(await bench.submission(await bench.claim({ annotations }), [signer], json)),
    );
  });

  test("need not bring its annotations again", async () => {
    const json = encodeAnnotations({ revision: "0f3c" });
    const claim = await bench.claim({ annotations: hashAnnotations(json) });
    await bench.send(relayer, "submitClaim", ...(await bench.submission(claim, [signer], json)));
    const more = [bench.account(10), bench.account(11)] as const;
    for (const account of more) await bench.send(bench.account(1), "addSigner", acme, account.address, "");
    await bench.send(relayer, "submitClaim", ...(await bench.submission(claim, [more[0]], json)));
    await bench.send(relayer, "submitClaim", ...(await bench.submission(claim, [more[1]])));
    expect((await bench.state(claim)).approvals).toBe(3);
  });

  test("may be of any repository: that is the organisation's acceptance, not ownership", async () => {
    await bench.send(bench.account(0), "admitOrganisation", "globex", "", bench.account(9).address, true, [
      "docker.io/globex",
    ]);
    const claim = await bench.claim({ repository: "docker.io/globex/api" });
    await bench.submit(claim, signer);
    expect(await bench.isHead(claim)).toBe(true);
    expect(await bench.hasHead({ ...claim, organisation: globex })).toBe(false);
  });
});

describe("a tag's head", () => {
  test("moves only to a claim that was issued later", async () => {
    const issuedAt = await bench.now();
    const first = await bench.claim({ issuedAt });
    await bench.submit(first, signer);
    for (const [seed, when] of [
      ["older", issuedAt - 1],
      ["the same second", issuedAt],
    ] as const) {
      const claim = { ...first, subjects: [subject(seed)], issuedAt: when };
      const events = await bench.submit(claim, signer);
      expect(events.map(([name]) => name)).toEqual([
        "RecordApproved",
        "ClaimCounted",
        "SubjectClaimed",
        "RecordCounted",
      ]);
      expect((await bench.state(claim)).threshold).toBe(1);
      expect(await bench.isHead(first)).toBe(true);
    }
    const newer = { ...first, issuedAt: issuedAt + 1 };
    await bench.submit(newer, signer);
    expect(await bench.isHead(newer)).toBe(true);
  });

  test("may be a claim issued 30 days ago, and none before", async () => {
    const time = (await bench.now()) + 100;
    const issuedAt = time - 30 * 86_400;
    const claim = await bench.claim({ issuedAt });
    await bench.setNextTime(time);
    await bench.submit(claim, signer);
    expect(await bench.isHead(claim)).toBe(true);
    await bench.setNextTime(time + 1);
    expect((await refusal(() => ({ issuedAt: BigInt(issuedAt), tag: "late" }))).error).toEqual([
      "IssuedTooLongAgo",
      BigInt(issuedAt),
      BigInt(time + 1),
    ]);
    expect((await refusal(() => ({ issuedAt: 0n, tag: "late" }))).error[0]).toBe("IssuedTooLongAgo");
  });

  test("belongs to one repository and tag of one organisation", async () => {
    const claim = await bench.claim();
    await bench.submit(claim, signer);
    for (const other of [
      { tag: "1.4.3" },
      { repository: "docker.io/acme/ap", tag: "i1.4.2" },
      { organisation: globex },
    ]) {
      expect(await bench.hasHead({ ...claim, ...other })).toBe(false);
    }
  });

  test("does not exist without a tag", async () => {
    const claim = await bench.claim({ tag: "" });
    const events = await bench.submit(claim, signer);
    expect([events[1]?.[0], events[1]?.[3]]).toEqual(["ClaimCounted", zero]);
    expect((await bench.state(claim)).threshold).toBe(1);
    expect(await bench.hasHead(claim)).toBe(false);
  });

  test("stays where it is when its claim is revoked", async () => {
    const claim = await bench.claim();
    await bench.submit(claim, signer);
    await bench.send(signer, "revokeClaim", acme, bench.idOf(claim), "");
    expect(await bench.isHead(claim)).toBe(true);
  });
});

describe("one read", () => {
  test("answers everything about one organisation, in the order asked", async () => {
    await bench.send(bench.account(0), "addNamespace", acme, "docker.io/acme");
    const first = await bench.claim();
    const second = await bench.claim({ tag: "2", subjects: [subject("second")] });
    await bench.submit(first, signer);
    const block = BigInt((await bench.rpc("eth_blockNumber")) as string);
    await bench.submit(second, signer);
    const [a, b, c] = ["image", "second", "third"].map((seed) => digestToBytes32(digestOf(seed)));
    await bench.send(bench.account(1), "revokeDigests", acme, [b], "");
    const digestTime = BigInt(await bench.now());
    await bench.send(bench.account(1), "revokeClaim", acme, bench.idOf(second), "");
    const claimTime = BigInt(await bench.now());
    const ids = [bench.idOf(second), `0x${"77".repeat(32)}`, bench.idOf(first)];
    expect(await bench.read("read", acme, first.repository, first.tag, [a, b, c], ids, ids)).toEqual([
      "acme",
      1n,
      false,
      acme,
      [bench.idOf(first).slice(0, 46), BigInt(first.issuedAt), block],
      [0n, digestTime, 0n],
      await Promise.all(ids.map((id) => bench.read("recordState", acme, id))),
      [claimTime, 0n, 0n],
    ]);
  });

  test("answers with zeros about what nobody made, and tells the owner all the same", async () => {
    await bench.send(bench.account(0), "addNamespace", acme, "docker.io/acme");
    const nobody = organisationId("nobody");
    const nothing = [[zero.slice(0, 46), 0n, 0n], [], [], []];
    expect(await bench.read("read", acme, "nothing", "", [], [], [])).toEqual([
      "acme",
      1n,
      false,
      zero,
      ...nothing,
    ]);
    expect(await bench.read("read", nobody, "docker.io/acme/api", "1", [], [], [])).toEqual([
      "",
      0n,
      false,
      acme,
      ...nothing,
    ]);
  });
});
