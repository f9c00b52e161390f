import type { CertificateStart } from "../../src/index.ts";
import * as library from "../../src/index.ts";
import type { Context } from "../context.ts";
import { sanitizeLine } from "../output/sanitize.ts";
import { enforcementStart, type GateOptions, serveUntilStopped } from "./gate.ts";

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
          ? "The certificates are in order again."
          : sanitizeLine(`The certificates: ${trouble instanceof Error ? trouble.message : trouble}`),
      ),
  });
  const host = gate.host.includes(":") ? `[${gate.host}]` : gate.host;
  return serveUntilStopped(context, gate, `https://${host}:${gate.port}`);
}

/** @throws USAGE where it is not said, or said twice, where the certificate is */
function certificateStart({ env }: Context, options: KubernetesGateOptions): CertificateStart {
  const { cert, key, certSecret: secret, service, webhook } = options;
  if (secret === undefined && cert !== undefined && key !== undefined) return { from: "files", cert, key };
  if (secret === undefined || cert !== undefined || key !== undefined) {
    throw new library.DaoChainError("USAGE", "An API server asks over TLS: the gate needs a certificate.", {
      hint: "Give --cert FILE and --key FILE, or in a cluster --cert-secret NAME.",
    });
  }
  const api = library.apiOfPod(env);
  if (api === undefined) {
    throw new library.DaoChainError("USAGE", "--cert-secret is for a gate that runs in the cluster.", {
      hint: "Elsewhere, give --cert FILE and --key FILE.",
    });
  }
  return { from: "secret", api, secret, service, webhook };
}
