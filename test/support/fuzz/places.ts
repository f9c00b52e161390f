import { readCompose } from "../../../src/audit/compose.ts";
import { readManifestText } from "../../../src/audit/kubernetes.ts";
import type { Finding } from "../../../src/audit/place.ts";
import { parseYaml } from "../../../src/audit/yaml.ts";
import { mutateBytes } from "./mutations.ts";
import { type FuzzTarget, target, Violation } from "./target.ts";

const composeFiles = [
  `x-base: &base
  image: acme/base:1
services:
  web: {image: "acme/web:\${TAG:-2}", build: .}
  worker:
    <<: *base
    volumes: [{type: image, source: acme/seed, target: /s}]
  copy: {extends: web}
  built: {build: .}
`,
  `include: [other.yaml]\nservices:\n  a:\n    image: \${REGISTRY?needed}/a\n  b:\n    image: $$x\n`,
  JSON.stringify({ services: { a: { image: "a" }, b: { extends: { file: "x", service: "y" } } } }),
].map((text) => Buffer.from(text));

const manifests = [
  "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  initContainers: [{image: a}]\n  containers:\n  - image: b:1\n",
  `apiVersion: apps/v1
kind: Deployment
spec:
  template:
    spec: &spec
      containers: [{name: x, image: "docker.io/acme/x@sha256:${"a".repeat(64)}"}]
---
apiVersion: example.com/v1
kind: Other
template: {spec: *spec}
`,
  JSON.stringify({
    apiVersion: "v1",
    kind: "List",
    items: [{ apiVersion: "v1", kind: "Pod", spec: { containers: [{ image: "acme/api:1" }] } }],
  }),
].map((text) => Buffer.from(text));

/** Every place is in its text, and what is to be judged has a key. @returns whether there is something to judge */
function check(findings: readonly Finding[], text: string): boolean {
  const lines = text.split(/\r\n|\r|\n/).length;
  for (const { place } of findings) {
    const { line = 0 } = place;
    if (!Number.isInteger(line) || line < 1 || line > lines + 1)
      throw new Violation(`Line ${line} of ${lines}.`);
  }
  return findings.some((finding) => "key" in finding && finding.key !== "");
}

const compose = target({
  name: "compose files",
  make: (random) => mutateBytes(random.pick(composeFiles), random, composeFiles),
  run(input) {
    const text = input.toString("utf8");
    const findings = readCompose(text, "compose.yaml", { TAG: "7" });
    for (const { value } of parseYaml(text, "compose.yaml")) {
      const services = (value as { services?: unknown } | null)?.services;
      if (typeof services !== "object" || services === null || Array.isArray(services)) continue;
      for (const name of Object.keys(services))
        if (!findings.some(({ place }) => place.name === name))
          throw new Violation(`It passes over ${name}.`);
    }
    return check(findings, text);
  },
});

const kubernetes = target({
  name: "manifests",
  make: (random) => mutateBytes(random.pick(manifests), random, manifests),
  run(input) {
    const text = input.toString("utf8");
    return check(readManifestText(text, "manifest.yaml"), text);
  },
});

export const placeTargets: readonly FuzzTarget[] = [compose, kubernetes];
