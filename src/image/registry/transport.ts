import type { Readable } from "node:stream";
import type { Dispatcher, Pool } from "undici";
import { failure, systemErrorCode } from "../../errors.ts";
import { readCertificates } from "./certificates.ts";
import { isLoopback } from "./host.ts";
import type { Environment, RegistryTiming } from "./options.ts";

/** An answer whose body is still to come. */
export interface HttpAnswer {
  readonly url: URL;
  readonly status: number;
  /** by name in lower case; of a header that came twice, both with a comma between */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Readable;
}

/** One HTTP request after the other or several at a time, through proxies, with the certificates that each host needs. */
export class HttpTransport {
  readonly #environment: Environment;
  readonly #timing: RegistryTiming;
  readonly #aliases: ReadonlyMap<string, string>;
  readonly #dispatchers = new Map<string, Promise<Dispatcher>>();

  /** @param aliases other names of hosts, whose certificates are theirs too */
  constructor(environment: Environment, timing: RegistryTiming, aliases: ReadonlyMap<string, string>) {
    this.#environment = environment;
    this.#timing = timing;
    this.#aliases = aliases;
  }

  /**
   * Sends a request, and gives the answer as it comes: no redirect is followed, nothing is decoded.
   * @throws PROXY_INVALID, and what the system says
   */
  async send(
    url: URL,
    options: {
      readonly method?: "GET" | "POST";
      readonly headers: Readonly<Record<string, string>>;
      readonly body?: string;
      readonly signal: AbortSignal | undefined;
    },
  ): Promise<HttpAnswer> {
    const { request } = await import("undici");
    const { signal } = options;
    signal?.throwIfAborted();
    const dispatcher = await this.#dispatcherFor(url);
    // The library minds neither its limits nor a signal while a proxy does not answer.
    const stop = new AbortController();
    const late = () => stop.abort(new Late());
    const cancel = () => stop.abort(signal?.reason);
    const timer = setTimeout(late, this.#timing.connect + this.#timing.headers);
    signal?.addEventListener("abort", cancel);
    if (signal?.aborted) cancel();
    const sent = request(url, {
      dispatcher,
      method: options.method ?? "GET",
      headers: { "user-agent": "daochain", "accept-encoding": "identity", ...options.headers },
      ...(options.body === undefined ? {} : { body: options.body }),
      signal: stop.signal,
      headersTimeout: this.#timing.headers,
      bodyTimeout: this.#timing.idle,
    });
    try {
      const { statusCode, headers, body } = await Promise.race([sent, aborted(stop.signal)]);
      // An error after the body was given up has nobody to go to.
      body.on("error", () => {});
      body.once("close", () => signal?.removeEventListener("abort", cancel));
      const joined = Object.entries(headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(", ") : value,
      ]);
      return { url, status: statusCode, headers: Object.fromEntries(joined), body };
    } catch (error) {
      signal?.removeEventListener("abort", cancel);
      sent.then(({ body }) => body.destroy()).catch(() => {});
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  async close(): Promise<void> {
    const dispatchers = await Promise.allSettled(this.#dispatchers.values());
    await Promise.allSettled(
      dispatchers.map((result) => (result.status === "fulfilled" ? result.value.destroy() : undefined)),
    );
  }

  #dispatcherFor(url: URL): Promise<Dispatcher> {
    let dispatcher = this.#dispatchers.get(url.origin);
    if (dispatcher === undefined) {
      dispatcher = this.#makeDispatcher(url);
      this.#dispatchers.set(url.origin, dispatcher);
    }
    return dispatcher;
  }

  async #makeDispatcher(url: URL): Promise<Dispatcher> {
    const { Agent, EnvHttpProxyAgent, Pool: ProxyPool } = await import("undici");
    const timeout = this.#timing.connect;
    const tls =
      url.protocol === "https:"
        ? await readCertificates([url.host, this.#aliases.get(url.host) ?? url.host], this.#environment)
        : undefined;
    const connect = {
      timeout,
      ...(tls?.ca === undefined ? {} : { ca: [...tls.ca] }),
      ...(tls === undefined || tls.cert.length === 0 ? {} : { cert: [...tls.cert], key: [...tls.key] }),
    };
    if (isLoopback(url.hostname)) return new Agent({ connect });
    const proxy = this.#proxy(url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY");
    return new EnvHttpProxyAgent({
      connect,
      requestTls: connect,
      proxyTls: { timeout },
      // Of proxies for plain HTTP, few tunnel to its port.
      proxyTunnel: false,
      httpProxy: proxy,
      httpsProxy: proxy,
      noProxy: this.#variable("NO_PROXY"),
      clientFactory: (origin, settings) => settleConnects(new ProxyPool(origin, settings)),
    });
  }

  #variable(name: string): string {
    return this.#environment[name.toLowerCase()] || this.#environment[name] || "";
  }

  /** Empty for none; as with curl and Go, a proxy without a scheme speaks HTTP. */
  #proxy(name: string): string {
    const value = this.#variable(name);
    if (value === "") return "";
    const url = value.includes("://") ? value : `http://${value}`;
    if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url;
    // The value is not repeated: it may hold a password.
    throw failure("PROXY_INVALID", { name });
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

class Late extends Error {
  readonly code = "UND_ERR_HEADERS_TIMEOUT";
}

/** The library connects anew, at once and without end, where a proxy hangs up on it: it must not know an end of that kind. */
function settleConnects(pool: Pool): Pool {
  const connect = pool.connect.bind(pool) as (
    options: Dispatcher.ConnectOptions,
  ) => Promise<Dispatcher.ConnectData>;
  const settled = (options: Dispatcher.ConnectOptions) =>
    connect(options).catch((cause: unknown) => {
      throw systemErrorCode(cause) === "UND_ERR_SOCKET" ? new HungUp({ cause }) : cause;
    });
  return Object.assign(pool, { connect: settled });
}

class HungUp extends Error {
  readonly code = "ECONNRESET";

  constructor(options: ErrorOptions) {
    super("The proxy hung up.", options);
  }
}
