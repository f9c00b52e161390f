import { describe, expect, it } from "vitest";
import type { ImageFacts, Subject } from "../../../src/image/image.ts";
import { decide } from "../../../src/verdict/decide.ts";
import { hangsOnLayers } from "../../../src/verdict/depth.ts";
import type { Evidence } from "../../../src/verdict/evidence.ts";
import { claim, evidence, evidenceOf, facts, subject } from "../../support/evidence.ts";

const policy = { organisation: undefined, newest: true };
const config = subject("config", 1);
const manifest = subject("manifest", 3);
const index = subject("index", 4);
const runtime = (number: number, platform?: string): Subject => subject("runtime", number, platform);

/** An image in a daemon, of which the ID and what would run are known. */
const probed = (...subjects: Subject[]): ImageFacts =>
  facts({
    depth: "runtime",
    layers: "unread",
    subjects: subjects.length > 0 ? subjects : [config, runtime(2)],
  });

const look = (given: Evidence) => {
  const verdict = decide(given, policy);
  return { status: verdict.status, matched: verdict.matched, hangs: hangsOnLayers(given, verdict) };
};
const signed = (image: ImageFacts, ...subjects: Subject[]) =>
  look(evidenceOf(claim({ subjects }), { facts: image }));

describe("an image of which an export was looked at", () => {
  it("is verified without its layers where the claim names what would run", () => {
    expect(signed(probed(), config, runtime(2))).toEqual({
      status: "verified",
      matched: "config",
      hangs: false,
    });
    expect(signed(probed(manifest, runtime(2)), config, runtime(2))).toEqual({
      status: "verified",
      matched: "runtime",
      hangs: false,
    });
  });

  it("is corrupt where the claim says that something else would run", () => {
    expect(signed(probed(), config, runtime(9))).toEqual({
      status: "corrupt",
      matched: "config",
      hangs: true,
    });
    const { reasons } = decide(
      evidenceOf(claim({ subjects: [config, runtime(9)] }), { facts: probed() }),
      policy,
    );
    expect(reasons.join()).toContain(runtime(9).digest);
  });

  it("hangs on its layers where the claim does not say what would run", () => {
    expect(signed(probed(), config)).toEqual({ status: "verified", matched: "config", hangs: true });
    const elsewhere = [config, runtime(9, "linux/arm64")];
    expect(signed(probed(), ...elsewhere)).toEqual({ status: "verified", matched: "config", hangs: true });
  });

  it("is compared with the claim's platform whether or not that names a variant", () => {
    const arm = (variant: string) =>
      probed(subject("config", 1, `linux/arm64${variant}`), runtime(2, `linux/arm64${variant}`));
    for (const [own, claimed] of [
      ["", "/v8"],
      ["/v8", ""],
    ] as const) {
      const name = `linux/arm64${claimed}`;
      expect(signed(arm(own), subject("config", 1, name), runtime(9, name)).status).toBe("corrupt");
      expect(signed(arm(own), subject("config", 1, name), runtime(2, name)).status).toBe("verified");
    }
    // Where the very platform is there, another variant does not count.
    const both = [subject("config", 1), runtime(2, "linux/arm/v7"), runtime(9, "linux/arm/v6")];
    expect(signed(probed(subject("config", 1), runtime(2, "linux/arm/v7")), ...both).status).toBe("verified");
  });

  it("hangs on its layers where nothing names it and its config is not known", () => {
    expect(look(evidence({ facts: probed(manifest, runtime(2)) }))).toMatchObject({
      status: "unsigned",
      hangs: true,
    });
    expect(look(evidence({ facts: probed(index, runtime(2)) })).hangs).toBe(true);
    expect(look(evidence({ facts: probed() }))).toMatchObject({ status: "unsigned", hangs: false });
  });

  it("is settled by another good claim that agrees with what would run", () => {
    const wrong = claim({ subjects: [config, runtime(9)] });
    const right = claim({ number: 2, subjects: [config, runtime(2)] });
    expect(look(evidence({ facts: probed(), claims: [wrong, right], head: right })).status).toBe("verified");
    const pending = claim({ number: 2, subjects: [config, runtime(2)], validApprovals: 1, threshold: 2 });
    expect(look(evidence({ facts: probed(), claims: [wrong, pending], head: wrong })).status).toBe("corrupt");
    // The tag has moved on to something else that would run.
    expect(look(evidence({ facts: probed(), claims: [wrong, right], head: wrong })).status).toBe(
      "superseded",
    );
  });

  it("is not made corrupt by whose word is not asked", () => {
    const foreign = claim({ by: "evil", subjects: [config, runtime(9)] });
    expect(look(evidence({ facts: probed(), claims: [foreign] })).status).toBe("untrusted");
  });
});

describe("an image whose layers were compared with its manifest", () => {
  const stored = facts({
    transport: "docker",
    depth: "content",
    layers: "manifest",
    subjects: [manifest, config],
  });

  it("is verified by its manifest", () => {
    expect(signed(stored, manifest, config)).toMatchObject({
      status: "verified",
      matched: "manifest",
      hangs: false,
    });
  });

  it("hangs on its layers where it is not verified: a claim may know it by what would run", () => {
    expect(look(evidence({ facts: stored }))).toMatchObject({ status: "unsigned", hangs: true });
    const foreign = claim({ by: "evil", subjects: [manifest] });
    expect(look(evidence({ facts: stored, claims: [foreign] }))).toMatchObject({
      status: "untrusted",
      hangs: true,
    });
  });

  it("hangs on its layers where the claim knows it by its config", () => {
    expect(signed(stored, config)).toMatchObject({ status: "verified", matched: "config", hangs: true });
    expect(signed({ ...stored, layers: "config" }, config)).toMatchObject({
      status: "verified",
      hangs: false,
    });
  });
});

it("an index is read where it is not claimed itself and more of it may lie in the engine", () => {
  const runs = { digest: index.digest, platform: "linux/amd64", subjects: [runtime(2)] };
  const others = { digest: index.digest, platform: "", subjects: [], unseen: "not looked at" };
  const whole = { ...probed(index, runtime(2)), listed: [runs, others] };
  expect(signed(whole, index, runtime(2))).toEqual({ status: "verified", matched: "index", hangs: false });
  expect(signed(whole, runtime(2))).toEqual({ status: "inconclusive", matched: null, hangs: true });
  const alone = { ...whole, listed: [runs] };
  expect(signed(alone, runtime(2))).toEqual({ status: "verified", matched: "runtime", hangs: false });
});

it("nothing more is read of an image at the depths that look at no layers", () => {
  for (const depth of ["id", "manifest"] as const) {
    expect(signed(facts({ depth, layers: "unread" }), config).hangs).toBe(false);
  }
});
