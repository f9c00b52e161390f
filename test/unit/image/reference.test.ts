import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isDaoChainError } from "../../../src/errors.ts";
import {
  formatNamedReference,
  parseImageReference,
  parseNamedReference,
} from "../../../src/image/reference.ts";

const hex = "0123456789abcdef".repeat(4);
const digest = `sha256:${hex}` as const;

function codeFor(parse: () => unknown): string {
  try {
    parse();
    return "no error";
  } catch (error) {
    return isDaoChainError(error) ? error.code : String(error);
  }
}

describe("parseNamedReference", () => {
  it.each([
    ["alpine", "docker.io/library/alpine", "latest", undefined],
    ["alpine:3.20", "docker.io/library/alpine", "3.20", undefined],
    ["acme/api", "docker.io/acme/api", "latest", undefined],
    ["docker.io/alpine", "docker.io/library/alpine", "latest", undefined],
    ["index.docker.io/acme/api:1", "docker.io/acme/api", "1", undefined],
    ["localhost/x", "localhost/x", "latest", undefined],
    ["localhost:5000/x:y", "localhost:5000/x", "y", undefined],
    ["127.0.0.1:5000/a/b/c:1_2-3.4", "127.0.0.1:5000/a/b/c", "1_2-3.4", undefined],
    ["[::1]:5000/x", "[::1]:5000/x", "latest", undefined],
    ["Registry/x", "Registry/x", "latest", undefined],
    ["registry.acme.io/team__a/b---c/d.e", "registry.acme.io/team__a/b---c/d.e", "latest", undefined],
    [`alpine@${digest}`, "docker.io/library/alpine", "", digest],
    [`acme/api:1@${digest}`, "docker.io/acme/api", "1", digest],
  ])("reads %s as Docker does", (text, repository, tag, expected) => {
    expect(parseNamedReference(text)).toEqual({ repository, tag, digest: expected });
  });

  it.each([
    "",
    "/x",
    "x/",
    "a//b",
    "Alpine",
    "acme/API",
    "x:",
    "x:.tag",
    `x:${"t".repeat(129)}`,
    "x y",
    "x@",
    "x@sha256:00",
    `x@sha512:${hex}${hex}`,
    `x@sha256:${hex.toUpperCase()}`,
    `x@${digest}@${digest}`,
    "-x",
    "x-",
    "a___b",
    "a..b",
    "host:port/x",
    "-host.io/x",
    "host-.io/x",
    "[zz]/x",
    "../x",
    `${"a".repeat(256)}`,
    "x".repeat(5000),
  ])("refuses %s", (text) => {
    expect(codeFor(() => parseNamedReference(text))).toBe("REFERENCE_INVALID");
  });

  it("gives the same reference again for what it wrote", () => {
    const component = fc.stringMatching(/^[a-z0-9]{1,8}(?:(?:\.|_|__|-{1,3})[a-z0-9]{1,8}){0,2}$/);
    const host = fc.stringMatching(/^(?:localhost|[a-z0-9]{1,8}\.[a-z]{2,4})(?::[0-9]{1,5})?$/);
    const tag = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}$/);
    fc.assert(
      fc.property(
        host,
        fc.array(component, { minLength: 1, maxLength: 3 }),
        fc.option(tag),
        fc.boolean(),
        (registry, path, label, hasDigest) => {
          const text = `${registry}/${path.join("/")}${label === null ? "" : `:${label}`}${hasDigest ? `@${digest}` : ""}`;
          const parsed = parseNamedReference(text);
          expect(parseNamedReference(formatNamedReference(parsed))).toEqual(parsed);
          expect(parsed.repository.endsWith(path.join("/"))).toBe(true);
        },
      ),
    );
  });

  it("refuses with its code, or reads, whatever it is given", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        expect(["no error", "REFERENCE_INVALID"]).toContain(codeFor(() => parseImageReference(text)));
      }),
    );
  });
});

describe("parseImageReference", () => {
  it("takes a name without a transport for an image of the daemon", () => {
    expect(parseImageReference("alpine")).toMatchObject({
      transport: "docker-daemon",
      explicit: false,
      query: "docker.io/library/alpine:latest",
      maybeId: false,
    });
    expect(parseImageReference("docker-daemon:alpine:3")).toMatchObject({
      explicit: true,
      query: "docker.io/library/alpine:3",
    });
  });

  it("takes full digests and 64 hex digits for IDs, and short hex for either", () => {
    expect(parseImageReference(digest)).toMatchObject({ query: digest, named: undefined, maybeId: true });
    expect(parseImageReference(`docker-daemon:${digest}`)).toMatchObject({ query: digest, named: undefined });
    expect(parseImageReference(hex)).toMatchObject({ query: digest, named: undefined });
    expect(parseImageReference("cafe12")).toMatchObject({
      query: "cafe12",
      maybeId: true,
      named: { repository: "docker.io/library/cafe12" },
    });
    expect(parseImageReference("cafe12:1")).toMatchObject({
      query: "docker.io/library/cafe12:1",
      maybeId: false,
    });
  });

  it("reads registries, archives and layouts", () => {
    expect(parseImageReference("docker://acme/api:1")).toMatchObject({
      transport: "docker",
      named: { repository: "docker.io/acme/api", tag: "1" },
    });
    expect(parseImageReference("docker-archive:/tmp/a.tar")).toEqual({
      transport: "docker-archive",
      path: "/tmp/a.tar",
      named: undefined,
    });
    expect(parseImageReference("docker-archive:a.tar:acme/api:1")).toMatchObject({
      path: "a.tar",
      named: { repository: "docker.io/acme/api", tag: "1" },
    });
    expect(parseImageReference("oci:dir")).toEqual({ transport: "oci", path: "dir", tag: undefined });
    expect(parseImageReference("oci-archive:f.tar:docker.io/a/b:1")).toEqual({
      transport: "oci-archive",
      path: "f.tar",
      tag: "docker.io/a/b:1",
    });
  });

  it("knows the image named docker from the transport", () => {
    expect(parseImageReference("docker:27-cli")).toMatchObject({
      transport: "docker-daemon",
      query: "docker.io/library/docker:27-cli",
    });
  });

  it.each([
    "oci:",
    "oci::tag",
    "oci:dir:",
    "docker-archive:",
    `docker-archive:f:x@${digest}`,
    "docker://",
    "docker-daemon:",
    "a\nb",
  ])("refuses %j", (text) => {
    expect(codeFor(() => parseImageReference(text))).toBe("REFERENCE_INVALID");
  });
});
