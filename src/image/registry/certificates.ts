import { readdir } from "node:fs/promises";
import { join } from "node:path";
import * as tls from "node:tls";
import { failure, systemErrorCode } from "../../errors.ts";
import { readSmallFile, systemReason } from "../../files.ts";
import { say } from "../../messages/message.ts";
import { dockerDirectory, type Environment } from "./options.ts";

/** Certificates for one host, as `tls.connect` takes them. */
export interface HostCertificates {
  /** authorities, with the usual ones; undefined: the usual ones alone */
  readonly ca: readonly string[] | undefined;
  readonly cert: readonly string[];
  readonly key: readonly string[];
}

/**
 * What Docker's directories of certificates hold for a host: authorities in `*.crt`, client certificates in `*.cert` with their `*.key`.
 * @param names of the host, each host[:port]
 * @throws CERTIFICATES_UNREADABLE, CLIENT_CERTIFICATE_WITHOUT_KEY
 */
export async function readCertificates(
  names: readonly string[],
  environment: Environment,
): Promise<HostCertificates> {
  const roots = ["/etc/docker/certs.d", join(dockerDirectory(environment), "certs.d")];
  const found = { ca: [] as string[], cert: [] as string[], key: [] as string[] };
  for (const root of roots) {
    for (const name of new Set(names)) {
      // A name from a redirect comes from outside.
      if (/^[a-zA-Z0-9[]/.test(name) && !/[/\\]/.test(name)) await collect(join(root, name), found);
    }
  }
  return { ...found, ca: found.ca.length === 0 ? undefined : [...(await usualAuthorities()), ...found.ca] };
}

async function collect(
  directory: string,
  found: { ca: string[]; cert: string[]; key: string[] },
): Promise<void> {
  const files = await list(directory);
  for (const file of files) {
    const path = join(directory, file);
    if (file.endsWith(".crt")) found.ca.push(await read(path));
    if (!file.endsWith(".cert")) continue;
    const key = file.replace(/cert$/, "key");
    if (!files.includes(key)) {
      throw failure("CLIENT_CERTIFICATE_WITHOUT_KEY", { path, key });
    }
    found.cert.push(await read(path));
    found.key.push(await read(join(directory, key)));
  }
}

async function list(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).sort();
  } catch (cause) {
    const code = systemErrorCode(cause);
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw failure("CERTIFICATES_UNREADABLE", { path: directory, reason: systemReason(cause) }, { cause });
  }
}

async function read(path: string): Promise<string> {
  const text = await readSmallFile(path);
  if (text !== undefined) return text;
  throw failure("CERTIFICATES_UNREADABLE", { path, reason: say("no-such-directory") });
}

/** Authorities of one's own take the place of the usual ones in TLS, so these are given along. */
async function usualAuthorities(): Promise<readonly string[]> {
  // Node has this since 22.15.
  if (typeof tls.getCACertificates === "function") return tls.getCACertificates("default");
  const extra = process.env["NODE_EXTRA_CA_CERTS"];
  const text = extra ? await readSmallFile(extra, 16 << 20) : undefined;
  return text === undefined ? tls.rootCertificates : [...tls.rootCertificates, text];
}
