import { appendFile, chmod, readFile, stat, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { CliHome } from "../../support/cli.ts";
import { writeFakeSystemctl } from "../../support/fake-systemctl.ts";
import { freePort } from "../../support/registry-server.ts";

const unitName = "daochain-chain.service";

test("a service takes the chain over, serves its metrics, and is gone again", async () => {
  await using home = await CliHome.create();
  const units = home.path("units");
  writeFakeSystemctl(home.path("bin"), units, unitName);
  const env = { PATH: `${home.path("bin")}:${process.env["PATH"]}` };
  const service = (...words: string[]) =>
    home.json<Record<string, unknown>>(["service", ...words, "--user", "--unit-dir", units], { env });

  expect(await service("install")).toMatchObject({ code: 20, value: { error: { code: "CHAIN_MISSING" } } });
  expect(await service("status")).toMatchObject({
    code: 20,
    value: { unit: null, active: false, chain: null },
  });
  const { value: up } = await home.json<{ chain: { pid: number } }>(["up", "--org", "acme"]);

  const metrics = `127.0.0.1:${await freePort()}`;
  const installed = await service("install", "--metrics", metrics);
  try {
    expect(installed).toMatchObject({ code: 0, value: { responding: true, block: 2 } });
    expect(installed.stderr).toContain("stopped; the service runs it");
    expect(installed.value["pid"]).not.toBe(up.chain.pid);
    expect(await service("status")).toMatchObject({ code: 0, value: { enabled: true, active: true } });
    expect((await stat(`${units}/${unitName}`)).mode & 0o777).toBe(0o644);
    expect((await home.run(["org", "show"])).code).toBe(0);

    const answer = await fetch(`http://${metrics}/metrics`);
    expect(answer.headers.get("content-type")).toContain("text/plain");
    const text = await answer.text();
    const sample = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]);
    expect(sample("daochain_chain_head_block")).toBe(2);
    expect(sample("daochain_chain_journal_bytes")).toBe(
      (await stat(home.path("home", "chain", "journal"))).size,
    );
    expect(sample("daochain_chain_resident_memory_bytes")).toBeGreaterThan(10_000_000);
    expect(sample('daochain_chain_requests_total\\{outcome="answered"\\}')).toBeGreaterThan(0);
    for (const line of text.trim().split("\n"))
      expect(line).toMatch(
        /^(?:# (?:HELP|TYPE) daochain_chain_\w+ .+|daochain_chain_\w+(?:\{[^}]*\})? [\d.]+)$/,
      );

    // A second install leaves one chain, with what it says.
    const again = await service("install");
    expect(again).toMatchObject({ code: 0, value: { responding: true } });
    expect(await readFile(`${units}/${unitName}`, "utf8")).not.toContain("--metrics");
    await expect(fetch(`http://${metrics}/metrics`)).rejects.toThrow();
  } finally {
    expect(await service("uninstall")).toMatchObject({ code: 0, value: { uninstalled: true } });
  }
  expect((await home.run(["status"])).code).toBe(20);
  expect(await service("uninstall")).toMatchObject({ code: 0, value: { uninstalled: false } });
  expect((await home.run(["up"])).code).toBe(0);
});

test("a service that cannot be started leaves everything as it was", async () => {
  await using home = await CliHome.create();
  const units = home.path("units");
  writeFakeSystemctl(home.path("bin"), units, unitName);
  const program = home.path("bin", "systemctl");
  const script = await readFile(program, "utf8");
  await writeFile(
    program,
    script.replace("#!/bin/sh\n", '#!/bin/sh\ncase "$*" in *restart*) exit 5;; esac\n'),
  );
  await chmod(program, 0o755);
  expect((await home.run(["up"])).code).toBe(0);
  const env = { PATH: `${home.path("bin")}:${process.env["PATH"]}` };
  const failed = await home.run(["service", "install", "--user", "--unit-dir", units], { env });
  expect(failed.code).toBe(2);
  expect(failed.stderr).toContain("systemctl");
  await expect(stat(`${units}/${unitName}`)).rejects.toThrow("ENOENT");
  expect((await home.run(["status"])).code).toBe(0);
});

test("the log of a chain in the background stays within its bounds while it runs", async () => {
  await using home = await CliHome.create();
  expect((await home.run(["up"])).code).toBe(0);
  const log = home.path("home", "chain", "chain.log");
  await appendFile(log, "x".repeat(1_100_000));
  await expect.poll(async () => (await stat(log)).size, { timeout: 30_000 }).toBeLessThan(1000);
  expect((await stat(`${log}.1`)).size).toBeGreaterThan(1_100_000);
});
