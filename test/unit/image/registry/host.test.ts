import { describe, expect, it } from "vitest";
import { registryOf, toRegistryHost } from "../../../../src/image/registry/host.ts";
import { codeOf } from "../../../support/errors.ts";

describe("a registry's host", () => {
  it("is another for Docker Hub than its name", () => {
    const { host, path } = registryOf("docker.io/library/alpine", {});
    expect(host).toMatchObject({ name: "docker.io", authority: "registry-1.docker.io", mayBePlain: false });
    expect(host.credentialKeys[0]).toBe("https://index.docker.io/v1/");
    expect(path).toBe("library/alpine");
  });

  it.each([
    ["localhost", true],
    ["localhost:5000", true],
    ["127.0.0.1:5000", true],
    ["127.9.9.9", true],
    ["[::1]:5000", true],
    ["128.0.0.1:5000", false],
    ["127.0.0.1.acme.io", false],
    ["localhost.acme.io", false],
    ["127.acme.io", false],
    ["[::2]:5000", false],
    ["registry.acme.io", false],
  ])("%s may be spoken to without TLS: %s", (name, mayBePlain) => {
    expect(toRegistryHost(name, {})).toMatchObject({ authority: name, mayBePlain });
  });

  it("may do without TLS where it is named, with its port", () => {
    const environment = { DAOCHAIN_INSECURE_REGISTRIES: "old.acme.io:5000, Other.acme.io" };
    const mayBePlain = (name: string) => toRegistryHost(name, environment).mayBePlain;
    expect(["old.acme.io:5000", "other.acme.io", "old.acme.io", "x.other.acme.io"].map(mayBePlain)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it("must be one that can be called", async () => {
    expect(await codeOf(() => toRegistryHost("1.2.3.4.5:5000", {}))).toBe("REGISTRY_HOST_INVALID");
    expect(await codeOf(() => toRegistryHost("acme.io:99999", {}))).toBe("REGISTRY_HOST_INVALID");
  });
});
