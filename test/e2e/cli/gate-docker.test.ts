import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { CliHome } from "../../support/cli.ts";
import { type OwnEngine, startEngine } from "../../support/docker-engine.ts";
import { busybox, docker, makeRunnableImage } from "../../support/runnable-image.ts";

/** The gate's place is one for the whole machine: where one is installed, its engine would ask ours. */
const installed = "/etc/systemd/system/daochain-gate-docker.service";
const isHere =
  inject("engines").some(({ name }) => name === "classic") && busybox !== undefined && !existsSync(installed);

/** Does for one unit and one engine what systemd would. */
const systemctl = (unit: string, pidFile: string, enginePid: number): string => `#!/bin/sh
end() {
  [ -e '${pidFile}' ] || return 0
  kill "$(cat '${pidFile}')"
  while kill -0 "$(cat '${pidFile}')" 2>/dev/null; do sleep 0.05; done
  rm -f '${pidFile}'
}
case "$1 $2" in
  "daemon-reload "|"enable daochain-gate-docker.service") ;;
  "restart daochain-gate-docker.service")
    end
    sh -c "exec $(sed -n 's/^ExecStart=//p' '${unit}')" >/dev/null 2>&1 & echo $! >'${pidFile}' ;;
  "disable --now") end ;;
  "reload docker") kill -HUP ${enginePid} ;;
  *) echo "unknown: $*" >&2; exit 1 ;;
esac
`;

describe.skipIf(!isHere)("gate docker install", { timeout: 120_000 }, () => {
  let engine: OwnEngine;
  let home: CliHome;
  let units: string;
  const daemonJson = (): string => join(engine.directory, "daemon.json");
  const run = ["run", "--rm", "--network=none", "--security-opt", "seccomp=unconfined"];
  const isRefused = (image: string): boolean => {
    try {
      docker(engine.host, [...run, image, "true"]);
      return false;
    } catch (error) {
      if (!String((error as { stderr?: unknown }).stderr).includes("authorization denied by plugin daochain"))
        throw error;
      return true;
    }
  };
  const gate = (...arguments_: string[]) =>
    home.run(["gate", "docker", ...arguments_], {
      env: { PATH: `${home.path("bin")}${delimiter}${process.env["PATH"]}` },
    });

  beforeAll(async () => {
    engine = await startEngine("classic", { seesPlugins: true });
    home = await CliHome.withAccount(engine.host);
    units = home.path("units");
    mkdirSync(units);
    mkdirSync(home.path("bin"));
    const fake = home.path("bin", "systemctl");
    const unit = join(units, "daochain-gate-docker.service");
    writeFileSync(fake, systemctl(unit, home.path("gate.pid"), engine.pid));
    chmodSync(fake, 0o755);
    makeRunnableImage(engine.host, "acme/signed:1", "signed");
    makeRunnableImage(engine.host, "acme/unsigned:1", "unsigned");
    expect((await home.run(["up"])).code).toBe(0);
    expect((await home.run(["sign", "acme/signed:1"])).code).toBe(0);
  });
  afterAll(async () => {
    if (engine !== undefined) await gate("uninstall", "--daemon-json", daemonJson(), "--unit-dir", units);
    await home?.[Symbol.asyncDispose]();
    await engine?.stop();
  });

  it("has the engine ask, and uninstall has it ask no more, with everything else as it was", async () => {
    const before = readFileSync(daemonJson(), "utf8");
    const places = ["--daemon-json", daemonJson(), "--unit-dir", units];
    expect(isRefused("acme/unsigned:1")).toBe(false);
    const none = await gate("status", "--json", "--daemon-json", daemonJson());
    expect([none.code, JSON.parse(none.stdout)]).toEqual([
      20,
      { asked: false, answers: false, decides: false },
    ]);

    const log = home.path("decisions.jsonl");
    const options = [
      "--engine",
      engine.host,
      "--log",
      log,
      "--allow",
      "copy",
      "--allow",
      "build",
      "--staleness",
      "60",
    ];
    const installed = await gate("install", ...places, ...options);
    expect([installed.code, installed.stderr]).toEqual([0, expect.stringContaining("uninstall")]);
    expect(isRefused("acme/unsigned:1")).toBe(true);
    expect(isRefused("acme/signed:1")).toBe(false);
    const status = await gate("status", "--json", "--daemon-json", daemonJson());
    expect([status.code, JSON.parse(status.stdout)]).toEqual([
      0,
      { asked: true, answers: true, decides: true },
    ]);
    expect(readFileSync(`${daemonJson()}.before-daochain`, "utf8")).toBe(before);
    const decisions = readFileSync(log, "utf8").trim().split("\n");
    expect(decisions.map((line) => JSON.parse(line).status)).toContain("unsigned");
    const unit = readFileSync(join(units, "daochain-gate-docker.service"), "utf8");
    for (const option of ["copy", "build", log]) expect(unit).toContain(`"${option}"`);
    expect(unit).toContain('"--staleness" "60"');
    // Once more changes nothing.
    const text = readFileSync(daemonJson(), "utf8");
    expect((await gate("install", ...places, ...options)).code).toBe(0);
    expect(readFileSync(daemonJson(), "utf8")).toBe(text);

    // What was revoked starts no more, and whoever watches learns what of it runs.
    docker(engine.host, [
      "run",
      "--detach",
      "--name",
      "kept",
      ...run.slice(2),
      "acme/signed:1",
      "sleep",
      "600",
    ]);
    const watching = home.start(["watch", "--json"]);
    await sleep(3000);
    expect((await home.run(["revoke", "acme/signed:1", "--reason", "leaked key", "--yes"])).code).toBe(0);
    const revoked = Date.now();
    await expect.poll(() => isRefused("acme/signed:1"), { timeout: 10_000, interval: 50 }).toBe(true);
    // The goal is two seconds; a machine that does much else beside gets some more.
    expect(Date.now() - revoked).toBeLessThan(5000);
    await sleep(3000);
    docker(engine.host, ["kill", "kept"]);
    expect(() => docker(engine.host, ["start", "kept"])).toThrow(/is revoked/);
    watching.kill("SIGINT");
    const seen = (await watching.ended).stdout.trim().split("\n");
    expect(seen.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({
        act: "revoked digest",
        containers: expect.arrayContaining([
          expect.objectContaining({ name: "kept", image: "acme/signed:1" }),
        ]),
      }),
    );

    // The chain is down: nothing keeps an administrator from taking the gate away.
    await home.run(["down"]);
    expect((await gate("uninstall", ...places)).code).toBe(0);
    expect(JSON.parse(readFileSync(daemonJson(), "utf8"))).toEqual(JSON.parse(before));
    expect(isRefused("acme/unsigned:1")).toBe(false);
    expect(existsSync(join(units, "daochain-gate-docker.service"))).toBe(false);
  });
});
