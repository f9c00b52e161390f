import { stat } from "node:fs/promises";
import { expect, test } from "vitest";
import { type Verdict, writeOciLayout } from "../../../src/internal.ts";
import { CliHome } from "../../support/cli.ts";

const build = (directory: string, content: string) =>
  writeOciLayout({ directory, tag: "1.0", files: { hello: content } });

test("a home that is backed up while its chain takes signatures verifies the same images elsewhere", async () => {
  await using home = await CliHome.create();
  await using other = await CliHome.create();
  expect((await home.run(["up", "--org", "acme"])).code).toBe(0);
  const images = Array.from({ length: 4 }, (_, at) => `oci:${home.path(`app${at}`)}:1.0`);
  for (const at of images.keys()) await build(home.path(`app${at}`), `content ${at}`);
  const [first = "", second = "", ...others] = images;
  expect((await home.run(["sign", first, second])).code).toBe(0);
  expect((await home.run(["revoke", second, "--reason", "flawed", "--yes"])).code).toBe(0);

  // Blocks are written all the while.
  const signing = (async () => {
    for (const image of others) expect((await home.run(["sign", image])).code).toBe(0);
  })();
  const file = home.path("backup.tar");
  const backed = await home.json<{ chain: { blocks: number }; passwords: string[] }>(["backup", file]);
  expect(backed.code).toBe(0);
  expect(backed.value.passwords).toEqual(["default"]);
  expect(backed.stderr).toContain("KEEP IT SECRET");
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await signing;

  const restored = await other.run(["restore", file]);
  expect(restored.code).toBe(0);
  expect(restored.stdout).toContain(`block ${backed.value.chain.blocks}`);
  const up = await other.json<{ made: object; organisation: string }>(["up"]);
  expect(up.value).toMatchObject({
    organisation: "acme",
    made: { registry: false, organisation: false, account: false },
  });
  expect(await other.json<Verdict>(["verify", first])).toMatchObject({
    code: 0,
    value: { status: "verified" },
  });
  expect(await other.json<Verdict>(["verify", second])).toMatchObject({ code: 12 });
  // Whoever has the backup can sign as its account.
  await build(other.path("more"), "made after the move");
  expect((await other.run(["sign", `oci:${other.path("more")}:1.0`])).code).toBe(0);
});

test("an older chain takes the place of a newer one only by name, and status and doctor tell of it", async () => {
  await using home = await CliHome.create();
  expect((await home.run(["up", "--org", "acme"])).code).toBe(0);
  const file = home.path("backup.tar");
  expect((await home.run(["backup", file, "--quiet"])).stdout).toBe("");
  const image = `oci:${home.path("app")}:1.0`;
  await build(home.path("app"), "signed after the backup");
  expect((await home.run(["sign", image])).code).toBe(0);

  const restore = (...more: string[]) => home.json<{ error: { code: string } }>(["restore", file, ...more]);
  expect(await restore("--rollback")).toMatchObject({ code: 2, value: { error: { code: "HOME_IN_USE" } } });
  expect((await home.run(["down"])).code).toBe(0);
  expect(await restore()).toMatchObject({ code: 2, value: { error: { code: "RESTORE_ROLLS_BACK" } } });
  const rolled = await home.run(["restore", file, "--rollback", "--quiet"]);
  expect(rolled).toMatchObject({ code: 0, stdout: "" });
  expect(rolled.stderr).toContain("THE CHAIN WAS ROLLED BACK: block 3 was taken back");

  expect((await home.run(["up"])).code).toBe(0);
  expect((await home.run(["verify", image])).code).toBe(10);
  const { value } = await home.json<{ rollbacks: { common: number; from: { blocks: number } }[] }>([
    "status",
  ]);
  expect(value.rollbacks).toMatchObject([{ common: 2, from: { blocks: 3 } }]);
  expect((await home.run(["status"])).stderr).toContain("block 3 was taken back");
  const { value: health, code } = await home.json<{
    checks: { check: string; status: string; command: string }[];
  }>(["doctor"]);
  const found = health.checks.find(({ check }) => check === "rollback");
  expect([code, found?.status]).toEqual([20, "finding"]);
  expect(found?.command).toMatch(/^mv .*rollbacks\.json .*rollbacks\.json\.known$/);

  const chinese = await home.run(["restore", file, "--lang", "zh"]);
  expect(chinese).toMatchObject({ code: 2, stdout: "" });
  expect(chinese.stderr).toContain("正在运行");
});
