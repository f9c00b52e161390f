import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Verdict, writeOciLayout } from "../../../src/internal.ts";
import { CliHome } from "../../support/cli.ts";
import { expectVerdict } from "../../support/verdict.ts";

describe("waiting for the other signers", () => {
  let home: CliHome;
  const layout = async (name: string): Promise<string> => {
    await writeOciLayout({ directory: home.path(name), tag: "1.0", files: { name } });
    return `oci:${home.path(name)}:1.0`;
  };
  const code = async (...words: string[]) => (await home.run(words)).code;
  const waitFor = (status: number, ...words: string[]) =>
    expect.poll(() => code(...words), { timeout: 30_000, interval: 500 }).toBe(status);

  beforeAll(async () => {
    home = await CliHome.withAccount();
    expect(await code("up", "--org", "acme")).toBe(0);
    for (const name of ["build", "release"]) {
      const { value } = await home.json<{ address: string }>(["account", "create", name]);
      expect(await code("org", "add-signer", "acme", value.address)).toBe(0);
    }
    expect(await code("org", "threshold", "acme", "2")).toBe(0);
  });
  afterAll(() => home?.[Symbol.asyncDispose]());

  test("sign ends with 0 while the claim is pending, unless it is to wait", async () => {
    const image = await layout("recorded");
    for (const more of [[], ["--until", "recorded"]]) {
      const signed = await home.json<Verdict<string>>(["sign", image, "--account", "build", ...more]);
      expect(signed.code).toBe(0);
      expectVerdict(signed.value, "pending");
    }
  });

  test("--until approved waits for the other's approval", async () => {
    const [one, two] = [await layout("one"), await layout("two")];
    const waiting = home.json<Verdict<string>[]>([
      "sign",
      one,
      two,
      "--account",
      "build",
      "--until",
      "approved",
      "--timeout",
      "90s",
    ]);
    await waitFor(15, "verify", one);
    await waitFor(15, "verify", two);
    expect(await code("approve", one, "--account", "release")).toBe(0);
    expect(await code("approve", two, "--account", "release")).toBe(0);
    const { code: ended, value } = await waiting;
    expect(ended).toBe(0);
    expect(value.map(({ status, image }) => [status, image])).toEqual([
      ["signed", one],
      ["signed", two],
    ]);
    expect(value.every(({ claim, depth }) => claim?.signers.length === 2 && depth === "content")).toBe(true);
  });

  test("still pending when the time is over is 15, and the claim stays", async () => {
    const image = await layout("late");
    const late = ["--until", "approved", "--timeout", "6s"];
    const signed = await home.json<Verdict<string>>(["sign", image, "--account", "build", ...late]);
    expect(signed.code).toBe(15);
    const { claim } = expectVerdict(signed.value, "pending");
    const again = await home.json<Verdict<string>>([
      "approve",
      claim?.id ?? "",
      "--account",
      "release",
      ...late,
    ]);
    expect(again.code).toBe(0);
    expectVerdict(again.value, "signed");
  });

  test("a claim that falls meanwhile is not waited for any longer", async () => {
    const image = await layout("fallen");
    const waiting = home.json<Verdict<string>>([
      "sign",
      image,
      "--account",
      "build",
      "--until",
      "approved",
      "--timeout",
      "90s",
    ]);
    await waitFor(15, "verify", image);
    expect(await code("revoke", image, "--reason", "flawed", "--yes")).toBe(0);
    const { code: ended, value } = await waiting;
    expect(ended).toBe(12);
    expect(value).toMatchObject({
      status: "revoked",
      reasons: ["acme revoked it while it waited for signatures"],
    });
  });

  test("Ctrl-C stops waiting: the claim is printed, stays recorded, and can be approved", async () => {
    const image = await layout("stopped");
    const waiting = home.start(["sign", image, "--account", "build", "--until", "approved", "--json"]);
    await waitFor(15, "verify", image);
    await sleep(500);
    waiting.kill("SIGINT");
    const ended = await waiting.ended;
    expect(ended.code).toBe(130);
    const { claim } = expectVerdict(JSON.parse(ended.stdout), "pending");
    expect(ended.stderr).toContain(`daochain approve ${claim?.id}`);
    expect(await code("approve", image, "--account", "release")).toBe(0);
    expect(await code("verify", image)).toBe(0);
  });

  test("submit waits too; with --output there is nothing to wait for", async () => {
    const image = await layout("elsewhere");
    const file = home.path("claim.json");
    expect(await code("sign", image, "--output", file, "--until", "approved")).toBe(2);
    expect(await code("sign", image, "--account", "build", "--output", file)).toBe(0);
    const waiting = home.json<Verdict<string>>(["submit", file, "--until", "approved", "--timeout", "90s"]);
    await waitFor(15, "verify", image);
    expect(await code("approve", image, "--account", "release")).toBe(0);
    expect((await waiting).value.status).toBe("signed");
  });
});
