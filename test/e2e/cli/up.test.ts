import { readdirSync, readFileSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readEmbeddedChain, writeOciLayout } from "../../../src/internal.ts";
import { randomSender, rpc } from "../../support/chain-process.ts";
import { CliHome } from "../../support/cli.ts";

interface Up {
  readonly chain: { readonly url: string; readonly pid: number; readonly started: boolean };
  readonly organisation: string;
  readonly registry: string;
}

describe("up", () => {
  let home: CliHome;
  beforeEach(async () => {
    home = await CliHome.create();
  });
  afterEach(() => home[Symbol.asyncDispose]());

  /** Every process of a chain under this home, by its command line: also one that no file tells of. */
  const chainProcesses = (): number[] =>
    readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .filter((pid) => {
        try {
          const isZombie = /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
          return (
            !isZombie &&
            readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(`\0${home.path("home", "chain")}\0`)
          );
        } catch {
          return false;
        }
      })
      .map(Number);
  const settings = async (): Promise<Record<string, unknown>> =>
    JSON.parse(await readFile(home.path("home", "settings.json"), "utf8"));

  test("in a home that has joined a network, says so and starts nothing", async () => {
    await mkdir(home.path("home"));
    const profile = {
      chainId: 262144,
      genesisHash: `0x${"12".repeat(32)}`,
      registry: "0x0dDD1Db8668beaBFE3f5454B91A2049322835CF8",
      rpcUrls: ["https://rpc.example"],
      embedded: false,
    };
    await writeFile(home.path("home", "network.json"), JSON.stringify(profile));
    for (const more of [[], ["--foreground"], ["--org", "acme"]]) {
      const refused = await home.run(["up", ...more, "--json"]);
      expect([refused.code, JSON.parse(refused.stdout).error.code]).toEqual([2, "NETWORK_JOINED"]);
      expect(refused.stderr).toContain("has joined a network (chain id 262144)");
    }
    expect(readdirSync(home.path("home"))).toEqual(["network.json"]);
    expect(chainProcesses()).toEqual([]);
  });

  test("with DAOCHAIN_RPC_URL set, starts no chain that nothing would ask", async () => {
    const refused = await home.run(["up"], { env: { DAOCHAIN_RPC_URL: "https://user:secret@rpc.example" } });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("DAOCHAIN_RPC_URL is set");
    expect(refused.stderr).not.toContain("secret");
    expect(chainProcesses()).toEqual([]);
  });

  test("leaves nothing running that it started, where it fails", async () => {
    await writeFile(home.path("wrong"), "not the password\n");
    expect((await home.run(["account", "create", "mine"])).code).toBe(0);
    const wrong = { DAOCHAIN_PASSWORD_FILE: home.path("wrong") };
    expect((await home.run(["up"], { env: wrong })).code).toBe(2);
    expect(chainProcesses()).toEqual([]);
    expect((await home.run(["up", "--foreground"], { env: wrong })).code).toBe(2);
    expect(chainProcesses()).toEqual([]);
    expect((await home.run(["up", "--org", "Not A Name"])).code).toBe(2);
    expect(chainProcesses()).toEqual([]);

    expect((await home.run(["up", "--org", "acme"])).code).toBe(0);
    const [pid] = chainProcesses();
    expect((await home.run(["up", "--org", "globex"])).code).toBe(2);
    // It ran before, and so it runs on.
    expect(chainProcesses()).toEqual([pid]);
    expect((await settings())["organisation"]).toBe("acme");
  });

  test("Ctrl-C at any moment leaves nothing running, or a chain that is ready", async () => {
    for (const [signal, moments] of [
      ["SIGINT", [150, 400, 700, 1100]],
      ["SIGTERM", [300, 550, 900]],
    ] as const) {
      for (const after of moments) {
        await using fresh = await CliHome.create();
        const { code, signal: by, stderr } = await fresh.run(["up"], { interrupt: { signal, after } });
        expect(stderr).not.toMatch(/\n\s+at /);
        const chain = await readEmbeddedChain({ directory: fresh.path("home", "chain") });
        if (code === 0) expect(chain).toMatchObject({ responding: true });
        else {
          expect([130, null]).toContain(code);
          expect(code === null ? by : null).toBe(code === null ? signal : null);
          expect(chain).toBeUndefined();
        }
        expect((await fresh.run(["up"])).code).toBe(0);
      }
    }
  });

  test("two at once with different organisations: one wins, the other says so, and the chain runs on", async () => {
    for (let round = 0; round < 3; round++) {
      await using fresh = await CliHome.create();
      const names = ["acme", "globex"];
      const both = await Promise.all(names.map((name) => fresh.run(["up", "--org", name])));
      expect(both.map(({ code }) => code).sort()).toEqual([0, 2]);
      const winner = names[both.findIndex(({ code }) => code === 0)];
      const loser = both.find(({ code }) => code === 2);
      expect(loser?.stderr).toContain(`This chain's organisation is ${winner}`);
      expect(await fresh.json(["org", "show"])).toMatchObject({ code: 0, value: { name: winner } });
      expect((await fresh.json<object[]>(["org", "list"])).value).toHaveLength(1);
    }
  });

  test("shows the organisation in use, which org use chooses, and says when it switches", async () => {
    expect((await home.run(["up", "--org", "acme"])).stderr).not.toContain("in use now");
    expect((await home.run(["org", "create", "globex"])).code).toBe(0);
    expect((await home.json<Up>(["up"])).value.organisation).toBe("acme");

    const used = await home.run(["org", "use", "globex"]);
    expect([used.code, used.stdout]).toEqual([0, "Organisation globex is in use.\n"]);
    expect((await settings())["organisation"]).toBe("globex");
    expect((await home.json<Up>(["up"])).value.organisation).toBe("globex");
    expect(await home.json(["status"])).toMatchObject({ value: { chain: { organisation: "globex" } } });

    const switched = await home.run(["up", "--org", "acme"]);
    expect(switched.stderr).toContain("Organisation acme is in use now; before, it was globex.");
    expect((await settings())["organisation"]).toBe("acme");

    const unknown = await home.run(["org", "use", "nobody"]);
    expect(unknown.code).toBe(2);
    expect((await settings())["organisation"]).toBe("acme");
    const admin = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
    await home.run(["org", "admit", "initech", "--admin", admin]);
    expect((await home.run(["org", "use", "initech"])).stderr).toContain(
      "daochain org add-signer initech 0x",
    );
  });

  test("says where it is while a long journal is replayed", async () => {
    const { value } = await home.json<Up>(["up"]);
    const sender = randomSender();
    // Contracts that loop until their gas is burnt: a few blocks that take long.
    const loop = { to: null, data: "0x5b600056", gasLimit: 3_000_000 };
    for (let count = 0; count < 16; count++)
      await rpc(value.chain.url, "eth_sendRawTransaction", await sender.sign(loop));
    await home.run(["down"]);
    const again = await home.run(["up"]);
    expect(again.code).toBe(0);
    expect(again.stderr).toMatch(/^The chain is replaying block \d+ of \d+\.$/m);
  });

  describe("--foreground", () => {
    /** Starts it, and waits until it has said that the chain runs. */
    async function start(...more: string[]) {
      const running = home.start(["up", "--foreground", ...more]);
      for (let tries = 0; tries < 600; tries++) {
        if ((await home.run(["status"])).code === 0 && (await isReady())) return running;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error("the chain does not run");
    }
    const isReady = async (): Promise<boolean> =>
      readFile(home.path("home", "settings.json"), "utf8").then(
        (text) => text.includes('"organisation"'),
        () => false,
      );

    test.each(["SIGINT", "SIGTERM"] as const)(
      "runs the chain until %s, and then ends in order",
      async (signal) => {
        const running = await start();
        await writeOciLayout({ directory: home.path("layout"), tag: "1.0", files: { a: "b" } });
        const image = `oci:${home.path("layout")}:1.0`;
        expect((await home.run(["sign", image])).code).toBe(0);
        const again = await home.run(["up", "--foreground", "--json"]);
        expect([again.code, JSON.parse(again.stdout).error.code]).toEqual([2, "CHAIN_RUNNING"]);
        expect((await home.run(["up"])).stdout).toContain("running");

        running.kill(signal);
        const { code, stdout, stderr } = await running.ended;
        expect(code, stderr).toBe(0);
        expect(stdout).toContain("started");
        expect(stderr).toContain("The chain runs until Ctrl-C or SIGTERM.");
        expect(stderr).toMatch(/serving http:\/\/127\.0\.0\.1:\d+/);
        expect(chainProcesses()).toEqual([]);
        expect((await home.run(["up"])).code).toBe(0);
        expect((await home.run(["verify", image])).code).toBe(0);
      },
    );

    test("ends its chain even where it is killed, and ends with it where that is stopped or dies", async () => {
      const killed = await start();
      killed.kill("SIGKILL");
      await killed.ended;
      for (let tries = 0; chainProcesses().length > 0 && tries < 100; tries++)
        await new Promise((resolve) => setTimeout(resolve, 50));
      expect(chainProcesses()).toEqual([]);

      const stopped = await start();
      expect((await home.run(["down"])).code).toBe(0);
      expect((await stopped.ended).code).toBe(0);

      const dying = await start();
      for (const pid of chainProcesses()) process.kill(pid, "SIGKILL");
      const { code, stderr } = await dying.ended;
      expect(code).toBe(20);
      expect(stderr).toMatch(/^daochain: .+\.$/m);
    });
  });
});
