import { setTimeout as sleep } from "node:timers/promises";
import { failure } from "../../errors.ts";
import { readSmallFile } from "../../files.ts";
import { say } from "../../messages/message.ts";
import { type CertificateSource, checkCertificate, type ServingCertificate } from "./serving-certificate.ts";

/** Milliseconds between two looks at the files. */
const usualInterval = 10_000;

export interface CertificateFilesOptions {
  readonly cert: string;
  readonly key: string;
  /** milliseconds between two looks at the files */
  readonly interval?: number | undefined;
  readonly onChange: (certificate: ServingCertificate) => void;
  /** is told what keeps a changed certificate from being served, once, and that nothing does any more (undefined) */
  readonly onTrouble?: ((trouble: unknown) => void) | undefined;
}

/** A certificate in files that somebody else renews, such as a mounted Secret. The last one that was whole is served. */
export class CertificateFiles implements CertificateSource {
  readonly #options: CertificateFilesOptions;
  readonly #closing = new AbortController();
  #current: ServingCertificate;
  #trouble: string | undefined;
  #watching: Promise<void>;

  private constructor(options: CertificateFilesOptions, current: ServingCertificate) {
    this.#options = options;
    this.#current = current;
    this.#watching = this.#watch();
  }

  /** @throws CERTIFICATE_FILE_MISSING, CERTIFICATE_NOT_OF_KEY, CERTIFICATE_ENDED, FILE_UNREADABLE */
  static async open(options: CertificateFilesOptions): Promise<CertificateFiles> {
    const certificate = await read(options);
    checkCertificate(certificate, say("certificate-of", { file: options.cert }));
    return new CertificateFiles(options, certificate);
  }

  get current(): ServingCertificate {
    return this.#current;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#watching;
  }

  async #watch(): Promise<void> {
    const { signal } = this.#closing;
    const { interval = usualInterval, cert, onChange, onTrouble } = this.#options;
    for (;;) {
      await sleep(interval, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      try {
        // The two may be of different ages while somebody writes them: they do not belong together then.
        const found = await read(this.#options);
        if (found.cert !== this.#current.cert || found.key !== this.#current.key) {
          checkCertificate(found, say("certificate-of", { file: cert }));
          onChange(found);
          this.#current = found;
        }
        if (this.#trouble !== undefined) onTrouble?.(undefined);
        this.#trouble = undefined;
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        if (message !== this.#trouble) onTrouble?.(error);
        this.#trouble = message;
      }
    }
  }
}

async function read({ cert, key }: CertificateFilesOptions): Promise<ServingCertificate> {
  const [certText, keyText] = await Promise.all([readSmallFile(cert), readSmallFile(key)]);
  if (certText === undefined || keyText === undefined)
    throw failure("CERTIFICATE_FILE_MISSING", { file: certText === undefined ? cert : key });
  return { cert: certText, key: keyText };
}
