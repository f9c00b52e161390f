import { chmod, mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";
import { registryCredentials } from "../../../../src/image/registry/credentials.ts";
import { failureOf } from "../../../support/errors.ts";
import { testDirectory } from "../../../support/images.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const host = "registry.acme.io:5000";
const known = { serverAddress: host, username: "ann", password: "pa:ss", identityToken: undefined };

/** A Docker configuration of the test's own, with helpers on the PATH; what the process would find there. */
async function docker(configuration: unknown, helpers: Record<string, string> = {}) {
  const directory = await testDirectory();
  const text = typeof configuration === "string" ? configuration : JSON.stringify(configuration);
  await writeFile(join(directory, "config.json"), text);
  for (const [name, script] of Object.entries(helpers)) {
    const path = join(directory, `docker-credential-${name}`);
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
  }
  return {
    environment: {
      DOCKER_CONFIG: directory,
      PATH: `${directory}${delimiter}${process.env["PATH"]}`,
    },
    directory,
  };
}

describe("credentials of a registry", () => {
  it.each([
    ["its name", { [host]: { auth: base64("ann:pa:ss") } }],
    ["its address", { [`https://${host}`]: { auth: base64("ann:pa:ss") } }],
    ["its address with a path", { [`http://${host}/v1/`]: { auth: base64("ann:pa:ss\0\0") } }],
    ["user and password", { [host]: { username: "ann", password: "pa:ss" } }],
    [
      "its name before another form of it",
      { [`https://${host}/v2/`]: { auth: base64("x:y") }, [host]: { auth: base64("ann:pa:ss") } },
    ],
  ])("stand in config.json under %s", async (_how, auths) => {
    const { environment } = await docker({ auths });
    expect(await registryCredentials(host, { environment })).toEqual(known);
    expect(await registryCredentials("registry.acme.io", { environment })).toBeUndefined();
    expect(await registryCredentials("other.io", { environment })).toBeUndefined();
  });

  it("of Docker Hub stand under its old address", async () => {
    const { environment } = await docker({
      auths: { "https://index.docker.io/v1/": { auth: base64("ann:x") } },
    });
    expect(await registryCredentials("docker.io", { environment })).toMatchObject({
      serverAddress: "https://index.docker.io/v1/",
      username: "ann",
    });
  });

  it("may be an identity token", async () => {
    const { environment } = await docker({
      auths: { [host]: { auth: base64("<token>:"), identitytoken: "tok" } },
    });
    expect(await registryCredentials(host, { environment })).toMatchObject({
      username: "",
      identityToken: "tok",
    });
  });

  it("come from DOCKER_AUTH_CONFIG first", async () => {
    const { environment } = await docker({ auths: { [host]: { auth: base64("file:x") } } });
    const DOCKER_AUTH_CONFIG = JSON.stringify({ auths: { [host]: { auth: base64("ann:pa:ss") } } });
    const both = { environment: { ...environment, DOCKER_AUTH_CONFIG } };
    expect(await registryCredentials(host, both)).toEqual(known);
    const other = JSON.stringify({ auths: { "other.io": { auth: base64("a:b") } } });
    const elsewhere = { environment: { ...environment, DOCKER_AUTH_CONFIG: other } };
    expect(await registryCredentials(host, elsewhere)).toMatchObject({ username: "file" });
  });

  it("are none where nothing is configured", async () => {
    expect(
      await registryCredentials(host, { environment: { DOCKER_CONFIG: "/nonexistent" } }),
    ).toBeUndefined();
    for (const configuration of [{}, { auths: {} }, { auths: { [host]: {} } }, { auths: null }]) {
      const { environment } = await docker(configuration);
      expect(await registryCredentials(host, { environment })).toBeUndefined();
    }
  });

  it.each([
    ["no JSON", "CREDENTIALS_NOT_JSON", '{"auths": {"registry.acme.io:5000": {"auth": "c2VjcmV0"'],
    ["no user and password", "CREDENTIALS_INVALID", { auths: { [host]: { auth: base64("secret") } } }],
  ])("that are %s are refused, and not repeated", async (_what, code, configuration) => {
    const { environment } = await docker(configuration);
    const failure = await failureOf(() => registryCredentials(host, { environment }));
    expect(failure.code).toBe(code);
    expect(`${failure.message} ${failure.hint} ${String(failure.cause)}`).not.toMatch(/c2VjcmV0|: secret/);
  });

  it("that stand in a device are not waited for", async () => {
    const directory = await testDirectory();
    await mkdir(join(directory, "config.json"));
    const failure = await failureOf(() =>
      registryCredentials(host, { environment: { DOCKER_CONFIG: directory } }),
    );
    expect(failure.code).toBe("FILE_NOT_REGULAR");
  });
});

describe("a credential helper", () => {
  const answer = `read server; printf '{"ServerURL":"%s","Username":"ann","Secret":"pa:ss"}' "$server"`;

  it("is asked for the registry that it is for, the store for all others", async () => {
    const { environment } = await docker(
      { credsStore: "all", credHelpers: { [host]: "one" }, auths: { [host]: { auth: base64("x:y") } } },
      {
        one: answer,
        all: `read server; printf '{"Username":"%s","Secret":"s"}' "$server"`,
      },
    );
    expect(await registryCredentials(host, { environment })).toEqual(known);
    expect(await registryCredentials("docker.io", { environment })).toMatchObject({
      username: "https://index.docker.io/v1/",
    });
  });

  it("may give an identity token", async () => {
    const { environment } = await docker(
      { credsStore: "one" },
      { one: `echo '{"Username":"<token>","Secret":"tok"}'` },
    );
    expect(await registryCredentials(host, { environment })).toMatchObject({
      username: "",
      password: "",
      identityToken: "tok",
    });
  });

  it("that has none says so", async () => {
    const { environment } = await docker(
      { credsStore: "one" },
      { one: "echo credentials not found in native keychain; exit 1" },
    );
    expect(await registryCredentials(host, { environment })).toBeUndefined();
  });

  it.each([
    ["fails", "echo hunter2; echo hunter2 >&2; exit 1"],
    ["gives no JSON", "echo hunter2"],
    ["gives no user", `echo '{"Secret":"hunter2"}'`],
    ["gives null", "echo null"],
    ["gives too much", "while :; do echo hunter2hunter2hunter2hunter2; done"],
    ["does not end", "sleep 3 & echo hunter2; wait"],
  ])("that %s is told of without what it printed", async (_what, script) => {
    const { environment } = await docker({ credsStore: "one" }, { one: script });
    const failure = await failureOf(() =>
      registryCredentials(host, { environment, timing: { helper: 300 } }),
    );
    expect(failure.code).toBe("CREDENTIAL_HELPER_FAILED");
    expect(`${failure.message} ${failure.hint} ${String(failure.cause)}`).not.toContain("hunter2");
  });

  it.each(["../evil", "a/b", "a b", "$(id)", "x".repeat(200)])("is not %j", async (credsStore) => {
    const { environment } = await docker({ credsStore });
    expect((await failureOf(() => registryCredentials(host, { environment }))).code).toBe(
      "CREDENTIAL_HELPER_INVALID",
    );
  });

  it("that is not installed is told of", async () => {
    const { environment } = await docker({ credsStore: "none-such" });
    const failure = await failureOf(() => registryCredentials(host, { environment }));
    expect(failure.code).toBe("CREDENTIAL_HELPER_FAILED");
    expect(failure.message).toContain("docker-credential-none-such");
  });

  it("is given up when the caller cancels", async () => {
    const { environment } = await docker({ credsStore: "one" }, { one: "exec sleep 60" });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 100);
    const failure = await failureOf(() => registryCredentials(host, { environment, signal: stop.signal }));
    expect(failure.code).toBe("CANCELLED");
  });
});
