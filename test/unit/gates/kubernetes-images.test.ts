import { describe, expect, it } from "vitest";
import { findImages, toPointer } from "../../../src/gates/kubernetes/images.ts";
import type { JsonObject } from "../../../src/json.ts";
import { codeOf } from "../../support/errors.ts";

const podSpec = {
  initContainers: [{ name: "a", image: "acme/init:1" }],
  containers: [
    { name: "b", image: "acme/api:1" },
    { name: "c", image: "acme/side@sha256:00" },
  ],
  ephemeralContainers: [{ name: "d", image: "acme/debug" }],
  volumes: [
    { name: "e", emptyDir: {} },
    { name: "f", image: { reference: "acme/data:1", pullPolicy: "Always" } },
  ],
};
const images = ["acme/init:1", "acme/api:1", "acme/side@sha256:00", "acme/debug", "acme/data:1"];
const template = { template: { metadata: {}, spec: podSpec } };
const kinds: readonly (readonly [apiVersion: string, kind: string, rest: object, at: string])[] = [
  ["v1", "Pod", { spec: podSpec }, "/spec"],
  ["v1", "PodTemplate", template, "/template/spec"],
  ["v1", "ReplicationController", { spec: template }, "/spec/template/spec"],
  ["apps/v1", "Deployment", { spec: template }, "/spec/template/spec"],
  ["apps/v1", "ReplicaSet", { spec: template }, "/spec/template/spec"],
  ["apps/v1", "StatefulSet", { spec: template }, "/spec/template/spec"],
  ["apps/v1", "DaemonSet", { spec: template }, "/spec/template/spec"],
  ["batch/v1", "Job", { spec: template }, "/spec/template/spec"],
  [
    "batch/v1",
    "CronJob",
    { spec: { jobTemplate: { spec: template } } },
    "/spec/jobTemplate/spec/template/spec",
  ],
  ["argoproj.io/v1alpha1", "Rollout", { spec: template }, "/spec/template/spec"],
  ["x.io/v1", "Odd", { spec: { pods: [{ deep: podSpec }] } }, "/spec/pods/0/deep"],
];

/** What stands where a pointer points. */
function resolve(object: unknown, pointer: string): unknown {
  let at = object as Record<string, unknown>;
  for (const part of pointer.split("/").slice(1))
    at = at[part.replaceAll("~1", "/").replaceAll("~0", "~")] as Record<string, unknown>;
  return at;
}

describe("the images of an object", () => {
  for (const [apiVersion, kind, rest, at] of kinds) {
    it(`are all found in a ${kind}`, () => {
      const object = { apiVersion, kind, metadata: { name: "x" }, ...rest };
      const found = findImages(object);
      expect(found.map(({ image }) => image)).toEqual(images);
      for (const { image, path } of found) {
        expect(toPointer(path).startsWith(`${at}/`)).toBe(true);
        expect(resolve(object, toPointer(path))).toBe(image);
      }
    });
  }

  it("are found in each object of a list", () => {
    const items = kinds.map(([apiVersion, kind, rest]) => ({ apiVersion, kind, ...rest }));
    const found = findImages({ apiVersion: "v1", kind: "List", items });
    expect(found).toHaveLength(images.length * kinds.length);
  });

  it("are none where none is named", () => {
    expect(findImages({ apiVersion: "v1", kind: "ConfigMap", data: { containers: "image: x" } })).toEqual([]);
    expect(findImages({ apiVersion: "v1", kind: "ReplicationController", spec: { template: null } })).toEqual(
      [],
    );
    expect(findImages({ kind: "Overlay", spec: { containers: [{ name: "app" }, "app", null] } })).toEqual([]);
  });

  it("are found where a member's name needs escaping", () => {
    const object: JsonObject = { kind: "Odd", "a/b~c": { containers: [{ image: "x" }] } };
    const [found] = findImages(object);
    expect(toPointer(found?.path ?? [])).toBe("/a~1b~0c/containers/0/image");
    expect(resolve(object, toPointer(found?.path ?? []))).toBe("x");
  });

  it("are found behind a pod's specification too", () => {
    const object = {
      kind: "Odd",
      spec: { containers: [{ image: "a" }], later: [{ template: { containers: [{ image: "b" }] } }] },
    };
    expect(findImages(object).map(({ image }) => image)).toEqual(["a", "b"]);
  });

  it("are found in a list of containers that is not known yet", async () => {
    const spec = { containers: [{ image: "a" }], laterContainers: [{ image: "b" }, { name: "x" }] };
    const found = findImages({ apiVersion: "v1", kind: "Pod", spec });
    expect(found.map(({ image, path }) => [image, toPointer(path)])).toEqual([
      ["a", "/spec/containers/0/image"],
      ["b", "/spec/laterContainers/0/image"],
    ]);
    const odd = { containers: [{ image: "a" }], laterVolumes: [{ image: { reference: "b" } }] };
    expect(await codeOf(() => findImages({ apiVersion: "v1", kind: "Pod", spec: odd }))).toBe(
      "OBJECT_IMAGE_NOT_TEXT",
    );
  });

  it("are empty names where a container names none", () => {
    const pod = { apiVersion: "v1", kind: "Pod", spec: { containers: [{ name: "app" }, { image: null }] } };
    expect(findImages(pod).map(({ image }) => image)).toEqual(["", ""]);
  });

  it("are refused where they could be read in two ways", async () => {
    const pod = (spec: unknown) => ({ apiVersion: "v1", kind: "Pod", spec });
    for (const spec of [
      { Containers: [] },
      { containers: [{ Image: "x" }] },
      { containers: {} },
      { containers: ["x"] },
      { volumes: [{ image: "x" }] },
      { volumes: [{ image: { Reference: "x" } }] },
      { EphemeralContainers: [] },
      [],
      "x",
    ]) {
      expect(await codeOf(() => findImages(pod(spec)))).toMatch(/^JSON_INVALID$/);
    }
    for (const image of [["x"], 7])
      expect(await codeOf(() => findImages(pod({ containers: [{ image }] })))).toBe("OBJECT_IMAGE_NOT_TEXT");
    expect(await codeOf(() => findImages({ Kind: "Pod", kind: "Pod", spec: {} }))).toBe("JSON_INVALID");
  });

  it("are no more than can be judged", async () => {
    const containers = Array.from({ length: 600 }, () => ({ image: "x" }));
    const object = { apiVersion: "v1", kind: "Pod", spec: { containers, initContainers: containers } };
    expect(await codeOf(() => findImages(object))).toBe("OBJECT_IMAGES_TOO_MANY");
  });
});
