import { describe, expect, test } from "vitest";
import { prepareAsPlugin } from "../../../../cli/docker/plugin.ts";
import { codeOf } from "../../../support/errors.ts";

describe("what docker hands to its plugin", () => {
  const before = { DOCKER_HOST: "unix:///before", DOCKER_TLS_VERIFY: "1" };
  const prepare = (...words: string[]) => {
    const env: Record<string, string | undefined> = { ...before };
    return { words: prepareAsPlugin(words, env), env };
  };

  test("the plugin's name goes, and its own arguments stay as they are", () => {
    expect(prepare("daochain", "run", "-H", "x", "--context=y", "box")).toEqual({
      words: ["run", "-H", "x", "--context=y", "box"],
      env: before,
    });
    expect(prepare("help", "daochain").words).toEqual(["--help"]);
    expect(prepare("help", "daochain", "org", "show").words).toEqual(["help", "org", "show"]);
    expect(prepare("verify", "daochain").words).toEqual(["verify", "daochain"]);
    expect(prepare("--json", "verify", "x").words).toEqual(["--json", "verify", "x"]);
  });

  test.each([
    [["-H", "tcp://far:1"], { DOCKER_HOST: "tcp://far:1", DOCKER_TLS_VERIFY: "1" }],
    [["-Htcp://far:1"], { DOCKER_HOST: "tcp://far:1", DOCKER_TLS_VERIFY: "1" }],
    [["--host=tcp://far:1"], { DOCKER_HOST: "tcp://far:1", DOCKER_TLS_VERIFY: "1" }],
    [["--context", "far"], { DOCKER_CONTEXT: "far", DOCKER_TLS_VERIFY: "1" }],
    [["-D", "-l", "debug", "-c=far"], { DOCKER_CONTEXT: "far", DOCKER_TLS_VERIFY: "1" }],
    [["--config", "/c"], { ...before, DOCKER_CONFIG: "/c" }],
    [["--tlsverify=false"], { DOCKER_HOST: before.DOCKER_HOST }],
    [["--tlsverify"], before],
  ])("%j becomes environment variables", (flags, env) => {
    expect(prepare(...flags, "daochain", "status")).toEqual({ words: ["status"], env });
  });

  test.each([
    [["-H", "a", "-H", "b"], "SEVERAL_DAEMONS"],
    [["-H", "a", "--context", "b"], "SEVERAL_DAEMONS"],
    [["--tls"], "TLS_UNVERIFIED"],
    [["--tlsverify", "--tlscacert", "/ca.pem"], "TLS_FILES_ONE_BY_ONE"],
  ])("%j is refused", async (flags, code) => {
    expect(await codeOf(async () => prepare(...flags, "daochain", "status"))).toBe(code);
  });

  test("a flag without its value is refused", async () => {
    expect(await codeOf(async () => prepare("--host"))).toBe("DOCKER_FLAG_WITHOUT_VALUE");
  });
});
