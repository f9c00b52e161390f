import { describe, expect, it } from "vitest";
import type { ImageFacts, Subject } from "../../../src/image/image.ts";
import { signable } from "../../../src/operations/signable.ts";
import { decide } from "../../../src/verdict/decide.ts";
import type { Verdict } from "../../../src/verdict/verdict.ts";
import { isRefusedImage } from "../../support/errors.ts";
import { claim, evidenceOf } from "../../support/evidence.ts";
import { Random } from "../../support/fuzz/random.ts";
import {
  type Child,
  type ChildKind,
  canBeSeen,
  childKinds,
  coveredBy,
  examineWorld,
  type IndexWorld,
  makeIndexWorld,
  mayRun,
} from "../../support/index-worlds.ts";

const worlds = 1500;
const sound = childKinds.filter((kind) => canBeSeen(kind) || !mayRun(kind));

async function examine(world: IndexWorld, random: Random): Promise<ImageFacts | undefined> {
  try {
    return await examineWorld(world, random.pick(["manifest", "content"]), random.chance(0.5));
  } catch (error) {
    if (isRefusedImage(error)) return undefined;
    throw error;
  }
}

function judge(facts: ImageFacts, subjects: readonly Subject[]): Verdict {
  const policy = { organisation: undefined, newest: true };
  return decide(evidenceOf(claim({ subjects }), { facts }), policy);
}

/** Some of what a claim could name: mostly nearly all. */
function someSubjects(world: IndexWorld, facts: ImageFacts, random: Random): Subject[] {
  const platform = "linux/amd64";
  const kinds = random.pick([["manifest"], ["config"], ["manifest", "config"], ["runtime"]] as const);
  const share = random.pick([0.5, 0.9, 1]);
  const of = (child: Child): Subject[] => [
    { kind: "manifest", digest: child.manifest, platform },
    { kind: "config", digest: child.config, platform },
  ];
  const known = [...world.children.flatMap(of), ...facts.subjects.filter(({ kind }) => kind === "runtime")];
  const named = known.filter(({ kind }) => kinds.some((one) => one === kind) && random.chance(share));
  if (random.chance(0.2)) named.push({ kind: "index", digest: world.index, platform: "" });
  return named;
}

describe("an index that lists anything", () => {
  it("is verified only where its own digest is claimed, or all that some engine might run", async () => {
    const seen = new Map<string, number>();
    for (let seed = 1; seed <= worlds; seed++) {
      const random = new Random(seed);
      const world = await makeIndexWorld(random, random.pick([["image"], sound, childKinds]));
      const facts = await examine(world, random);
      if (facts === undefined) continue;
      expect(facts.corruptions, `seed ${seed}`).toEqual([]);
      const subjects = someSubjects(world, facts, random);
      const { status, matched, reasons } = judge(facts, subjects);
      const open = world.children.filter(({ kind }) => mayRun(kind) && !canBeSeen(kind));
      const what = `seed ${seed}: ${world.children.map(({ kind }) => kind).join(", ")}: ${reasons.join("; ")}`;
      seen.set(`${status} ${matched}`, (seen.get(`${status} ${matched}`) ?? 0) + 1);
      if (status === "verified") expect(coveredBy(world, facts, subjects), what).toBe(true);
      if (status === "verified" && matched !== "index") expect(open, what).toEqual([]);
      if (status === "inconclusive") expect(open.length, what).toBeGreaterThan(0);
      if (open.length > 0) expect(["inconclusive", "mismatch", "verified"], what).toContain(status);
    }
    // Each way to an answer was gone, and often.
    for (const way of [
      "verified index",
      "verified manifest",
      "verified config",
      "inconclusive null",
      "mismatch null",
    ])
      expect(seen.get(way) ?? 0, `${way}: ${JSON.stringify([...seen])}`).toBeGreaterThan(20);
  }, 240_000);

  it("is verified, and signed, whatever no engine could run lies beside its images", async () => {
    let artifacts = 0;
    for (let seed = 1; seed <= worlds / 3; seed++) {
      const random = new Random(seed);
      const world = await makeIndexWorld(random, sound);
      if (!world.children.every(({ kind }) => sound.includes(kind))) continue;
      const facts = await examine(world, random);
      const images = world.children.filter(({ kind }) => mayRun(kind));
      expect(facts !== undefined, `seed ${seed}`).toBe(images.length > 0);
      if (facts === undefined) continue;
      artifacts += world.children.length - images.length;
      for (const [kind, digests] of [
        ["manifest", images.map(({ manifest }) => manifest)],
        ["config", images.map(({ config }) => config)],
        ["index", [world.index]],
      ] as const) {
        const subjects = digests.map((digest) => ({ kind, digest, platform: "" }));
        expect(judge(facts, subjects).matched, `seed ${seed} by ${kind}`).toBe(kind);
      }
      const { subjects, notes } = signable(facts);
      expect(subjects.map(({ digest }) => digest)).toEqual(
        expect.arrayContaining([world.index, ...images.map(({ manifest }) => manifest)]),
      );
      for (const { kind, manifest } of world.children.slice(0, 5)) {
        if (!mayRun(kind) && !notes.join().includes("more")) expect(notes.join()).toContain(manifest);
      }
    }
    expect(artifacts).toBeGreaterThan(100);
  }, 120_000);

  it("is not signed where something in it was not looked at", async () => {
    const hidden = childKinds.filter((kind): kind is ChildKind => mayRun(kind) && !canBeSeen(kind));
    let refused = 0;
    for (let seed = 1; seed <= worlds / 3; seed++) {
      const random = new Random(seed);
      const world = await makeIndexWorld(random, random.pick([["image"], ["image", ...hidden]]));
      const isOpen = world.children.some(({ kind }) => hidden.includes(kind));
      const facts = await examine(world, random);
      if (facts === undefined || !isOpen) continue;
      expect(() => signable(facts), `seed ${seed}`).toThrow(/lists what could not be looked at/);
      refused++;
    }
    expect(refused).toBeGreaterThan(50);
  }, 120_000);
});
