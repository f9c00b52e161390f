import type { CertificateStart } from "../../src/internal.ts";
import * as library from "../../src/internal.ts";
import type { Context } from "../context.ts";
import { sanitizeLine } from "../output/sanitize.ts";
import { enforcementStart, type GateOptions, saidOf, serveUntilStopped } from "./gate.ts";

export interface KubernetesGateOptions extends GateOptions {
  readonly listen: { readonly host: string; readonly port: number };
  readonly cert?: string;
  readonly key?: string;
  readonly certSecret?: string;
  readonly service: string;
  readonly webhook: string;
  readonly requireDigest?: boolean;
  /** seconds */
  readonly tagCache: number;
}

/** Serves the admission webhooks of a Kubernetes cluster until it is stopped. */
export async function serveKubernetes(context: Context, options: KubernetesGateOptions): Promise<number> {
  const { gate: words } = context.words;
  const certificate = certificateStart(context, options);
  const gate = await library.serveKubernetesGate({
    ...(await enforcementStart(context, "kubernetes", options)),
    ...options.listen,
    certificate,
    requireDigest: options.requireDigest === true,
    tagCache: options.tagCache,
    registry: { environment: context.env },
    onCertificateTrouble: (trouble) =>
      context.note(
        trouble === undefined
          ? words.certificateGood
          : sanitizeLine(words.certificateTrouble(saidOf(context, trouble))),
      ),
  });
  const host = gate.host.includes(":") ? `[${gate.host}]` : gate.host;
  return serveUntilStopped(context, gate, `https://${host}:${gate.port}`);
}

/** @throws GATE_CERTIFICATE_NOT_GIVEN, GATE_CERTIFICATE_GIVEN_TWICE, GATE_OUTSIDE_CLUSTER */
function certificateStart({ env }: Context, options: KubernetesGateOptions): CertificateStart {
  const { cert, key, certSecret: secret, service, webhook } = options;
  if (secret === undefined) {
    if (cert === undefined || key === undefined) throw library.failure("GATE_CERTIFICATE_NOT_GIVEN");
    return { from: "files", cert, key };
  }
  if (cert !== undefined || key !== undefined) throw library.failure("GATE_CERTIFICATE_GIVEN_TWICE");
  const api = library.apiOfPod(env);
  if (api === undefined) throw library.failure("GATE_OUTSIDE_CLUSTER");
  return { from: "secret", api, secret, service, webhook };
}
