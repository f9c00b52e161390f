import { X509Certificate } from "node:crypto";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { connect } from "node:tls";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { KubernetesApi } from "../../../src/gates/kubernetes/api.ts";
import {
  formatGenerations,
  type Generation,
  parseGenerations,
  planCertificates,
  withGeneration,
} from "../../../src/gates/kubernetes/certificate-rotation.ts";
import { CertificateSecret } from "../../../src/gates/kubernetes/certificate-secret.ts";
import { certificateTime, makeCertificate } from "../../../src/gates/kubernetes/make-certificate.ts";
import type { ServingCertificate } from "../../../src/gates/kubernetes/serving-certificate.ts";
import { codeOf } from "../../support/errors.ts";
import { FakeKubernetesApi } from "../../support/fake-kubernetes-api.ts";

const day = 86_400;
const now = Math.floor(Date.now() / 1000);
const name = "daochain-gate.daochain.svc";
const make = async (made: number): Promise<Generation> => ({
  made,
  ...(await makeCertificate([name], made)),
});

/** Whether a client that trusts these authorities takes a server's certificate. */
async function isTaken({ cert, key }: ServingCertificate, ca: string, servername = name): Promise<boolean> {
  const server = createServer({ cert, key });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await new Promise((resolve) => {
      const socket = connect({ port, host: "127.0.0.1", ca, servername }, () => {
        socket.destroy();
        resolve(true);
      });
      socket.on("error", () => resolve(false));
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const until = (what: () => boolean | Promise<boolean>) => vi.waitUntil(what, { timeout: 15_000 });

/** Whether one of these authorities signed a certificate, whenever it holds. */
function isSigned({ cert }: ServingCertificate, bundle: string): boolean {
  const authorities = bundle.match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g) ?? [];
  return authorities.some((ca) => new X509Certificate(cert).verify(new X509Certificate(ca).publicKey));
}

describe("a certificate that the gate makes", () => {
  it("is for its name alone, and trusted by its own authority alone", async () => {
    const [one, other] = await Promise.all([make(now), make(now)]);
    expect(await isTaken(one, one.ca)).toBe(true);
    expect(await isTaken(one, `${other.ca}${one.ca}`)).toBe(true);
    expect(await isTaken(one, other.ca)).toBe(false);
    expect(await isTaken(one, one.ca, "other.daochain.svc")).toBe(false);
    const [own, authority] = [new X509Certificate(one.cert), new X509Certificate(one.ca)];
    expect([own.ca, authority.ca]).toEqual([false, true]);
    expect(own.subjectAltName).toBe(`DNS:${name}`);
    expect(own.serialNumber).not.toBe(new X509Certificate(other.cert).serialNumber);
    expect(Date.parse(own.validTo) / 1000).toBe(now + certificateTime);
  });
});

describe("the plan for certificates", () => {
  const all = () => true;

  it("serves the only one at once, and a later one when API servers know it", async () => {
    const [first, second] = [await make(now - 300 * day), await make(now)];
    expect(planCertificates([], now, all)).toMatchObject({ isDue: true, served: undefined });
    expect(planCertificates([first], now - 300 * day, () => false)).toMatchObject({
      isDue: false,
      served: first,
    });
    expect(planCertificates([first], now, all)).toMatchObject({ isDue: true, served: first });
    const both = withGeneration([first], second);
    expect(planCertificates(both, now, all)).toMatchObject({ isDue: false, served: first });
    expect(planCertificates(both, now + 700, all)).toMatchObject({ isDue: false, served: second });
    expect(planCertificates(both, now + 700, (ca) => ca === first.ca).served).toEqual(first);
    // One that has ended is no better than one that is not known yet.
    expect(planCertificates(both, now + 100 * day, (ca) => ca === first.ca).served).toEqual(second);
    const { bundle } = planCertificates(both, now, all);
    expect(await isTaken(first, bundle)).toBe(true);
    expect(await isTaken(second, bundle)).toBe(true);
  });

  it("heals after a clock that was wrong", async () => {
    const good = await make(now);
    const late = await make(now + 4000 * day);
    const both = withGeneration([good], late);
    expect(planCertificates(both, now, all)).toMatchObject({ isDue: false, served: good });
    expect(planCertificates([late], now, all)).toMatchObject({ isDue: true, served: undefined });
    expect(planCertificates([good], now - 10 * day, all)).toMatchObject({ isDue: true, served: undefined });
  });

  it("reads back what it wrote, and nothing else", async () => {
    const some = [await make(now), await make(now + 1)];
    expect(parseGenerations(formatGenerations(some))).toEqual(some);
    for (const text of ["", "x", "{}", "[1]", "[{}]", '[{"made":1,"ca":"x","cert":"x","key":"x"}]']) {
      expect(parseGenerations(text)).toEqual([]);
    }
    let many: Generation[] = [];
    for (let made = 0; made < 9; made++) many = withGeneration(many, { ...some[0], made } as Generation);
    expect(many.map(({ made }) => made)).toEqual([5, 6, 7, 8]);
  });
});

describe("certificates in a Secret", () => {
  let fake: FakeKubernetesApi;
  let clock: number;
  const open: CertificateSecret[] = [];
  const troubles: unknown[] = [];
  const changes: ServingCertificate[] = [];
  const secret = "/api/v1/namespaces/daochain/secrets/tls";
  const validating = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/gate";
  const mutating = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/gate";
  const configuration = (kind: string) => {
    const webhook = (own: string, service: string) => ({
      name: own,
      clientConfig: { service: { name: service, namespace: "daochain", path: "/validate" } },
    });
    const webhooks = [webhook("others.io", "other"), webhook("gate.io", "daochain-gate")];
    return { apiVersion: "admissionregistration.k8s.io/v1", kind, metadata: { name: "gate" }, webhooks };
  };
  const start = async (): Promise<CertificateSecret> => {
    const source = await CertificateSecret.open({
      api: new KubernetesApi(fake.options),
      secret: "tls",
      service: "daochain-gate",
      webhook: "gate",
      interval: 20,
      clock: () => clock,
      onChange: (certificate) => changes.push(certificate),
      onTrouble: (trouble) => troubles.push(trouble),
    });
    open.push(source);
    return source;
  };
  const bundleOf = (path: string, at = 1): string => {
    const webhooks = fake.objects.get(path)?.["webhooks"] as { clientConfig: { caBundle?: string } }[];
    return Buffer.from(webhooks[at]?.clientConfig.caBundle ?? "", "base64").toString();
  };

  beforeEach(async () => {
    fake = await FakeKubernetesApi.start();
    fake.put(secret, { apiVersion: "v1", kind: "Secret", metadata: { name: "tls" }, type: "Opaque" });
    fake.put(validating, configuration("ValidatingWebhookConfiguration"));
    fake.put(mutating, configuration("MutatingWebhookConfiguration"));
    clock = now;
    troubles.length = 0;
    changes.length = 0;
  });
  afterEach(async () => {
    for (const source of open.splice(0)) await source.close();
    await fake[Symbol.asyncDispose]();
  });

  it("are made once for all processes, and trusted by the gate's own webhooks alone", async () => {
    const sources = await Promise.all([start(), start(), start()]);
    const first = sources[0]?.current ?? { cert: "", key: "" };
    await until(() => sources.every(({ current }) => current.cert === first.cert));
    for (const path of [validating, mutating]) {
      await until(() => bundleOf(path) !== "");
      expect(await isTaken(first, bundleOf(path))).toBe(true);
      expect(bundleOf(path, 0)).toBe("");
    }
    expect(fake.requests.filter((request) => request.startsWith("PUT"))).not.toHaveLength(0);
    expect(troubles).toEqual([]);
  });

  it("are renewed with both trusted, and the new one is served when that is known", async () => {
    const source = await start();
    const first = source.current;
    clock += 300 * day;
    await until(() => (bundleOf(validating).match(/BEGIN/g) ?? []).length === 2);
    expect(source.current).toEqual(first);
    expect(await isTaken(first, bundleOf(validating))).toBe(true);
    clock += 700;
    await until(() => changes.length === 1);
    expect(source.current).not.toEqual(first);
    expect(changes[0]).toEqual(source.current);
    expect(isSigned(source.current, bundleOf(mutating))).toBe(true);
    expect(troubles).toEqual([]);
  });

  it("are not changed for one that API servers cannot be told of", async () => {
    const source = await start();
    const first = source.current;
    fake.refuse = (method) => (method === "PATCH" ? 403 : undefined);
    clock += 300 * day;
    await until(() => troubles.length === 1);
    clock += 10 * day;
    const asked = fake.requests.length;
    await until(() => fake.requests.length > asked + 10);
    expect(source.current).toEqual(first);
    fake.refuse = () => undefined;
    await until(() => changes.length === 1);
    expect(troubles.at(-1)).toBeUndefined();
  });

  it("go on while the API is away, with another token, and after the Secret or the bundle was lost", async () => {
    const source = await start();
    const first = source.current;
    fake.refuse = () => 500;
    await until(() => troubles.length === 1);
    expect(source.current).toEqual(first);
    fake.refuse = () => undefined;
    fake.token = "second";
    await until(() => troubles.length > 1 && troubles.at(-1) === undefined);
    fake.put(validating, configuration("ValidatingWebhookConfiguration"));
    await until(() => bundleOf(validating) !== "");
    fake.put(secret, {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "tls" },
      data: { other: "eA==" },
    });
    await until(() => changes.length === 1);
    await until(async () => isTaken(source.current, bundleOf(validating)));
    expect(fake.objects.get(secret)?.["data"]).toMatchObject({ other: "eA==" });
  });

  it("are not made without a Secret, and nothing secret is told of", async () => {
    fake.objects.delete(secret);
    expect(await codeOf(start)).toBe("KUBERNETES_SECRET_MISSING");
    fake.refuse = () => 401;
    await expect(start()).rejects.not.toThrow(/first/);
  });
});
