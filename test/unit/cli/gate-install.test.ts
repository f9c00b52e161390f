import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readDaemonJson, withGate } from "../../../cli/install/daemon-json.ts";
import { gateUnit } from "../../../cli/install/gate-unit.ts";
import { temporaryDirectory } from "../../support/embedded-chain.ts";
import { codeOf } from "../../support/errors.ts";

describe("an engine's configuration", () => {
  const change = async (text: string | undefined, isAsked: boolean): Promise<string> => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, "daemon.json");
    if (text !== undefined) writeFileSync(file, text);
    return withGate(await readDaemonJson(file), isAsked);
  };

  it("gets the gate beside everything that it has", async () => {
    expect(JSON.parse(await change(undefined, true))).toEqual({ "authorization-plugins": ["daochain"] });
    expect(JSON.parse(await change("\n", true))).toEqual({ "authorization-plugins": ["daochain"] });
    const text = `{\n\t"debug": true,\n\t"authorization-plugins": ["opa"],\n\t"hosts": ["fd://"]\n}`;
    const changed = await change(text, true);
    expect(JSON.parse(changed)).toEqual({
      debug: true,
      "authorization-plugins": ["opa", "daochain"],
      hosts: ["fd://"],
    });
    expect(changed).toContain('\n\t"debug"');
    expect(await change(changed, true)).toBe(changed);
  });

  it("loses the gate and nothing else", async () => {
    expect(JSON.parse(await change(`{"authorization-plugins":["daochain"],"debug":true}`, false))).toEqual({
      debug: true,
    });
    expect(JSON.parse(await change(`{"authorization-plugins":["a","daochain"]}`, false))).toEqual({
      "authorization-plugins": ["a"],
    });
  });

  it("that is not one is left alone", async () => {
    for (const text of ["{", "[]", "null"])
      expect(await codeOf(() => change(text, true))).toBe("DAEMON_JSON_INVALID");
    for (const text of [`{"authorization-plugins":"daochain"}`, `{"authorization-plugins":[1]}`])
      expect(await codeOf(() => change(text, true))).toBe("DAEMON_JSON_PLUGINS_INVALID");
  });
});

it("a unit's command is quoted, so that systemd changes nothing in it", () => {
  const gate = { name: "gate.service", description: "A gate", before: "docker.service" };
  const unit = gateUnit(gate, ["docker", `/a b/"x"\\%h$HOME`], "/run/gate.sock");
  expect(unit).toContain(String.raw` "gate" "docker" "/a b/\"x\"\\%%h$$HOME"`);
  expect(unit).toContain("Before=docker.service");
  // An engine that were started before the socket is there would not start.
  expect(unit).toContain("until [ -S /run/gate.sock ]");
});
