import type { RegistryOptions } from "../../image/registry/options.ts";
import { say } from "../../messages/message.ts";
import { GateRuntime, type GateRuntimeOptions, type ServedGate } from "../gate-runtime.ts";
import { type ApiOptions, KubernetesApi } from "./api.ts";
import { CertificateFiles } from "./certificate-files.ts";
import { CertificateSecret } from "./certificate-secret.ts";
import { KubernetesGate } from "./gate.ts";
import { ImageCache } from "./image-cache.ts";
import { ReviewMetrics } from "./review-metrics.ts";
import { AdmissionServer } from "./server.ts";
import { type CertificateSource, checkCertificate, type ServingCertificate } from "./serving-certificate.ts";

/** Where the certificate that is served comes from. */
export type CertificateStart =
  /** files that somebody else renews */
  | { readonly from: "files"; readonly cert: string; readonly key: string; readonly interval?: number }
  /** a Secret in which the gate keeps those that it makes */
  | {
      readonly from: "secret";
      readonly api: ApiOptions;
      readonly secret: string;
      /** the Service by which API servers reach the gate */
      readonly service: string;
      /** name of the webhooks' configurations */
      readonly webhook: string;
      readonly interval?: number;
    };

export interface KubernetesGateStart extends GateRuntimeOptions {
  /** where API servers ask */
  readonly host: string;
  /** 0: any that is free */
  readonly port: number;
  readonly certificate: CertificateStart;
  /** refuse images that are named by a tag alone */
  readonly requireDigest: boolean;
  /** seconds for which it is remembered what a tag stands for */
  readonly tagCache: number;
  readonly registry?: RegistryOptions | undefined;
  /** is told what keeps a new certificate from being served, and that nothing does any more (undefined) */
  readonly onCertificateTrouble?: ((trouble: unknown) => void) | undefined;
}

export interface ServedKubernetesGate extends ServedGate {
  /** where it listens */
  readonly host: string;
  readonly port: number;
}

/**
 * Serves the admission webhook of Kubernetes API servers, until it is closed. It refuses everything that would run until the registry was read.
 * @throws INDEX_FAILED, GATE_ADDRESS_UNAVAILABLE where the certificate cannot be served or the address not be listened at, NO_SPACE
 */
export async function serveKubernetesGate(start: KubernetesGateStart): Promise<ServedKubernetesGate> {
  const runtime = new GateRuntime(start);
  const facts = new ImageCache({ registry: start.registry, tagTime: start.tagCache * 1000 });
  const metrics = new ReviewMetrics();
  const gate = new KubernetesGate(runtime, facts, start);
  let certificates: CertificateSource | undefined;
  let server: AdmissionServer | undefined;
  const close = async (): Promise<void> => {
    await server?.close();
    await certificates?.close();
    facts.close();
    await runtime.close();
  };
  try {
    let ends: number | undefined;
    const serve = (certificate: ServingCertificate): void => {
      const until = checkCertificate(certificate, say("gates-certificate"));
      server?.setCertificate(certificate);
      ends = until;
    };
    certificates = await openCertificates(start, serve);
    server = new AdmissionServer(
      {
        judge: (review, webhook, deadline) => gate.judge(review, webhook, deadline),
        metrics: () => runtime.metrics() + metrics.format(ends),
        isReady: () => runtime.status.isReady,
        answered: (webhook, outcome, seconds) => metrics.count(webhook, outcome, seconds),
      },
      certificates.current,
    );
    serve(certificates.current);
    const { host, port } = await server.listen(start.host, start.port);
    runtime.follow();
    return {
      host,
      port,
      get status() {
        return runtime.status;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function openCertificates(
  { certificate, onCertificateTrouble: onTrouble }: KubernetesGateStart,
  onChange: (certificate: ServingCertificate) => void,
): Promise<CertificateSource> {
  if (certificate.from === "files") return CertificateFiles.open({ ...certificate, onChange, onTrouble });
  const api = new KubernetesApi(certificate.api);
  return CertificateSecret.open({ ...certificate, api, onChange, onTrouble });
}
