import { DaoChainError, failure } from "../../errors.ts";
import { type Message, say } from "../../messages/message.ts";
import { discard, readDocument } from "./body.ts";
import { type Challenge, parseChallenges } from "./challenge.ts";
import { type RegistryCredential, registryCredentials } from "./credentials.ts";
import { registryFailed, Transient, toConnectionFailure } from "./failure.ts";
import { isLoopback, type RegistryHost } from "./host.ts";
import type { RegistryOptions, RegistryTiming } from "./options.ts";
import { parseRetryAfter } from "./retries.ts";
import { parseToken } from "./token.ts";
import type { HttpAnswer, HttpTransport } from "./transport.ts";

const TOKEN_ANSWER_LIMIT = 1 << 20;
/** How long before its end a token is renewed, in milliseconds. */
const MARGIN = 5_000;

interface Token {
  readonly header: string;
  readonly expires: number;
}

/** Where tokens come from, as a registry's challenge says. */
interface TokenServer {
  readonly realm: URL;
  readonly service: string | undefined;
  readonly scope: string;
}

/** What opens one repository of a registry: nothing until it asks, then a password or tokens, renewed when they expire. */
export class Authorizer {
  readonly #host: RegistryHost;
  readonly #path: string;
  readonly #transport: HttpTransport;
  readonly #timing: RegistryTiming;
  readonly #options: RegistryOptions;
  readonly #signal: AbortSignal | undefined;
  #basic: string | undefined;
  #server: TokenServer | undefined;
  #token: Token | undefined;
  #fetching: Promise<Token> | undefined;
  #credential: Promise<RegistryCredential | undefined> | undefined;
  #helperFailure: DaoChainError | undefined;

  constructor(settings: {
    readonly host: RegistryHost;
    readonly path: string;
    readonly transport: HttpTransport;
    readonly timing: RegistryTiming;
    readonly options: RegistryOptions;
    readonly signal: AbortSignal | undefined;
  }) {
    this.#host = settings.host;
    this.#path = settings.path;
    this.#transport = settings.transport;
    this.#timing = settings.timing;
    this.#options = settings.options;
    this.#signal = settings.signal;
  }

  /**
   * The Authorization header to send; undefined while the registry has not asked for one.
   * @throws Transient, REGISTRY_DENIED, REGISTRY_FAILED, REGISTRY_UNREACHABLE, CREDENTIAL_HELPER_FAILED, CANCELLED
   */
  async header(): Promise<string | undefined> {
    const server = this.#server;
    if (server === undefined) return this.#basic;
    if (this.#token === undefined || performance.now() >= this.#token.expires) {
      this.#fetching ??= this.#fetchToken(server).finally(() => {
        this.#fetching = undefined;
      });
      this.#token = await this.#fetching;
    }
    return this.#token.header;
  }

  /**
   * Takes in that the registry said 401.
   * @param sent the header that it said so to
   * @returns whether another header is worth a try
   * @throws REGISTRY_FAILED, CREDENTIAL_HELPER_FAILED, CANCELLED
   */
  async challenged(answer: HttpAnswer, sent: string | undefined): Promise<boolean> {
    const challenges = parseChallenges(answer.headers["www-authenticate"]);
    const bearer = challenges.find(({ scheme }) => scheme === "bearer");
    if (bearer !== undefined) {
      const isPlain = answer.url.protocol === "http:";
      this.#server = toTokenServer(bearer, this.#host, this.#path, isPlain);
      // Several requests may have been out with the token that has expired; the first to learn of it lets it go.
      if (this.#token?.header === sent) this.#token = undefined;
      return true;
    }
    if (!challenges.some(({ scheme }) => scheme === "basic")) {
      throw registryFailed(this.#host.name, say("registry-login-unknown"));
    }
    const credential = await this.#credentials();
    const isPassword = credential !== undefined && credential.identityToken === undefined;
    this.#basic = isPassword ? basicHeader(credential) : undefined;
    return this.#basic !== sent;
  }

  /** That the registry lets nobody in, or not this user. */
  async denied(status: number): Promise<DaoChainError> {
    const { name } = this.#host;
    const helper = this.#helperFailure;
    const known = (await this.#credentials()) !== undefined;
    const whom = known ? say("to-this-user") : say("without-login");
    const advice =
      helper === undefined
        ? say("advice-login", { registry: name })
        : say("advice-helper-login", { error: helper, registry: name });
    return failure(
      "REGISTRY_DENIED",
      { registry: name, path: this.#path, whom, status },
      { advice, cause: helper },
    );
  }

  /** Without a helper's answer, what everyone may read can still be read; its failure is told where that does not do. */
  #credentials(): Promise<RegistryCredential | undefined> {
    this.#credential ??= registryCredentials(this.#host.name, {
      ...this.#options,
      signal: this.#signal,
    }).catch((error: unknown) => {
      if (!(error instanceof DaoChainError) || error.outcome !== "usage") throw error;
      this.#helperFailure = error;
      return undefined;
    });
    return this.#credential;
  }

  async #fetchToken(server: TokenServer): Promise<Token> {
    const credential = await this.#credentials();
    const began = performance.now();
    const answer = await this.#askForToken(server, credential);
    const { status } = answer;
    const at = `${this.#host.name}'s token server ${server.realm.host}`;
    if (status === 401 || status === 403) {
      await discard(answer);
      throw await this.denied(status);
    }
    if (status !== 200) {
      await discard(answer);
      const refused = registryFailed(at, say("registry-no-token", { status }));
      throw isPassing(status)
        ? new Transient(refused, parseRetryAfter(answer.headers["retry-after"], Date.now()))
        : refused;
    }
    const bytes = await readDocument(answer, at, this.#timing, TOKEN_ANSWER_LIMIT);
    const token = bytes === undefined ? undefined : parseToken(bytes.toString("utf8"));
    if (token === undefined) throw registryFailed(at, say("registry-token-unusable"));
    return { header: `Bearer ${token.text}`, expires: began + Math.max(token.life - MARGIN, 0) };
  }

  async #askForToken(
    { realm, service, scope }: TokenServer,
    credential: RegistryCredential | undefined,
  ): Promise<HttpAnswer> {
    const signal = this.#signal;
    const fields = new URLSearchParams({ scope, client_id: "daochain" });
    if (service !== undefined) fields.set("service", service);
    try {
      if (credential?.identityToken !== undefined) {
        fields.set("grant_type", "refresh_token");
        fields.set("refresh_token", credential.identityToken);
        const headers = { "content-type": "application/x-www-form-urlencoded" };
        return await this.#transport.send(realm, {
          method: "POST",
          headers,
          body: fields.toString(),
          signal,
        });
      }
      const url = new URL(realm);
      for (const [name, value] of fields) url.searchParams.set(name, value);
      const headers = credential === undefined ? {} : { authorization: basicHeader(credential) };
      return await this.#transport.send(url, { headers, signal });
    } catch (error) {
      throw toConnectionFailure(error, realm.host);
    }
  }
}

/** Statuses that say "not now" rather than "no". */
export function isPassing(status: number): boolean {
  return [408, 429, 500, 502, 503, 504].includes(status);
}

function basicHeader({ username, password }: RegistryCredential): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

/** The token server of a challenge. Credentials go there, so it must be one that nobody listens in on. */
function toTokenServer(
  { parameters }: Challenge,
  host: RegistryHost,
  path: string,
  isPlain: boolean,
): TokenServer {
  const realm = parameters.get("realm") ?? "";
  const failed = (what: Message) => registryFailed(host.name, what);
  if (!URL.canParse(realm)) throw failed(say("registry-realm-no-url"));
  const url = new URL(realm);
  const isNear = host.isLoopback && isLoopback(url.hostname);
  // A registry that one has accepted without TLS may keep its tokens beside it.
  const isBeside = isPlain && host.mayBePlain && url.host === new URL(`http://${host.authority}`).host;
  if (url.protocol !== "https:" && !(url.protocol === "http:" && (isNear || isBeside))) {
    throw failed(say("registry-realm-plain"));
  }
  if (url.username !== "" || url.password !== "" || url.hash !== "") {
    throw failed(say("registry-realm-odd"));
  }
  return { realm: url, service: parameters.get("service"), scope: toScope(parameters.get("scope"), path) };
}

/** What the registry asks for, but never more than to pull. */
function toScope(asked: string | undefined, path: string): string {
  const usual = `repository:${path}:pull`;
  if (asked === undefined || asked === "" || !/^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/.test(asked)) return usual;
  return asked
    .split(" ")
    .map((one) => (one.startsWith("repository") ? one.replace(/:[^:/]*$/, ":pull") : one))
    .join(" ");
}
