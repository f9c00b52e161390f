import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { readManifests, readManifestText } from "../../../src/audit/kubernetes.ts";
import type { Finding } from "../../../src/audit/place.ts";
import { temporaryDirectory } from "../../support/embedded-chain.ts";
import { codeOf } from "../../support/errors.ts";

const lines = (findings: readonly Finding[], root = ""): string[] =>
  findings.map((finding) => {
    const { place, image } = finding;
    const file = place.file?.replace(`${root}/`, "");
    return `${file}:${place.line} ${place.name} ${"key" in finding ? image : "(unread)"}`;
  });

const pod = (name: string, image: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec:\n  containers:\n  - name: a\n    image: ${image}\n`;

test("every manifest of a folder, whatever it is written in; what is not rendered is said to be unread", async () => {
  await using directory = await temporaryDirectory();
  const root = directory.path;
  const files: Record<string, string> = {
    "a/web.yaml": `${pod("web", "acme/web:1")}---\n${pod("two", "acme/two:1")}---\n# nothing\n`,
    "a/job.json": JSON.stringify({
      apiVersion: "batch/v1",
      kind: "CronJob",
      metadata: { name: "nightly" },
      spec: {
        jobTemplate: {
          spec: {
            template: {
              spec: { initContainers: [{ image: "acme/init" }], containers: [{ image: "acme/job" }] },
            },
          },
        },
      },
    }),
    "list.yml": `apiVersion: v1\nkind: List\nitems:\n- ${pod("inner", "acme/inner:1").replaceAll("\n", "\n  ")}\n`,
    "chart/templates/web.yaml": `${pod("x", '"{{ .Values.image }}"')}`,
    "chart/templates/loop.yaml": "{{- range .Values.all }}\nkind: Pod\n{{ end }}\n",
    "chart/values.yaml": "image: acme/values\n",
    "overlay/kustomization.yaml":
      "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [x]\n",
    "broken.yaml": "a: [\n",
    "half.yaml": "kind: Pod\nspec: {containers: [{image: a}]}\n",
    "nameless.yaml": "apiVersion: v1\nkind: Pod\nspec: {containers: [{name: a}, {image: 'Bad Name'}]}\n",
    "service.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: s}\n",
    ".git/hidden.yaml": pod("hidden", "acme/hidden"),
    "notes.txt": pod("notes", "acme/notes"),
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), content);
  }
  await symlink(root, join(root, "loop"));
  const findings = await readManifests(root);
  expect(lines(findings, root)).toEqual([
    "a/job.json:1 CronJob/nightly docker://acme/init",
    "a/job.json:1 CronJob/nightly docker://acme/job",
    "a/web.yaml:7 Pod/web docker://acme/web:1",
    "a/web.yaml:15 Pod/two docker://acme/two:1",
    "broken.yaml:1  (unread)",
    "chart/templates/loop.yaml:1  (unread)",
    "chart/templates/web.yaml:7 Pod/x (unread)",
    "half.yaml:1  (unread)",
    "list.yml:10 Pod/inner docker://acme/inner:1",
    "nameless.yaml:3 Pod (unread)",
    "nameless.yaml:3 Pod (unread)",
    "overlay/kustomization.yaml:1 Kustomization (unread)",
  ]);
  expect(lines(await readManifests(join(root, "a/web.yaml")), root)).toHaveLength(2);
  expect(await codeOf(() => readManifests(join(root, "gone")))).toBe("MANIFESTS_MISSING");
});

test("what helm template prints is read from a text", () => {
  expect(lines(readManifestText(`---\n# Source: x\n${pod("web", "acme/web:1")}`, "stdin"))).toEqual([
    "stdin:9 Pod/web docker://acme/web:1",
  ]);
  // A kubelet knows no transports: an image of Docker Hub, and no file here.
  const [found] = readManifestText(pod("web", "oci:layout"), "stdin");
  expect(found).toMatchObject({ image: "docker://oci:layout", key: "docker://docker.io/library/oci:layout" });
});
