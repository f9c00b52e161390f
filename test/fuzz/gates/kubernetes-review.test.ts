import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isDaoChainError } from "../../../src/errors.ts";
import { findImages, toPointer } from "../../../src/gates/kubernetes/images.ts";
import { parseReview, readDemand } from "../../../src/gates/kubernetes/review.ts";
import { toReview } from "../../support/api-server.ts";

interface Spec {
  readonly [list: string]: readonly { readonly image?: unknown }[];
}

const lists = ["initContainers", "containers", "ephemeralContainers"];
const name = fc.constantFrom(
  "acme/api:1",
  "acme/side@sha256:00",
  "x",
  "",
  " ",
  "a/b~c",
  "\u001b[2J",
  "__proto__",
);
const container = fc.record({ name: fc.string({ maxLength: 5 }), image: name });
const spec = fc.record(
  {
    initContainers: fc.array(container, { maxLength: 3 }),
    containers: fc.array(container, { minLength: 1, maxLength: 3 }),
    ephemeralContainers: fc.array(container, { maxLength: 2 }),
    volumes: fc.array(
      fc.oneof(
        fc.record({ name: fc.constant("v"), emptyDir: fc.constant({}) }),
        fc.record({ name: fc.constant("v"), image: fc.record({ reference: name }) }),
      ),
      { maxLength: 2 },
    ),
    nodeSelector: fc.dictionary(fc.string({ maxLength: 5 }), fc.string({ maxLength: 5 })),
  },
  { requiredKeys: ["containers"] },
);
type PodSpec = typeof spec extends fc.Arbitrary<infer T> ? T : never;
const template = (own: unknown) => ({ spec: { template: { spec: own } } });
const wrappings: readonly ((own: unknown) => Record<string, unknown>)[] = [
  (own) => ({ apiVersion: "v1", kind: "Pod", spec: own }),
  (own) => ({ apiVersion: "v1", kind: "PodTemplate", template: { spec: own } }),
  (own) => ({ apiVersion: "apps/v1", kind: "Deployment", ...template(own) }),
  (own) => ({ apiVersion: "batch/v1", kind: "CronJob", spec: { jobTemplate: template(own) } }),
  (own) => ({ apiVersion: "others.io/v7", kind: "Thing", a: [{ "b/c~d": { deep: own } }] }),
];

function imagesOf(own: PodSpec): unknown[] {
  const containers = lists.flatMap((list) =>
    ((own as unknown as Spec)[list] ?? []).map(({ image }) => image),
  );
  const volumes = (own.volumes ?? []).flatMap((volume) =>
    "image" in volume ? [(volume.image as { reference: string }).reference] : [],
  );
  return [...containers, ...volumes];
}

function resolve(object: unknown, pointer: string): unknown {
  let at = object as Record<string, unknown>;
  for (const part of pointer.split("/").slice(1))
    at = at[part.replaceAll("~1", "/").replaceAll("~0", "~")] as Record<string, unknown>;
  return at;
}

/** What an attacker may want to be read in two ways. */
const members = [
  '"image":"evil",',
  '"Image":"evil",',
  '"\\u0069mage":"evil",',
  '"containers":[{"image":"evil"}],',
  '"initContainers":[{"image":"evil"}],',
  '"ephemeralContainer\u017f":[{"image":"evil"}],',
  '"operation":"DELETE",',
  '"__proto__":{"image":"evil"},',
  '"spec":{},',
  '"volumes":[{"image":{"reference":"evil"}}],',
  "{",
  "}",
];

describe("reviews of any shape", () => {
  it("have every image found, at the place where it stands", () => {
    fc.assert(
      fc.property(spec, fc.constantFrom(...wrappings), (own, wrap) => {
        const object = wrap(own);
        const found = findImages(object);
        expect(found.map(({ image }) => image)).toEqual(imagesOf(own));
        for (const { image, path } of found) expect(resolve(object, toPointer(path))).toBe(image);
      }),
      { numRuns: 2000 },
    );
  });

  it("hide no image when they are changed on their way", () => {
    const at = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    const inserted = fc.constantFrom(...members);
    const change = fc.oneof(
      fc.record({ at, length: fc.nat(12), inserted: fc.oneof(inserted, fc.string({ maxLength: 4 })) }),
      // As the first member of an object.
      fc.record({ at, length: fc.constant(0), inserted, isMember: fc.constant(true) }),
    );
    let read = 0;
    fc.assert(
      fc.property(spec, fc.array(change, { minLength: 1, maxLength: 3 }), (own, changes) => {
        let text = JSON.stringify(
          toReview({ object: { apiVersion: "v1", kind: "Pod", spec: own }, uid: "u" }),
        );
        for (const { at: share, length, inserted: more, ...how } of changes) {
          const somewhere = Math.floor(share * text.length);
          const place = "isMember" in how ? text.indexOf("{", somewhere) + 1 : somewhere;
          text = text.slice(0, place) + more + text.slice(place + length);
        }
        let demand: ReturnType<typeof readDemand>;
        try {
          demand = readDemand(parseReview(Buffer.from(text)));
        } catch (error) {
          expect(isDaoChainError(error)).toBe(true);
          return;
        }
        if (demand.kind === "refused") return;
        read++;
        const { request } = JSON.parse(text);
        if (demand.kind === "harmless") {
          expect(["DELETE", "CONNECT"]).toContain(request.operation);
          return;
        }
        // As much as a lenient reader would see.
        const found = demand.images.map(({ image }) => image);
        for (const list of lists)
          for (const one of request.object.spec[list] ?? []) expect(found).toContain(one.image ?? "");
      }),
      { numRuns: 10_000 },
    );
    expect(read).toBeGreaterThan(100);
  });
});
