import { describe, expect, it } from "vitest";
import { canonicalConfiguration } from "../../../../src/image/rootfs/configuration.ts";
import { codeOf } from "../../../support/errors.ts";

const nothing = {
  cmd: [],
  entrypoint: [],
  env: [],
  exposedPorts: [],
  healthcheck: null,
  labels: [],
  stopSignal: "",
  user: "",
  volumes: [],
  workingDir: "/",
};

describe("canonicalConfiguration", () => {
  it("is JSON with members in one order and no white space", () => {
    expect(canonicalConfiguration({})).toBe(JSON.stringify(nothing));
    const all = canonicalConfiguration({
      WorkingDir: "/w",
      Volumes: { "/b": {}, "/a": null },
      User: "u",
      StopSignal: "9",
      Labels: { b: "2", "10": "x", a: null },
      Healthcheck: { Timeout: 2, Test: ["NONE"], StartPeriod: 3, Retries: 4, Interval: 1, StartInterval: 9 },
      ExposedPorts: { "80/tcp": {}, "443/tcp": {} },
      Env: ["B=1", "A=2"],
      Entrypoint: ["/e"],
      Cmd: ['"', "\u2028", "\n"],
    });
    expect(all).toBe(
      '{"cmd":["\\"","\u2028","\\n"],"entrypoint":["/e"],"env":["B=1","A=2"],"exposedPorts":["443/tcp","80/tcp"],' +
        '"healthcheck":{"interval":1,"retries":4,"startPeriod":3,"test":["NONE"],"timeout":2},' +
        '"labels":[["10","x"],["a",""],["b","2"]],"stopSignal":"9","user":"u","volumes":["/a","/b"],"workingDir":"/w"}',
    );
  });

  it.each<[string, object]>([
    [
      "null",
      { Cmd: null, Env: null, Labels: null, Volumes: null, Healthcheck: null, User: null, WorkingDir: null },
    ],
    ["empty", { Cmd: [], Env: [], Labels: {}, Volumes: {}, Healthcheck: {}, User: "", WorkingDir: "" }],
    ["zero", { Healthcheck: { Test: [], Interval: 0, Retries: 0, Timeout: 0, StartPeriod: 0 } }],
    ["an interval that old engines do not know", { Healthcheck: { StartInterval: 5 } }],
    [
      "not passed on",
      { Hostname: "h", OnBuild: ["RUN x"], Shell: ["/s"], StopTimeout: 3, Tty: true, Image: "x" },
    ],
  ])("takes members that are %s for absent", (_what, config) => {
    expect(JSON.parse(canonicalConfiguration({ ...config }))).toEqual(nothing);
  });

  it.each([
    ["", "/"],
    ["/", "/"],
    [".", "/"],
    ["..", "/"],
    ["//", "/"],
    ["/app//", "/app"],
    ["app", "/app"],
    ["/a/./b/../c", "/a/c"],
    ["/a/../../b", "/b"],
    ["/ ", "/ "],
  ])("cleans the working directory %j to %j", (path, clean) => {
    expect(JSON.parse(canonicalConfiguration({ WorkingDir: path })).workingDir).toBe(clean);
  });

  it("reads halves of characters as engines do", () => {
    const { env, labels } = JSON.parse(
      canonicalConfiguration({ Env: ["\ud800"], Labels: { "\udc00": "\ud801" } }),
    );
    expect({ env, labels }).toEqual({ env: ["\ufffd"], labels: [["\ufffd", "\ufffd"]] });
  });

  it.each<[string, object]>([
    ["a command that is no list", { Cmd: "/x" }],
    ["a command with a null", { Cmd: [null] }],
    ["a number in the environment", { Env: [1] }],
    ["ports in a list", { ExposedPorts: ["80"] }],
    ["volumes that are a string", { Volumes: "/v" }],
    ["a label that is a number", { Labels: { a: 1 } }],
    ["a user that is a number", { User: 0 }],
    ["a health check that is a list", { Healthcheck: [] }],
    ["half a nanosecond", { Healthcheck: { Interval: 0.5 } }],
    ["a number that is not exact", { Healthcheck: { Interval: 2 ** 53 } }],
    ["a number that is a string", { Healthcheck: { Retries: "1" } }],
    ["a name in other letters", { cmd: [] }],
    ["a name in letters that fold to it", { "U\u017fer": "root", User: "1" }],
    ["the Kelvin sign", { "Wor\u212aingDir": "/" }],
    ["a name within in other letters", { Healthcheck: { test: ["x"] } }],
    ["two labels that are one to engines", { Labels: { "\ud800": "1", "\ud801": "2" } }],
    ["two volumes that are one to engines", { Volumes: { "\ud800": {}, "\ufffd": {} } }],
  ])("refuses %s", async (_what, config) => {
    expect(await codeOf(() => canonicalConfiguration({ ...config }))).toMatch(
      /^(IMAGE_CONFIG_INVALID|JSON_INVALID)$/,
    );
  });

  it("bounds lists", async () => {
    const Env = new Array(10_001).fill("A=1");
    expect(await codeOf(() => canonicalConfiguration({ Env }))).toBe("JSON_LIST_TOO_LONG");
    expect(JSON.parse(canonicalConfiguration({ Env: Env.slice(1) })).env).toHaveLength(10_000);
  });
});
