import { join } from "node:path";
import { failure } from "../../errors.ts";
import { readSmallFile } from "../../files.ts";
import { askCredentialHelper } from "./credential-helper.ts";
import { type RegistryHost, toRegistryHost } from "./host.ts";
import { defaultTiming, dockerDirectory, type Environment, type RegistryOptions } from "./options.ts";

/** What Docker's configuration holds for a registry. Never to be shown. */
export interface RegistryCredential {
  /** the key that it is kept under: "https://index.docker.io/v1/" for Docker Hub, else the registry's host */
  readonly serverAddress: string;
  /** empty where there is an identity token */
  readonly username: string;
  readonly password: string;
  /** an OAuth2 refresh token, in the place of a password */
  readonly identityToken: string | undefined;
}

/**
 * The credentials that the docker command would use for a registry: DOCKER_AUTH_CONFIG, else the credential helper or store that
 * `config.json` names, else what stands in `config.json` itself.
 * @param registry a host as references have it: "docker.io", "registry.acme.io:5000"
 * @returns undefined where there are none
 * @throws CREDENTIAL_HELPER_FAILED, REFERENCE_INVALID, CANCELLED
 */
export async function registryCredentials(
  registry: string,
  options: RegistryOptions & { readonly signal?: AbortSignal | undefined } = {},
): Promise<RegistryCredential | undefined> {
  const environment = options.environment ?? process.env;
  const host = toRegistryHost(registry, environment);
  const given = environment["DOCKER_AUTH_CONFIG"];
  if (given) {
    const found = fromAuths(parse(given, "DOCKER_AUTH_CONFIG"), host, "DOCKER_AUTH_CONFIG");
    if (found !== undefined) return found;
  }
  const path = join(dockerDirectory(environment), "config.json");
  const text = await readSmallFile(path, 4 << 20);
  if (text === undefined) return undefined;
  const configuration = parse(text, path);
  const helper = helperFor(configuration, host);
  if (helper === undefined) return fromAuths(configuration, host, path);
  return fromHelper(helper.name, helper.key, {
    environment,
    time: options.timing?.helper ?? defaultTiming.helper,
    signal: options.signal,
  });
}

function helperFor(configuration: unknown, host: RegistryHost): { name: string; key: string } | undefined {
  const [usual = host.name] = host.credentialKeys;
  const helpers = get(configuration, "credHelpers");
  for (const key of host.credentialKeys) {
    const name = get(helpers, key);
    if (typeof name === "string" && name !== "") return { name, key: usual };
  }
  const store = get(configuration, "credsStore");
  return typeof store === "string" && store !== "" ? { name: store, key: usual } : undefined;
}

async function fromHelper(
  name: string,
  serverAddress: string,
  options: {
    readonly environment: Environment;
    readonly time: number;
    readonly signal: AbortSignal | undefined;
  },
): Promise<RegistryCredential | undefined> {
  const answer = await askCredentialHelper(name, serverAddress, options);
  if (answer === undefined) return undefined;
  // The helpers' protocol: this name says that the secret is a token.
  return answer.username === "<token>"
    ? { serverAddress, username: "", password: "", identityToken: answer.secret }
    : { serverAddress, username: answer.username, password: answer.secret, identityToken: undefined };
}

function fromAuths(
  configuration: unknown,
  host: RegistryHost,
  source: string,
): RegistryCredential | undefined {
  const auths = get(configuration, "auths");
  if (typeof auths !== "object" || auths === null) return undefined;
  const [serverAddress = host.name] = host.credentialKeys;
  const key =
    host.credentialKeys.find((name) => Object.hasOwn(auths, name)) ??
    Object.keys(auths).find((name) => host.credentialKeys.includes(hostOf(name)));
  const entry = key === undefined ? undefined : get(auths, key);
  const token = get(entry, "identitytoken");
  if (typeof token === "string" && token !== "") {
    return { serverAddress, username: "", password: "", identityToken: token };
  }
  const [username, password] = userAndPassword(entry, host, source);
  return username === "" ? undefined : { serverAddress, username, password, identityToken: undefined };
}

function userAndPassword(
  entry: unknown,
  host: RegistryHost,
  source: string,
): [username: string, password: string] {
  const auth = get(entry, "auth");
  if (typeof auth !== "string" || auth === "") {
    const [username, password] = [get(entry, "username"), get(entry, "password")];
    return typeof username === "string" && typeof password === "string" ? [username, password] : ["", ""];
  }
  const text = Buffer.from(auth, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon > 0) return [text.slice(0, colon), text.slice(colon + 1).replace(/\0+$/, "")];
  throw failure("CREDENTIALS_INVALID", { source, registry: host.name });
}

/** "https://registry.acme.io/v2/" was a key of old, and means the host. */
function hostOf(key: string): string {
  return key.replace(/^https?:\/\//, "").replace(/\/.*$/s, "");
}

function parse(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own words would repeat a part of the text.
    throw failure("CREDENTIALS_NOT_JSON", { source });
  }
}

function get(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
