import { isIPv4 } from "node:net";
import { failure } from "../../errors.ts";
import type { Environment } from "./options.ts";

/** A registry, and how it may be spoken to. */
export interface RegistryHost {
  /** as references have it: "docker.io", "registry.acme.io:5000" */
  readonly name: string;
  /** where it answers, as host[:port] */
  readonly authority: string;
  /** the names that its credentials may stand under in Docker's configuration, the usual one first */
  readonly credentialKeys: readonly string[];
  readonly isLoopback: boolean;
  /** whether plain HTTP will do where it does not speak TLS */
  readonly mayBePlain: boolean;
}

const HUB = "docker.io";

/**
 * The registry of a repository, and the repository's path in it.
 * @param repository canonical, "docker.io/library/alpine"
 * @param environment `DAOCHAIN_INSECURE_REGISTRIES` names registries that may be spoken to by plain HTTP, as host[:port], separated by commas
 * @throws REFERENCE_INVALID
 */
export function registryOf(
  repository: string,
  environment: Environment,
): { readonly host: RegistryHost; readonly path: string } {
  const slash = repository.indexOf("/");
  return {
    host: toRegistryHost(repository.slice(0, slash), environment),
    path: repository.slice(slash + 1),
  };
}

/** @throws REFERENCE_INVALID */
export function toRegistryHost(name: string, environment: Environment): RegistryHost {
  if (name === HUB) {
    return {
      name,
      authority: "registry-1.docker.io",
      credentialKeys: ["https://index.docker.io/v1/", "index.docker.io", HUB, "registry-1.docker.io"],
      isLoopback: false,
      mayBePlain: false,
    };
  }
  // What the port of the other scheme is must not be lost: new URL drops it.
  const url = `https://${name}`;
  if (!URL.canParse(url) || !URL.canParse(`http://${name}`)) {
    throw failure("REGISTRY_HOST_INVALID", { host: JSON.stringify(name) });
  }
  const loopback = isLoopback(new URL(url).hostname);
  const insecure = (environment["DAOCHAIN_INSECURE_REGISTRIES"] ?? "")
    .split(",")
    .map((entry) => entry.trim().toLowerCase());
  return {
    name,
    authority: name,
    credentialKeys: [name],
    isLoopback: loopback,
    mayBePlain: loopback || insecure.includes(name.toLowerCase()),
  };
}

/** @param hostname as URL has it: addresses normalised, IPv6 in brackets */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === "localhost" || hostname === "[::1]" || (isIPv4(hostname) && hostname.startsWith("127."))
  );
}
