import { setTimeout as sleep } from "node:timers/promises";
import { failure } from "../../errors.ts";
import { type JsonObject, toObject } from "../../json.ts";
import { isConflict, type KubernetesApi } from "./api.ts";
import {
  formatGenerations,
  type Generation,
  parseGenerations,
  planCertificates,
  withGeneration,
} from "./certificate-rotation.ts";
import { makeCertificate } from "./make-certificate.ts";
import type { CertificateSource, ServingCertificate } from "./serving-certificate.ts";

/** Milliseconds between two looks at the Secret and the webhooks' configurations. */
const usualInterval = 30_000;
/** How often the Secret is read anew where another process changed it in between. */
const maxTries = 5;
const secretKey = "certificates.json";
const bundleKey = "ca.crt";
const configurations = ["validatingwebhookconfigurations", "mutatingwebhookconfigurations"] as const;

export interface CertificateSecretOptions {
  readonly api: KubernetesApi;
  /** the Secret's name; it must be there, and may be empty */
  readonly secret: string;
  /** the Service by which API servers reach the gate */
  readonly service: string;
  /** name of the configurations, of either kind, whose webhooks are to trust the certificate */
  readonly webhook: string;
  /** milliseconds between two looks */
  readonly interval?: number | undefined;
  /** in seconds since 1970 */
  readonly clock?: (() => number) | undefined;
  readonly onChange: (certificate: ServingCertificate) => void;
  /** is told what keeps certificates from being renewed or trusted, once, and that nothing does any more (undefined) */
  readonly onTrouble?: ((trouble: unknown) => void) | undefined;
}

/**
 * Certificates that the gate makes and renews itself: they lie in a Secret that all its processes share, and API servers are told to trust
 * them by the webhooks' own configurations. One is served only once they had the time to learn of it.
 */
export class CertificateSecret implements CertificateSource {
  readonly #options: CertificateSecretOptions;
  readonly #namespace: string;
  readonly #closing = new AbortController();
  #current: Generation | undefined;
  /** authorities that API servers were told to trust */
  #trusted = "";
  #trouble: string | undefined;
  #watching: Promise<void> = Promise.resolve();

  private constructor(options: CertificateSecretOptions, namespace: string) {
    this.#options = options;
    this.#namespace = namespace;
  }

  /** @throws FILE_UNREADABLE where there is no Secret, or the API cannot be asked for it */
  static async open(options: CertificateSecretOptions): Promise<CertificateSecret> {
    const source = new CertificateSecret(options, await options.api.namespace());
    const generations = await source.#generations();
    await source.#take(generations);
    source.#watching = source.#watch();
    return source;
  }

  get current(): ServingCertificate {
    if (this.#current === undefined) throw new Error("There is no certificate yet.");
    const { cert, key } = this.#current;
    return { cert, key };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#watching;
  }

  async #watch(): Promise<void> {
    const { signal } = this.#closing;
    for (;;) {
      await sleep(this.#options.interval ?? usualInterval, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      await this.#generations().then(
        (generations) => this.#take(generations),
        (error: unknown) => this.#report(error),
      );
    }
  }

  /** Has API servers trust what is there, and serves the one that is due. */
  async #take(generations: readonly Generation[]): Promise<void> {
    let trouble: unknown;
    try {
      this.#trusted = await this.#haveTrusted(generations);
    } catch (error) {
      trouble = error;
    }
    const isTrusted = (ca: string): boolean => this.#trusted.includes(ca.trim());
    const { served } = planCertificates(generations, this.#now(), isTrusted);
    if (served !== undefined && served.cert !== this.#current?.cert) {
      const isFirst = this.#current === undefined;
      this.#current = served;
      if (!isFirst) this.#options.onChange(this.current);
    }
    this.#report(trouble);
  }

  #report(trouble: unknown): void {
    if (this.#closing.signal.aborted) return;
    const message = trouble instanceof Error ? trouble.message : trouble && String(trouble);
    if (message !== this.#trouble) this.#options.onTrouble?.(trouble);
    this.#trouble = message as string | undefined;
  }

  #now(): number {
    return this.#options.clock?.() ?? Math.floor(Date.now() / 1000);
  }

  /** What the Secret holds, with a new one where that is due. */
  async #generations(): Promise<readonly Generation[]> {
    const { api, secret, service } = this.#options;
    const path = `/api/v1/namespaces/${this.#namespace}/secrets/${secret}`;
    const { signal } = this.#closing;
    for (let tries = 1; ; tries++) {
      const object = await api.call(path, signal);
      if (object === undefined) {
        throw failure("KUBERNETES_SECRET_MISSING", { secret, namespace: this.#namespace });
      }
      const generations = readSecret(object);
      const now = this.#now();
      if (!planCertificates(generations, now, () => true).isDue) return generations;
      const names = [`${service}.${this.#namespace}.svc`, `${service}.${this.#namespace}`];
      const more = withGeneration(generations, { made: now, ...(await makeCertificate(names, now)) });
      const { bundle } = planCertificates(more, now, () => true);
      const data = {
        ...toObject(object["data"] ?? {}, "Secret"),
        [secretKey]: base64(formatGenerations(more)),
        [bundleKey]: base64(bundle),
      };
      try {
        // It carries the version that was read: whoever was quicker is not undone.
        await api.call(path, signal, { method: "PUT", body: { ...object, data } });
        return more;
      } catch (error) {
        if (!isConflict(error) || tries === maxTries) throw error;
      }
    }
  }

  /**
   * Writes the authorities into the configurations that are there, where others stand.
   * @returns what all of them trust now
   */
  async #haveTrusted(generations: readonly Generation[]): Promise<string> {
    const { api, webhook } = this.#options;
    const { bundle } = planCertificates(generations, this.#now(), () => true);
    for (const kind of configurations) {
      const path = `/apis/admissionregistration.k8s.io/v1/${kind}/${webhook}`;
      const object = await api.call(path, this.#closing.signal);
      const operations = object === undefined ? [] : this.#changes(object, base64(bundle));
      if (operations.length > 0)
        await api.call(path, this.#closing.signal, { method: "PATCH", body: operations });
    }
    return bundle;
  }

  #changes(configuration: JsonObject, bundle: string): object[] {
    const { webhooks } = configuration;
    const list: readonly unknown[] = Array.isArray(webhooks) ? webhooks : [];
    return list.flatMap((value, at) => {
      const { name, clientConfig } = toObject(value, "webhook");
      const { service, caBundle } = toObject(clientConfig ?? {}, "webhook");
      const reached = toObject(service ?? {}, "webhook");
      const isOurs = reached["name"] === this.#options.service && reached["namespace"] === this.#namespace;
      if (!isOurs || caBundle === bundle) return [];
      const path = `/webhooks/${at}`;
      return [
        { op: "test", path: `${path}/name`, value: name },
        { op: "add", path: `${path}/clientConfig/caBundle`, value: bundle },
      ];
    });
  }
}

function readSecret(object: JsonObject): Generation[] {
  const data = toObject(object["data"] ?? {}, "Secret");
  const text = data[secretKey];
  return typeof text === "string" ? parseGenerations(Buffer.from(text, "base64").toString()) : [];
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
