import { execFileSync, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { kubernetesGateCommand } from "../../../cli/commands/gate-kubernetes.ts";
import { commandLine } from "../../support/command-line.ts";
import { KubernetesWorld, podOf } from "../../support/kubernetes-gate.ts";
import { kubernetesTools } from "../../support/kubernetes-tools.ts";
import { hasRegistry } from "../../support/registry-server.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const chart = join(root, "deploy/helm/daochain-gate");
const example = join(root, "deploy/kubernetes/values.yaml");
const { helm = "", oracle = "" } = kubernetesTools ?? {};
const release = ["--namespace", "daochain", "--kube-version", "1.31.0", "--values", example];

function render(...more: string[]): string {
  return execFileSync(helm, ["template", "daochain-gate", chart, ...release, ...more], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

const lint = (...more: string[]): string =>
  execFileSync(helm, ["lint", "--strict", chart, ...release, ...more], { encoding: "utf8", stdio: "pipe" });
const set = (...values: string[]): string[] => values.flatMap((value) => ["--set", value]);
const policies = {
  version: "1.0",
  trustPolicies: [{ name: "all", registryScopes: ["*"], signatureVerification: { level: "strict" } }],
};
const secret = set("certificate.mode=secret", "certificate.secretName=tls");
/** Ways in which the gate may be deployed. */
const ways: Record<string, readonly string[]> = {
  "as the example": [],
  "with everything": [
    ...set("mutating.enabled=true", "mutating.workloads=true", "networkPolicy.enabled=true"),
    ...set("networkPolicy.egress[0].ports[0].port=443", "namespaces.mode=optIn", "requireDigest=true"),
    ...set("rpcUrlSecret.name=rpc", "registryCredentials=docker", "extraAuthorities=authorities"),
    ...set(
      "insecureRegistries={registry.local:5000,other.local}",
      "maxHeadAge=60",
      "policy.organisation=acme",
    ),
    ...set(
      "policy.allowSuperseded=true",
      `image.digest=sha256:${"a".repeat(64)}`,
      "imagePullSecrets[0].name=pull",
    ),
    ...set("nodeSelector.disk=ssd", "tolerations[0].operator=Exists", "podAnnotations.a=b", "image.tag="),
  ],
  "with a certificate of others": [...secret, ...set("certificate.injectCaFrom=daochain/gate")],
  "with a bundle of one's own": [...secret, ...set("certificate.caBundle=eA==")],
  "with policies": ["--set-json", `policy.document=${JSON.stringify(policies)}`],
};

// biome-ignore lint/suspicious/noExplicitAny: whatever a chart renders
const read = (text: string): any[] =>
  parseAllDocuments(text)
    .map((document) => document.toJS())
    .filter((object) => object !== null);

describe.skipIf(kubernetesTools === undefined)("the chart", { timeout: 60_000 }, () => {
  for (const [way, values] of Object.entries(ways)) {
    it(`${way}: lints, and renders objects that an API server takes, which fit together`, () => {
      expect(lint(...values)).toContain("0 chart(s) failed");
      const text = render(...values);
      const told = execFileSync(oracle, ["decode"], { input: text, encoding: "utf8" }).trim().split("\n");
      const objects = read(text);
      expect(told).toHaveLength(objects.length);
      // biome-ignore lint/suspicious/noExplicitAny: as above
      const of = (kind: string): any => objects.find((object) => object.kind === kind);
      const pod = of("Deployment").spec.template.spec;
      const [container] = pod.containers;
      expect(pod.securityContext).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: "RuntimeDefault" },
      });
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      // What is mounted is there, and what is there is mounted.
      const mounts = new Set(container.volumeMounts.map(({ name }: { name: string }) => name));
      expect([...mounts].toSorted()).toEqual(
        pod.volumes.map(({ name }: { name: string }) => name).toSorted(),
      );
      // The command takes its arguments.
      const command = kubernetesGateCommand(commandLine());
      const { operands, unknown } = command.parseOptions(container.args.slice(2));
      expect([operands, unknown]).toEqual([[], []]);
      const options = command.opts();
      expect(options["listen"]).toEqual({ host: "::", port: container.ports[0].containerPort });
      const webhooks = objects.filter(({ kind }) => kind.endsWith("WebhookConfiguration"));
      for (const { webhooks: own, metadata } of webhooks) {
        for (const webhook of own) {
          expect(webhook).toMatchObject({
            failurePolicy: "Fail",
            matchPolicy: "Equivalent",
            sideEffects: "None",
            admissionReviewVersions: ["v1"],
            clientConfig: { service: { name: of("Service").metadata.name, namespace: "daochain" } },
          });
          const [never] = webhook.namespaceSelector.matchExpressions;
          expect(never).toMatchObject({ operator: "NotIn", values: ["daochain", "kube-system"] });
        }
        if (options["certSecret"] !== undefined) expect(options["webhook"]).toBe(metadata.name);
      }
      if (options["certSecret"] !== undefined) {
        expect(options["service"]).toBe(of("Service").metadata.name);
        expect(of("Secret").metadata.name).toBe(options["certSecret"]);
        expect(of("Role").rules[0].resourceNames).toEqual([options["certSecret"]]);
        expect(of("ClusterRole").rules[0].resourceNames).toEqual([options["webhook"]]);
      } else {
        expect(of("ClusterRole")).toBeUndefined();
        expect(pod.automountServiceAccountToken).toBe(false);
      }
      expect(JSON.parse(of("ConfigMap").data["network.json"])).toEqual({
        embedded: false,
        ...parse(readFileSync(example, "utf8")).network,
      });
    });
  }

  it("refuses values that would deploy something else than meant", () => {
    for (const wrong of [
      set("mutatin.enabled=true"),
      set("namespaces.mode=optional"),
      set("timeoutSeconds=60"),
      set("certificate.mode=secret"),
      set("network.genesisHash=null"),
      set("network.genesisHash=0x00"),
      set("network.rpcUrls=null"),
      set("network.embedded=true"),
    ]) {
      expect(() => render(...wrong), wrong.join(" ")).toThrow();
    }
  });

  it("is what the plain manifests were rendered from", () => {
    const plain = readFileSync(join(root, "deploy/kubernetes/daochain-gate.yaml"), "utf8");
    expect(plain.split("\n").slice(2).join("\n")).toBe(render());
  });
});

describe.skipIf(kubernetesTools === undefined || !hasRegistry)(
  "an API server with the chart's webhooks",
  { timeout: 120_000 },
  () => {
    let world: KubernetesWorld;
    let signed: { image: string; digest: string };
    let unsigned: { image: string; digest: string };

    beforeAll(async () => {
      world = await KubernetesWorld.start();
      signed = await world.push("acme/api:1");
      unsigned = await world.push("acme/other:1");
      await world.serve();
      await world.sign(signed.image);
    });
    afterAll(async () => {
      await world?.[Symbol.asyncDispose]();
    });

    interface Outcome {
      readonly allowed: boolean;
      readonly code: number;
      readonly message: string;
      readonly warnings: readonly string[];
      readonly object: unknown;
    }

    /** Has k8s.io/apiserver's own plugins ask the gate about changes, through the configurations that the chart renders. */
    async function admit(values: readonly string[], changes: readonly object[]): Promise<Outcome[]> {
      const manifests = join(world.directory, "manifests.yaml");
      writeFileSync(manifests, render(...values));
      const child = spawn(oracle, ["admit", manifests, `${world.gate.port}`, world.authority.certificate], {
        stdio: ["pipe", "pipe", "ignore"],
      });
      child.stdin.end(changes.map((change) => `${JSON.stringify(change)}\n`).join(""));
      const outcomes: Outcome[] = [];
      for await (const line of createInterface({ input: child.stdout })) outcomes.push(JSON.parse(line));
      expect(outcomes).toHaveLength(changes.length);
      return outcomes;
    }

    const workloads = (image: string): [resource: string, object: Record<string, unknown>][] => {
      const spec = { containers: [{ name: "c", image }] };
      const labels = { app: "x" };
      const template = { metadata: { labels }, spec };
      const selected = { selector: { matchLabels: labels }, template };
      const made = (apiVersion: string, kind: string, rest: object) => ({
        apiVersion,
        kind,
        metadata: { name: "x" },
        ...rest,
      });
      return [
        ["pods", podOf(image)],
        ["podtemplates", made("v1", "PodTemplate", { template })],
        [
          "replicationcontrollers",
          made("v1", "ReplicationController", { spec: { selector: labels, template } }),
        ],
        ["deployments", made("apps/v1", "Deployment", { spec: selected })],
        ["replicasets", made("apps/v1", "ReplicaSet", { spec: selected })],
        ["statefulsets", made("apps/v1", "StatefulSet", { spec: { serviceName: "x", ...selected } })],
        ["daemonsets", made("apps/v1", "DaemonSet", { spec: selected })],
        ["jobs", made("batch/v1", "Job", { spec: { template } })],
        [
          "cronjobs",
          made("batch/v1", "CronJob", {
            spec: { schedule: "* * * * *", jobTemplate: { spec: { template } } },
          }),
        ],
      ];
    };

    it("keeps objects of each kind of verified images, and of no others", async () => {
      const create = (image: string) =>
        workloads(image).map(([resource, object]) => ({ operation: "CREATE", resource, object }));
      for (const outcome of await admit([], create(signed.image))) {
        expect(outcome).toMatchObject({ allowed: true, warnings: [expect.stringContaining(signed.image)] });
      }
      for (const outcome of await admit([], create(unsigned.image))) {
        expect(outcome).toMatchObject({ allowed: false, code: 403 });
        expect(outcome.message).toContain(
          `admission webhook "validate.gate.daochain" denied the request: ${unsigned.image} is unsigned`,
        );
      }
    });

    it("keeps the digest that was verified in the place of a tag", async () => {
      const values = set("mutating.enabled=true", "mutating.workloads=true");
      const changes = workloads(signed.image).map(([resource, object]) => ({
        operation: "CREATE",
        resource,
        object,
      }));
      for (const { object, ...outcome } of await admit(values, changes)) {
        expect(outcome).toMatchObject({ allowed: true, warnings: [] });
        expect(JSON.stringify(object)).toContain(`"${signed.image}@${signed.digest}"`);
      }
    });

    it("asks where it is to, and about what matters", async () => {
      const create = (namespace: string, more: object = {}) => ({
        operation: "CREATE",
        resource: "pods",
        namespace,
        object: podOf(unsigned.image),
        ...more,
      });
      const namespaces = ["default", "kube-system", "daochain", "off", "enforce"];
      const allowed = async (values: readonly string[]) =>
        (
          await admit(
            values,
            namespaces.map((name) => create(name)),
          )
        ).map((outcome) => outcome.allowed);
      expect(await allowed([])).toEqual([false, true, true, true, false]);
      expect(await allowed(set("namespaces.mode=optIn"))).toEqual([true, true, true, true, false]);
      const old = podOf(unsigned.image);
      const debug = (image: string) => ({
        ...old,
        spec: { ...(old["spec"] as object), ephemeralContainers: [{ name: "d", image }] },
      });
      const update = { operation: "UPDATE", resource: "pods", oldObject: old };
      const outcomes = await admit(
        [],
        [
          { ...update, object: { ...old, metadata: { name: "x", labels: { a: "b" } } } },
          { ...update, subresource: "ephemeralcontainers", object: debug(signed.image) },
          { ...update, subresource: "ephemeralcontainers", object: debug(unsigned.image) },
          { operation: "DELETE", resource: "pods", oldObject: old },
        ],
      );
      expect(outcomes.map((outcome) => outcome.allowed)).toEqual([true, true, false, true]);
    });

    it("refuses where the gate is not there, or its certificate is another's", async () => {
      const change = { operation: "CREATE", resource: "pods", object: podOf(signed.image) };
      const other = world.authority.issue("other", "DNS:other.daochain.svc");
      await world.serve({ certificate: { from: "files", cert: other.certificate, key: other.key } });
      const [outcome] = await admit([], [change]);
      expect(outcome).toMatchObject({ allowed: false, code: 500 });
      expect(outcome?.message).toContain("failed calling webhook");
      await world.serve();
      expect((await admit([], [change]))[0]).toMatchObject({ allowed: true });
    });
  },
);
