import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CliHome } from "../../support/cli.ts";
import { hasContainerd, TestContainerd } from "../../support/containerd.ts";
import { writeFakeSystemctl } from "../../support/fake-systemctl.ts";
import { makeImage, ociLayout } from "../../support/images.ts";
import { hasRegistry, RegistryServer } from "../../support/registry-server.ts";

const unitName = "daochain-gate-containerd.service";

interface Status {
  readonly asked: boolean;
  readonly answers: boolean;
  readonly decides: boolean;
  readonly containerd: string;
  readonly binDir: string;
  readonly findings: readonly { readonly code: string; readonly bypass: boolean }[];
}

describe.skipIf(!hasContainerd || !hasRegistry)("gate containerd install", { timeout: 180_000 }, () => {
  let home: CliHome;
  let registry: RegistryServer;
  let containerd: TestContainerd;
  const env = () => ({ PATH: `${home.path("bin")}${delimiter}${process.env["PATH"]}` });
  const place = (): string[] => [
    "--containerd",
    join(containerd.programs, "containerd"),
    "--config",
    containerd.configuration,
  ];
  const units = (): string[] => ["--unit-dir", home.path("units")];
  const socket = (): string[] => ["--socket", home.path("run", "gate.sock")];
  const gate = (...arguments_: string[]) => home.run(["gate", "containerd", ...arguments_], { env: env() });
  const status = () => home.json<Status>(["gate", "containerd", "status", ...place(), ...socket()]);
  const signed = (): string => `${registry.address}/acme/signed:1`;
  const unsigned = (): string => `${registry.address}/acme/unsigned:1`;
  /** Where this checkout is another user's, its programs can be changed by them: that is told, and nothing else. */
  const expected = ({ findings }: Status): number => (findings.length === 0 ? 0 : 20);

  beforeAll(async () => {
    home = await CliHome.create();
    registry = await RegistryServer.start();
    containerd = await TestContainerd.start();
    mkdirSync(home.path("units"));
    writeFakeSystemctl(home.path("bin"), home.path("units"), unitName);
    for (const name of ["signed", "unsigned"])
      await registry.push(`acme/${name}`, "1", ociLayout(await makeImage({ contents: [name] })));
    expect((await home.run(["up"])).code).toBe(0);
    expect((await home.run(["sign", `docker://${signed()}`])).code).toBe(0);
  });
  afterAll(async () => {
    if (containerd !== undefined) await gate("uninstall", ...place(), ...units());
    await containerd?.[Symbol.asyncDispose]();
    await registry?.[Symbol.asyncDispose]();
    await home?.[Symbol.asyncDispose]();
  });

  it("has containerd ask, and uninstall has it ask no more", async () => {
    expect(await containerd.pull(unsigned())).toBe("");
    const none = await status();
    expect([none.code, none.value]).toEqual([
      20,
      {
        asked: false,
        answers: false,
        decides: false,
        containerd: expect.stringMatching(/^2\./),
        binDir: containerd.binDir,
        findings: expect.arrayContaining([
          { code: "empty-bin-dir", bypass: true, message: expect.stringContaining(containerd.binDir) },
        ]),
      },
    ]);

    const log = home.path("decisions.jsonl");
    const options = ["--log", log, "--staleness", "60"];
    const installed = await gate("install", ...place(), ...units(), ...socket(), ...options);
    const own = await status();
    expect(own.value).toMatchObject({ asked: true, answers: true, decides: true });
    expect(own.value.findings.filter(({ code }) => code !== "changeable")).toEqual([]);
    expect([own.code, installed.code]).toEqual([expected(own.value), expected(own.value)]);
    expect(installed.stderr).toContain("uninstall");
    expect(installed.stderr).toContain("images that are here already");

    expect(await containerd.pull(signed())).toBe("");
    expect(await containerd.pull(unsigned())).toContain("unsigned: ");
    expect(readFileSync(log, "utf8").trim().split("\n")).toHaveLength(2);
    const unit = readFileSync(join(home.path("units"), unitName), "utf8");
    for (const text of [`"${log}"`, '"--staleness" "60"', "Before=containerd.service"])
      expect(unit).toContain(text);
    const wrapper = join(containerd.binDir, "daochain");
    expect(statSync(wrapper).mode & 0o777).toBe(0o755);
    // Once more changes nothing.
    const text = readFileSync(wrapper, "utf8");
    await gate("install", ...place(), ...units(), ...socket(), ...options);
    expect(readFileSync(wrapper, "utf8")).toBe(text);

    const lines = (await gate("status", ...place(), ...socket())).stdout;
    expect(lines).toContain("containerd asks the gate before each pull");

    // The chain is down, and containerd too: nothing keeps an administrator from taking the gate away.
    await home.run(["down"]);
    const removed = await gate(
      "uninstall",
      ...units(),
      "--config",
      containerd.configuration,
      "--containerd",
      "/none",
    );
    expect([removed.code, removed.stderr]).toEqual([0, expect.stringContaining("pulls everything")]);
    expect([existsSync(wrapper), existsSync(join(home.path("units"), unitName))]).toEqual([false, false]);
    expect(await containerd.pull(unsigned())).toBe("");
  });

  it("says what has images pulled past it", async () => {
    expect((await home.run(["up"])).code).toBe(0);
    await containerd.restart("[plugins.'io.containerd.cri.v1.images']\nuse_local_image_pull = true");
    const installed = await gate("install", ...place(), ...units(), ...socket());
    expect([installed.code, installed.stderr]).toEqual([
      20,
      expect.stringContaining("NOT VERIFIED: use_local_image_pull = true"),
    ]);
    const shown = await status();
    expect([shown.code, shown.value.asked]).toEqual([20, true]);
    expect(shown.value.findings).toContainEqual(
      expect.objectContaining({ code: "local-pull", bypass: true }),
    );
    await containerd.restart();
  });

  it("has a gate asked that is served by other means", async () => {
    await gate("uninstall", ...place(), ...units());
    const served = home.start(["gate", "containerd", ...socket()]);
    try {
      while (!existsSync(home.path("run", "gate.sock"))) await sleep(50);
      await gate("install", "--no-service", ...place(), ...socket());
      expect(await containerd.pull(unsigned())).toContain("unsigned: ");
      expect(existsSync(join(home.path("units"), unitName))).toBe(false);
      const removed = await gate("uninstall", "--no-service", ...place());
      expect(removed.code).toBe(0);
      expect(await containerd.pull(unsigned())).toBe("");
    } finally {
      served.kill("SIGTERM");
      await served.ended;
    }
  });

  it("has nothing asked that does not decide: what was begun is undone", async () => {
    await home.run(["down"]);
    const begun = await home.run(["gate", "containerd", "install", ...place(), ...units(), ...socket()], {
      env: env(),
      interrupt: { signal: "SIGINT", after: 3000 },
    });
    expect(begun.code).toBe(130);
    expect(existsSync(join(home.path("units"), unitName))).toBe(false);
    expect(existsSync(join(containerd.binDir, "daochain"))).toBe(false);
    expect(await containerd.pull(unsigned())).toBe("");
    expect((await home.run(["up"])).code).toBe(0);
  });

  it("serves a gate that was there as before, where another cannot be", async () => {
    await gate("install", ...place(), ...units(), ...socket());
    const unit = readFileSync(join(home.path("units"), unitName), "utf8");
    const other = await home.run(
      [
        "gate",
        "containerd",
        "install",
        ...place(),
        ...units(),
        ...socket(),
        "--policy",
        home.path("none.json"),
      ],
      { env: env(), interrupt: { signal: "SIGINT", after: 6000 } },
    );
    expect(other.code).toBe(130);
    expect(other.stderr).toContain("rm ");
    expect(readFileSync(join(home.path("units"), unitName), "utf8")).toBe(unit);
    while ((await status()).value.decides === false) await sleep(200);
    expect(await containerd.pull(signed())).toBe("");
    await gate("uninstall", ...place(), ...units());
  });

  it("leaves alone what would ask nobody", async () => {
    const old = home.path("old-containerd");
    writeFileSync(
      old,
      `#!/bin/sh\ncase "$*" in\n--version) echo containerd github.com/containerd/containerd v1.7.27 05044ec0 ;;\n*) echo 'version = 2' ;;\nesac\n`,
    );
    chmodSync(old, 0o755);
    const refused = await gate("install", "--containerd", old, ...units(), ...socket());
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining("1.7.27 has no image verifiers"),
    ]);
    const nowhere = await gate(
      "install",
      "--containerd",
      "/none",
      "--config",
      "/none",
      ...units(),
      ...socket(),
    );
    expect(nowhere.code).toBe(2);
    expect(existsSync(join(home.path("units"), unitName))).toBe(false);
  });
});
