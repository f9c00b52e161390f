import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { ImageFacts, Subject } from "../../../src/image/image.ts";
import { openImage } from "../../../src/image/open.ts";
import { decide } from "../../../src/verdict/decide.ts";
import { hasContainerd, TestContainerd } from "../../support/containerd.ts";
import { isRefusedImage } from "../../support/errors.ts";
import { claim, evidenceOf } from "../../support/evidence.ts";
import { fakeRegistry } from "../../support/fake-registry.ts";
import { Random } from "../../support/fuzz/random.ts";
import { types } from "../../support/images.ts";
import { containerdTaker, dockerTaker, skopeoTaker, type Taker } from "../../support/index-takers.ts";
import {
  type ChildKind,
  coveredBy,
  type IndexWorld,
  makeIndexWorld,
  mayRun,
  platforms,
} from "../../support/index-worlds.ts";
import { findProgram } from "../../support/programs.ts";

const skopeo = findProgram("skopeo");
const hasDocker = findProgram("docker") !== undefined;
const worlds = 14;
const kinds: readonly ChildKind[] = [
  "image",
  "annotated image",
  "image with an artifact's type",
  "config of no type",
  "image listed as another type",
  "layers of an image's type among others",
  "attestation",
];

/** A registry that serves any tag, and every manifest as what it is, whatever an index lists it as. */
async function serveWorld({ files, children }: IndexWorld): Promise<string> {
  const disguised = new Map<string, string>(
    children
      .filter(({ kind }) => kind === "image listed as another type")
      .map(({ manifest }) => [manifest, `blobs/sha256/${manifest.slice(7)}`]),
  );
  const { address } = await fakeRegistry(files, (request, response) => {
    if (request.url === "/v2/") {
      response.writeHead(200).end("{}");
      return true;
    }
    const [, digest = ""] = /\/manifests\/(sha256:[0-9a-f]{64})$/.exec(request.url ?? "") ?? [];
    const bytes = files.get(disguised.get(digest) ?? "");
    if (bytes === undefined) return false;
    const headers = {
      "content-type": types.manifest,
      "content-length": bytes.length,
      "docker-content-digest": digest,
    };
    response.writeHead(200, headers).end(request.method === "HEAD" ? undefined : bytes);
    return true;
  });
  return `${address}/acme/app:1`;
}

/** Claims of the index, of all that was found in it by each kind of digest, and of all but one. */
function claimsOf({ index }: IndexWorld, { subjects }: ImageFacts): Subject[][] {
  const of = (kind: Subject["kind"]) => subjects.filter((subject) => subject.kind === kind);
  const whole = [of("manifest"), of("config"), of("runtime")].filter((named) => named.length > 0);
  const partial = whole.flatMap((named) => named.map((left) => named.filter((one) => one !== left)));
  return [
    [{ kind: "index", digest: index, platform: "" }],
    ...whole,
    ...partial.filter(({ length }) => length > 0),
  ];
}

describe("what engines take of an index in a registry", () => {
  const takers = new Map<string, Taker>();
  const taken = new Map<string, Set<ChildKind>>();
  let containerd: TestContainerd | undefined;

  beforeAll(async () => {
    if (hasDocker)
      for (const engine of inject("engines")) takers.set(`docker, ${engine.name} store`, dockerTaker(engine));
    if (hasContainerd) {
      containerd = await TestContainerd.start();
      takers.set("containerd", containerdTaker(containerd));
    }
    if (skopeo !== undefined) takers.set("skopeo", skopeoTaker(skopeo));
  });
  afterAll(() => containerd?.[Symbol.asyncDispose]());

  for (let seed = 1; seed <= worlds; seed++) {
    it(`is claimed where the index is verified (index ${seed})`, async () => {
      const world = await makeIndexWorld(new Random(seed), kinds);
      const reference = await serveWorld(world);
      const inspect = async (depth: "manifest" | "content") =>
        (await openImage(`docker://${reference}`)).inspect({ depth, thorough: depth === "content" });
      const refused = (error: unknown): undefined => {
        if (!isRefusedImage(error)) throw error;
      };
      const found = await Promise.all([
        inspect("manifest").catch(refused),
        inspect("content").catch(refused),
      ]);
      const trusted: { facts: ImageFacts; subjects: readonly Subject[] }[] = [];
      for (const facts of found) {
        if (facts === undefined) continue;
        expect(facts.corruptions).toEqual([]);
        for (const subjects of claimsOf(world, facts)) {
          const named = { ...facts, name: { repository: "docker.io/acme/api", tag: "1.0", carried: true } };
          const policy = { organisation: undefined, newest: true };
          const { status } = decide(evidenceOf(claim({ subjects }), { facts: named }), policy);
          if (status === "verified") trusted.push({ facts, subjects });
        }
      }
      const asked = [...platforms, "linux/ppc64le"];
      await Promise.all(
        [...takers].map(async ([name, take]) => {
          for (const platform of asked) {
            const is = await take(reference, platform);
            const child = is && world.children.find(is);
            if (is === undefined) continue;
            expect(child, `${name} took something for ${platform}`).toBeDefined();
            if (child === undefined || !mayRun(child.kind)) {
              // A copy runs nothing.
              expect(name).toBe("skopeo");
              continue;
            }
            taken.set(name, (taken.get(name) ?? new Set()).add(child.kind));
            for (const { facts, subjects } of trusted) {
              const isCovered = coveredBy({ ...world, children: [child] }, facts, subjects);
              expect(isCovered, `${name} took ${child.kind} ${child.manifest} for ${platform}`).toBe(true);
            }
          }
        }),
      );
    });
  }

  it("is an image with each of them, and with most of them what only an index calls an attestation", () => {
    for (const name of takers.keys()) {
      const kind: ChildKind = name === "containerd" ? "image" : "annotated image";
      expect([...(taken.get(name) ?? [])], name).toContain(kind);
    }
  });
});
