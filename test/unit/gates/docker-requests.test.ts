import { describe, expect, it } from "vitest";
import { readRequest } from "../../../src/gates/docker/requests.ts";

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const kind = (method: string, target: string, body = ""): string =>
  readRequest({ method, target, body }).kind;
const create = (document: unknown) =>
  readRequest({
    method: "POST",
    target: "/v1.41/containers/create?name=x",
    body: base64(typeof document === "string" ? document : JSON.stringify(document)),
  });

describe("a request to a Docker Engine", () => {
  it("that only reads is harmless", () => {
    for (const target of ["/_ping", "/v1.41/containers/json", "/images/acme/api:1/json", "//anything/.."]) {
      expect(kind("GET", target)).toBe("harmless");
    }
    expect(kind("HEAD", "/_ping")).toBe("harmless");
  });

  it("that starts a container names it, however it is written", () => {
    const targets = [
      "/containers/abc/start",
      "/v1.41/containers/abc/start?detachKeys=",
      "/v1.41/containers/%61bc/start",
      "/v1.41/containers%2Fabc%2Fstart",
      "http://docker/v1.41/containers/abc/start",
      "/containers/abc/start?checkpoint=x",
    ];
    for (const target of targets) {
      expect(readRequest({ method: "POST", target, body: "" })).toEqual({
        kind: "start",
        action: "start",
        container: "abc",
      });
    }
    expect(readRequest({ method: "POST", target: "/containers/abc/restart", body: "" })).toMatchObject({
      kind: "start",
      action: "restart",
    });
  });

  it("that makes a container names its image, and those that it mounts", () => {
    expect(create({ Image: "acme/api:1", Cmd: ["x"] })).toEqual({ kind: "create", images: ["acme/api:1"] });
    const Mounts = [
      { Type: "bind", Source: "/etc", Target: "/x" },
      { Type: "image", Source: "evil/tools", Target: "/y" },
    ];
    expect(create({ Image: "acme/api:1", HostConfig: { Mounts } })).toEqual({
      kind: "create",
      images: ["acme/api:1", "evil/tools"],
    });
  });

  it("whose body can be read in two ways, or not at all, is refused", () => {
    const bodies = [
      `{"image":"a"}`,
      `{"Image":"a","IMAGE":"b"}`,
      `{"Image":"a","Image":"b"}`,
      `{"Image":"a","Image":null}`,
      `{"Image":null}`,
      `{"Image":["a"]}`,
      `{"Image":""}`,
      `{"Image":"a"} {"Image":"b"}`,
      `{"Image":"a","hostconfig":{}}`,
      `{"Image":"a","HostConfig":{"Mounts":[{"type":"image","Source":"b"}]}}`,
      `{"Image":"a","HostConfig":{"Mounts":[{"Type":"image"}]}}`,
      `{"Image":"a","HostConfig":{"Mounts":[{"Type":"image","\u017fource":"b","Source":"a"}]}}`,
      "null",
      "",
      `${"[".repeat(1000)}${"]".repeat(1000)}`,
    ];
    for (const body of bodies) expect({ body, kind: create(body).kind }).toEqual({ body, kind: "refused" });
    const broken = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]).toString("base64");
    expect(kind("POST", "/containers/create", broken)).toBe("refused");
  });

  it("that has something run which cannot be judged says which way", () => {
    const ways: [method: string, target: string, way: string][] = [
      ["POST", "/v1.41/build?dockerfile=x", "build"],
      ["POST", "/session", "build"],
      ["POST", "/v1.41/grpc", "build"],
      ["POST", "/swarm/init", "swarm"],
      ["POST", "/swarm/join", "swarm"],
      ["POST", "/services/create", "swarm"],
      ["POST", "/services/abc/update", "swarm"],
      ["POST", "/plugins/pull", "plugins"],
      ["POST", "/plugins/vieux/sshfs:latest/enable", "plugins"],
      ["POST", "/plugins/x/upgrade", "plugins"],
      ["PUT", "/containers/abc/archive", "copy"],
    ];
    for (const [method, target, way] of ways) {
      expect(readRequest({ method, target, body: "" })).toEqual({ kind: "unjudged", way });
    }
  });

  it("that is none of those known changes nothing: it is refused", () => {
    const targets = [
      "/containers/abc/launch",
      "/containers/create/",
      "/v9/machines/start",
      "/",
      "/v1.41",
      "*",
      "",
    ];
    for (const target of targets)
      expect({ target, kind: kind("POST", target) }).toEqual({ target, kind: "refused" });
    expect(kind("PATCH", "/containers/abc")).toBe("refused");
    expect(kind("post", "/containers/abc/stop")).toBe("refused");
    expect(kind("PUT", "/containers/create")).toBe("refused");
  });

  it("whose path two readers could take for different ones is refused", () => {
    const targets = [
      "//containers/abc/start",
      "/x/../containers/abc/start",
      "/containers/./abc/stop",
      "/containers/%2e%2e/stop",
      "/containers/a%00b/stop",
      "/containers/a%zz/stop",
      "/containers/a\\b/stop",
      "/containers/abc/stop#/x",
      "/containers/abc/stop%3f",
      "/containers//stop",
    ];
    for (const target of targets)
      expect({ target, kind: kind("POST", target) }).toEqual({ target, kind: "refused" });
  });

  it("that tends what runs already is harmless", () => {
    const targets = [
      "/containers/abc/stop",
      "/containers/abc/exec",
      "/exec/abc/start",
      "/images/create?fromImage=x",
      "/images/acme/api/tag",
      "/images/registry.acme.io:5000/a/b/push",
      "/networks/abc/connect",
      "/commit?container=x",
      "/auth",
    ];
    for (const target of targets)
      expect({ target, kind: kind("POST", target) }).toEqual({ target, kind: "harmless" });
    expect(kind("DELETE", "/containers/abc")).toBe("harmless");
  });
});
