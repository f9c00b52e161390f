import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { type DaoChainError, failure, systemErrorCode } from "../../errors.ts";
import { type Message, say } from "../../messages/message.ts";

/** Which Docker daemon to ask. */
export interface DockerOptions {
  /** `unix://`, `npipe://`, `tcp://` or `ssh://` address; undefined: DOCKER_HOST, else the Docker context, else the usual socket */
  readonly host?: string | undefined;
  /** environment variables to go by instead of the process's own */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
}

/** Where a daemon listens, and how to speak to it. */
export interface DockerEndpoint {
  /** as it was configured */
  readonly address: string;
  readonly protocol: "http" | "https" | "ssh";
  readonly socketPath: string | undefined;
  readonly host: string | undefined;
  readonly port: string | undefined;
  readonly username: string | undefined;
  readonly tls: { readonly ca: string; readonly cert: string; readonly key: string } | undefined;
  /** the directory that the TLS files were read from */
  readonly certificates: string | undefined;
}

function invalid(reason: Message, cause?: unknown): DaoChainError {
  return failure("DOCKER_SETTINGS_INVALID", { reason }, { cause });
}

/**
 * The daemon that the docker command would speak to: the host given, else DOCKER_HOST, else DOCKER_CONTEXT, else the current context of
 * the Docker configuration, else the usual local socket.
 * @throws DOCKER_SETTINGS_INVALID
 */
export function resolveDockerEndpoint(options: DockerOptions = {}): DockerEndpoint {
  const environment = options.environment ?? process.env;
  const directory = environment["DOCKER_CONFIG"] || join(homedir(), ".docker");
  const host = options.host || environment["DOCKER_HOST"];
  if (host) {
    const certificates = environment["DOCKER_CERT_PATH"] || directory;
    return toEndpoint(host, environment["DOCKER_TLS_VERIFY"] ? certificates : undefined);
  }
  const context = environment["DOCKER_CONTEXT"] || currentContext(directory);
  if (context !== undefined && context !== "default") return contextEndpoint(directory, context);
  return toEndpoint(
    process.platform === "win32" ? "npipe:////./pipe/docker_engine" : "unix:///var/run/docker.sock",
    undefined,
  );
}

function currentContext(directory: string): string | undefined {
  const path = join(directory, "config.json");
  const context = get(readJson(path), "currentContext");
  if (context === undefined || context === "") return undefined;
  if (typeof context !== "string") throw invalid(say("docker-context-no-name", { path }));
  return context;
}

function contextEndpoint(directory: string, context: string): DockerEndpoint {
  const id = createHash("sha256").update(context).digest("hex");
  const path = join(directory, "contexts", "meta", id, "meta.json");
  const docker = get(get(readJson(path), "Endpoints"), "docker");
  const host = get(docker, "Host");
  if (typeof host !== "string" || host === "")
    throw invalid(say("docker-context-no-engine", { context: JSON.stringify(context) }));
  if (get(docker, "SkipTLSVerify") === true) {
    throw invalid(say("docker-context-skips-tls", { context: JSON.stringify(context) }));
  }
  const certificates = join(directory, "contexts", "tls", id, "docker");
  return toEndpoint(host, readText(join(certificates, "ca.pem")) === undefined ? undefined : certificates);
}

function toEndpoint(address: string, certificates: string | undefined): DockerEndpoint {
  const none = {
    socketPath: undefined,
    host: undefined,
    port: undefined,
    username: undefined,
    tls: undefined,
    certificates: undefined,
  };
  const path = /^(?:unix|npipe):\/\/(.+)$/.exec(address)?.[1];
  if (path !== undefined) return { ...none, address, protocol: "http", socketPath: path };
  let url: URL;
  try {
    url = new URL(address.includes("://") ? address : `tcp://${address}`);
  } catch (cause) {
    throw invalid(say("docker-address-invalid", { address: JSON.stringify(address) }), cause);
  }
  if (url.password !== "") throw invalid(say("docker-address-password"));
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const username = url.username === "" ? undefined : decodeURIComponent(url.username);
  const port = url.port === "" ? undefined : url.port;
  const at = { ...none, address, host, username };
  if (host === "" || url.search !== "" || url.hash !== "" || !/^\/?$/.test(url.pathname)) {
    throw invalid(say("docker-address-invalid", { address: JSON.stringify(address) }));
  }
  // Without a port, ssh's own configuration has the say.
  if (url.protocol === "ssh:") return { ...at, protocol: "ssh", port };
  if (url.protocol !== "tcp:" && url.protocol !== "http:" && url.protocol !== "https:") {
    throw invalid(say("docker-protocol", { protocol: url.protocol }));
  }
  if (certificates === undefined) {
    return { ...at, protocol: url.protocol === "https:" ? "https" : "http", port: port ?? "2375" };
  }
  const pem = (name: string) => {
    const text = readText(join(certificates, name));
    if (text === undefined)
      throw invalid(say("docker-certificate-missing", { name, directory: certificates }));
    return text;
  };
  const tls = { ca: pem("ca.pem"), cert: pem("cert.pem"), key: pem("key.pem") };
  return { ...at, protocol: "https", port: port ?? "2376", tls, certificates };
}

/**
 * The environment in which the docker command speaks to the daemon that `resolveDockerEndpoint` finds now, whatever becomes of the
 * Docker configuration meanwhile.
 * @throws DOCKER_SETTINGS_INVALID
 */
export function dockerEnvironment(options: DockerOptions = {}): Readonly<Record<string, string | undefined>> {
  const { address, certificates } = resolveDockerEndpoint(options);
  return {
    ...(options.environment ?? process.env),
    DOCKER_HOST: address,
    DOCKER_CONTEXT: undefined,
    DOCKER_TLS: undefined,
    DOCKER_TLS_VERIFY: certificates === undefined ? undefined : "1",
    ...(certificates === undefined ? {} : { DOCKER_CERT_PATH: certificates }),
  };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const code = systemErrorCode(cause);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw invalid(say("docker-file-unreadable", { path }), cause);
  }
}

function readJson(path: string): unknown {
  const text = readText(path);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(say("docker-file-not-json", { path }), cause);
  }
}

function get(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
