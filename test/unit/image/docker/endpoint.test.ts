import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { isDaoChainError } from "../../../../src/errors.ts";
import {
  type DockerEndpoint,
  dockerEnvironment,
  resolveDockerEndpoint,
} from "../../../../src/image/docker/endpoint.ts";
import { testDirectory } from "../../../support/images.ts";

type Environment = Record<string, string>;

/** A Docker configuration directory with the files given. */
async function configuration(files: Record<string, string> = {}): Promise<string> {
  const directory = await testDirectory();
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), text);
  }
  return directory;
}

async function resolve(
  environment: Environment,
  files: Record<string, string> = {},
  host?: string,
): Promise<DockerEndpoint> {
  const directory = await configuration(files);
  return resolveDockerEndpoint({ host, environment: { DOCKER_CONFIG: directory, ...environment } });
}

async function codeFor(...parameters: Parameters<typeof resolve>): Promise<string> {
  return resolve(...parameters).then(
    () => "no error",
    (error: unknown) => (isDaoChainError(error) ? error.code : String(error)),
  );
}

const id = createHash("sha256").update("far").digest("hex");
const meta = (docker: object) => ({
  [`contexts/meta/${id}/meta.json`]: JSON.stringify({ Endpoints: { docker } }),
});
const pems = (at: string) => ({ [`${at}ca.pem`]: "CA", [`${at}cert.pem`]: "CERT", [`${at}key.pem`]: "KEY" });

describe("resolveDockerEndpoint", () => {
  it("takes the host given before DOCKER_HOST, and that before contexts", async () => {
    const files = { "config.json": '{"currentContext":"far"}', ...meta({ Host: "unix:///far" }) };
    const environment = { DOCKER_HOST: "unix:///env" };
    expect((await resolve(environment, files, "unix:///given")).socketPath).toBe("/given");
    expect((await resolve(environment, files)).socketPath).toBe("/env");
    expect((await resolve({}, files)).socketPath).toBe("/far");
    expect((await resolve({ DOCKER_CONTEXT: "default" }, files)).socketPath).toBe("/var/run/docker.sock");
    expect((await resolve({})).socketPath).toBe("/var/run/docker.sock");
    expect((await resolve({ DOCKER_CONTEXT: "far" }, meta({ Host: "unix:///far" }))).socketPath).toBe("/far");
  });

  it("reads tcp and ssh addresses", async () => {
    expect(await resolve({ DOCKER_HOST: "tcp://10.0.0.1" })).toMatchObject({
      protocol: "http",
      host: "10.0.0.1",
      port: "2375",
    });
    expect(await resolve({ DOCKER_HOST: "10.0.0.1:99" })).toMatchObject({ protocol: "http", port: "99" });
    expect(await resolve({ DOCKER_HOST: "tcp://[::1]:99" })).toMatchObject({ host: "::1", port: "99" });
    expect(await resolve({ DOCKER_HOST: "ssh://me@host" })).toMatchObject({
      protocol: "ssh",
      host: "host",
      username: "me",
      port: undefined,
    });
  });

  it("uses TLS when DOCKER_TLS_VERIFY or the context's certificates say so", async () => {
    const tls = { ca: "CA", cert: "CERT", key: "KEY" };
    const environment = { DOCKER_HOST: "tcp://h", DOCKER_TLS_VERIFY: "1" };
    expect(await resolve(environment, pems(""))).toMatchObject({ protocol: "https", port: "2376", tls });
    const elsewhere = { ...environment, DOCKER_CERT_PATH: await configuration(pems("")) };
    expect(await resolve(elsewhere)).toMatchObject({ protocol: "https", tls });
    expect(await codeFor(environment)).toBe("DOCKER_SETTINGS_INVALID");
    const files = { ...meta({ Host: "tcp://far:1" }), ...pems(`contexts/tls/${id}/docker/`) };
    expect(await resolve({ DOCKER_CONTEXT: "far" }, files)).toMatchObject({
      protocol: "https",
      port: "1",
      tls,
    });
  });

  it("gives the docker command an environment in which it finds the same daemon, whatever the configuration says later", async () => {
    const directory = await configuration({
      ...meta({ Host: "tcp://far:1" }),
      ...pems(`contexts/tls/${id}/docker/`),
    });
    const environment = { DOCKER_CONFIG: directory, DOCKER_CONTEXT: "far", DOCKER_TLS: "1", OTHER: "x" };
    const given = dockerEnvironment({ environment });
    expect(given).toEqual({
      DOCKER_CONFIG: directory,
      DOCKER_HOST: "tcp://far:1",
      DOCKER_TLS_VERIFY: "1",
      DOCKER_CERT_PATH: join(directory, "contexts", "tls", id, "docker"),
      OTHER: "x",
    });
    expect(resolveDockerEndpoint({ environment: given })).toEqual(resolveDockerEndpoint({ environment }));
    expect(dockerEnvironment({ environment: { DOCKER_CONFIG: await configuration() } })).toMatchObject({
      DOCKER_HOST: "unix:///var/run/docker.sock",
      DOCKER_TLS_VERIFY: undefined,
    });
  });

  it.each<[Environment, Record<string, string>]>([
    [{ DOCKER_HOST: "ftp://x" }, {}],
    [{ DOCKER_HOST: "tcp://" }, {}],
    [{ DOCKER_HOST: "tcp://me:secret@x" }, {}],
    [{ DOCKER_HOST: "tcp://x/path" }, {}],
    [{ DOCKER_HOST: "unix://" }, {}],
    [{ DOCKER_CONTEXT: "far" }, {}],
    [{ DOCKER_CONTEXT: "far" }, meta({})],
    [{ DOCKER_CONTEXT: "far" }, meta({ Host: "tcp://x", SkipTLSVerify: true })],
    [{}, { "config.json": "{" }],
    [{}, { "config.json": '{"currentContext":5}' }],
  ])("refuses %j with %j", async (environment, files) => {
    expect(await codeFor(environment, files)).toBe("DOCKER_SETTINGS_INVALID");
  });
});
