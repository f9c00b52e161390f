import type { Digest } from "../../digest/digest.ts";
import { type DaoChainError, failure, systemErrorCode } from "../../errors.ts";
import { JSON_LIMIT } from "../../json.ts";
import { type Message, say } from "../../messages/message.ts";
import { indexTypes, manifestTypes } from "../oci/documents.ts";
import type { NamedReference } from "../reference.ts";
import { Authorizer, isPassing } from "./authorizer.ts";
import { discard, readBody, readDocument } from "./body.ts";
import { mayLackTls, registryFailed, Transient, toConnectionFailure } from "./failure.ts";
import { type RegistryHost, registryOf } from "./host.ts";
import { defaultTiming, type RegistryOptions, type RegistryTiming } from "./options.ts";
import { parseRetryAfter, Retries } from "./retries.ts";
import { type HttpAnswer, HttpTransport } from "./transport.ts";

const REDIRECTS = 5;
/** Bytes that must have come before a download that broke off counts its tries anew. */
const PROGRESS = 1 << 20;
const known: readonly string[] = [...indexTypes, ...manifestTypes];

/** A manifest as a registry served it. */
export interface ServedManifest {
  /** Content-Type without parameters, in lower case; empty where there is none */
  readonly mediaType: string;
  /** Docker-Content-Digest */
  readonly claimedDigest: string | undefined;
  readonly bytes: Buffer;
}

/** One repository of a registry, over the distribution API (OCI distribution-spec 1.1, "Pull"). */
export class RegistryClient {
  readonly host: RegistryHost;
  readonly #path: string;
  readonly #timing: RegistryTiming;
  readonly #transport: HttpTransport;
  readonly #authorizer: Authorizer;
  readonly #signal: AbortSignal | undefined;
  #origin: string;
  #hasAnswered = false;

  /** @throws REFERENCE_INVALID */
  constructor(
    { repository }: Pick<NamedReference, "repository">,
    options: RegistryOptions,
    signal: AbortSignal | undefined,
  ) {
    const environment = options.environment ?? process.env;
    const { host, path } = registryOf(repository, environment);
    const timing = { ...defaultTiming, ...options.timing };
    this.host = host;
    this.#path = path;
    this.#timing = timing;
    this.#signal = signal;
    this.#origin = new URL(`https://${host.authority}`).origin;
    this.#transport = new HttpTransport(environment, timing, new Map([[host.authority, host.name]]));
    this.#authorizer = new Authorizer({ host, path, transport: this.#transport, timing, options, signal });
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  /**
   * @param reference a tag or a digest
   * @param mediaType as an index lists it, where that may be one that images do not have
   * @returns undefined where the registry has no such manifest
   * @throws REGISTRY_UNREACHABLE, REGISTRY_FAILED, REGISTRY_DENIED, REGISTRY_MANIFEST_TOO_LARGE, CREDENTIAL_HELPER_FAILED, CANCELLED
   */
  manifest(reference: string, mediaType = ""): Promise<ServedManifest | undefined> {
    const isOther = /^[\w.+-]{1,100}\/[\w.+-]{1,100}$/.test(mediaType) && !known.includes(mediaType);
    const accept = [...known, ...(isOther ? [mediaType] : [])].join(", ");
    return new Retries(this.#timing, this.#signal).run(async () => {
      const answer = await this.#get(`manifests/${reference}`, { accept });
      if (answer.status === 404) {
        await discard(answer);
        return undefined;
      }
      const { headers } = answer;
      const encoding = headers["content-encoding"] ?? "identity";
      if (answer.status !== 200 || encoding !== "identity") {
        answer.body.destroy();
        throw this.#failure(
          answer.status === 200
            ? say("registry-manifest-encoded", { encoding: shown(encoding) })
            : say("registry-manifest-status", { status: answer.status }),
        );
      }
      const bytes = await readDocument(answer, this.host.name, this.#timing, JSON_LIMIT);
      if (bytes === undefined) {
        throw failure("REGISTRY_MANIFEST_TOO_LARGE", { registry: this.host.name, limit: JSON_LIMIT });
      }
      return {
        mediaType: (headers["content-type"] ?? "").replace(/;.*$/s, "").trim().toLowerCase(),
        claimedDigest: headers["docker-content-digest"],
        bytes,
      };
    });
  }

  /**
   * Reads a blob. A download that breaks off goes on where it ended.
   * @param size in bytes, as its descriptor says; of a longer blob, one byte more is read
   * @param take the next bytes, of which none is given twice
   * @returns false where the registry has no such blob
   * @throws REGISTRY_UNREACHABLE, REGISTRY_FAILED, REGISTRY_DENIED, CREDENTIAL_HELPER_FAILED, CANCELLED, and what `take` throws
   */
  blob(digest: Digest, size: number, take: (piece: Buffer) => Promise<void> | undefined): Promise<boolean> {
    const retries = new Retries(this.#timing, this.#signal);
    let offset = 0;
    let counted = 0;
    return retries.run(async () => {
      const answer = await this.#get(`blobs/${digest}`, offset === 0 ? {} : { range: `bytes=${offset}-` });
      if (answer.status === 404 && offset === 0) {
        await discard(answer);
        return false;
      }
      let skip = this.#bytesBefore(answer, offset);
      const begun = offset;
      try {
        await readBody(answer, this.host.name, this.#timing, (piece) => {
          const rest = piece.subarray(skip, skip + size + 1 - offset);
          skip -= Math.min(skip, piece.length);
          if (rest.length === 0) return undefined;
          offset += rest.length;
          const taken = take(rest);
          return offset > size ? (taken ?? false) : taken;
        });
      } catch (error) {
        if (!(error instanceof Transient)) throw error;
        // All of it came before the connection went.
        if (offset >= size) return true;
        // A server that keeps a connection open and sends nothing at all is not asked again.
        if (offset === begun && systemErrorCode(error.failure) === "UND_ERR_BODY_TIMEOUT")
          throw error.failure;
        if (offset - counted >= PROGRESS) {
          counted = offset;
          retries.progressed();
        }
        throw error;
      }
      if (skip > 0 || (offset < size && !isFramed(answer))) {
        throw new Transient(this.#failure(say("registry-broke-off")));
      }
      return true;
    });
  }

  /** How many bytes of a blob's answer are already there. */
  #bytesBefore(answer: HttpAnswer, offset: number): number {
    if (answer.status === 200) return offset;
    const range = /^bytes (\d{1,16})-\d{1,16}\/(?:\d{1,16}|\*)$/.exec(answer.headers["content-range"] ?? "");
    if (answer.status === 206 && offset > 0 && Number(range?.[1] ?? Number.NaN) === offset) return 0;
    answer.body.destroy();
    throw this.#failure(
      say(offset > 0 ? "registry-blob-status-within" : "registry-blob-status", { status: answer.status }),
    );
  }

  /** An answer with status 200, 206, 404 or another that is the caller's to judge. */
  async #get(path: string, headers: Readonly<Record<string, string>>): Promise<HttpAnswer> {
    for (let tries = 1; ; tries++) {
      const authorization = await this.#authorizer.header();
      const { answer, isOwn } = await this.#follow(path, headers, authorization);
      const { status } = answer;
      if (status === 401 && isOwn) {
        await discard(answer);
        // Nothing sent, then a first token, then one in the place of a token that has expired.
        if (tries < 3 && (await this.#authorizer.challenged(answer, authorization))) continue;
      }
      if (status === 401 || status === 403) {
        answer.body.destroy();
        throw await this.#authorizer.denied(status);
      }
      if (!isPassing(status)) return answer;
      const wait = parseRetryAfter(answer.headers["retry-after"], Date.now());
      await discard(answer);
      const what = status === 429 ? say("registry-too-often") : say("registry-status", { status });
      throw new Transient(this.#failure(what), wait);
    }
  }

  /** Follows redirects by hand: what opens the registry is shown to nobody else, and TLS is never left. */
  async #follow(
    path: string,
    headers: Readonly<Record<string, string>>,
    authorization: string | undefined,
  ): Promise<{ answer: HttpAnswer; isOwn: boolean }> {
    let answer = await this.#begin(path, {
      ...headers,
      ...(authorization === undefined ? {} : { authorization }),
    });
    let isOwn = true;
    for (let redirects = 0; [301, 302, 303, 307, 308].includes(answer.status); redirects++) {
      await discard(answer);
      const url = this.#target(answer);
      if (redirects === REDIRECTS) throw this.#failure(say("registry-redirects", { limit: REDIRECTS }));
      isOwn &&= url.origin === this.#origin;
      answer = await this.#transport
        .send(url, {
          headers: { ...headers, ...(isOwn && authorization !== undefined ? { authorization } : {}) },
          signal: this.#signal,
        })
        .catch((error: unknown) => {
          throw this.#connectionFailure(error, url.host);
        });
    }
    return { answer, isOwn };
  }

  #target(answer: HttpAnswer): URL {
    const location = answer.headers["location"] ?? "";
    if (location === "" || !URL.canParse(location, answer.url.href))
      throw this.#failure(say("registry-redirects-nowhere"));
    const url = new URL(location, answer.url);
    const isSafe = url.protocol === "https:" || (url.protocol === "http:" && answer.url.protocol === "http:");
    if (!isSafe) throw this.#failure(say("registry-redirects-plain"));
    if (url.username !== "" || url.password !== "") throw this.#failure(say("registry-redirects-password"));
    return url;
  }

  async #begin(path: string, headers: Readonly<Record<string, string>>): Promise<HttpAnswer> {
    const send = () =>
      this.#transport.send(new URL(`/v2/${this.#path}/${path}`, this.#origin), {
        headers,
        signal: this.#signal,
      });
    try {
      const answer = await send().catch((error: unknown) => {
        // Once it has answered, a failure is no reason to do without TLS.
        if (this.#hasAnswered || !this.host.mayBePlain || !mayLackTls(error)) throw error;
        this.#origin = new URL(`http://${this.host.authority}`).origin;
        return send();
      });
      this.#hasAnswered = true;
      return answer;
    } catch (error) {
      throw this.#connectionFailure(error, this.host.name);
    }
  }

  #connectionFailure(error: unknown, host: string): unknown {
    return this.#signal?.aborted ? error : toConnectionFailure(error, host);
  }

  #failure(what: Message): DaoChainError {
    return registryFailed(this.host.name, what);
  }
}

/** Whether an answer's end is told from a connection's: otherwise one that was cut looks whole. */
function isFramed({ headers }: HttpAnswer): boolean {
  return headers["content-length"] !== undefined || headers["transfer-encoding"] !== undefined;
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 60));
}
