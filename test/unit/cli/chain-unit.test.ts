import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { chainUnit, chainUnitName } from "../../../cli/install/chain-unit.ts";
import { temporaryDirectory } from "../../support/embedded-chain.ts";
import { codeOf } from "../../support/errors.ts";

const service = {
  home: `/srv/a b/"x"%$HOME`,
  user: { uid: 1000, gid: 100 },
  port: 8545,
  metrics: "127.0.0.1:9464",
};

test("the chain's unit runs it in the foreground, and lets it write to its home alone", () => {
  const unit = chainUnit(service);
  expect(unit).toContain(
    String.raw`"up" "--foreground" "--home" "/srv/a b/\"x\"%%$$HOME" "--port" "8545" "--metrics" "127.0.0.1:9464"`,
  );
  expect(unit).toContain(String.raw`ReadWritePaths="/srv/a b/\"x\"%%$HOME"`);
  for (const line of [
    "User=1000",
    "Group=100",
    "ProtectSystem=strict",
    "NoNewPrivileges=yes",
    "Restart=on-failure",
  ])
    expect(unit.split("\n")).toContain(line);
  expect(unit).toContain("WantedBy=multi-user.target");
});

test("of a user's own service manager it asks for what that may do", () => {
  const unit = chainUnit({ ...service, user: undefined, port: undefined, metrics: undefined });
  expect(unit).not.toMatch(/User=|Protect|Capability|--port|--metrics/);
  expect(unit).toContain("NoNewPrivileges=yes");
  expect(unit).toContain("WantedBy=default.target");
});

test("a home with a line break in its name gets none", async () => {
  expect(await codeOf(() => chainUnit({ ...service, home: "/srv/x\nExecStartPre=/bin/evil" }))).toBe("USAGE");
});

const hasSystemd = spawnSync("systemd-analyze", ["--version"]).status === 0;

test.skipIf(!hasSystemd)("systemd understands every line of both", async () => {
  await using directory = await temporaryDirectory();
  for (const user of [{ uid: 0, gid: 0 }, undefined]) {
    const file = join(directory.path, chainUnitName);
    writeFileSync(file, chainUnit({ ...service, home: directory.path, user }));
    const { stderr, status } = spawnSync("systemd-analyze", ["verify", file], { encoding: "utf8" });
    expect(stderr.split("\n").filter((line) => line.includes(chainUnitName))).toEqual([]);
    expect(status).toBe(0);
  }
});
