import { mkdir, rm, rmdir } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { createBrowser } from "../../../cli/browser/models/browser.ts";
import { createContext } from "../../../cli/context.ts";
import { buildTinyImage } from "../../../src/internal.ts";
import { TestBrowser } from "../../support/browser.ts";
import { startEngine } from "../../support/docker-engine.ts";
import { OwnChain, password } from "../../support/own-chain.ts";

const hasEngine = inject("engines").some(({ name }) => name === "classic");

describe.skipIf(!hasEngine)("when something outside is gone", () => {
  let chain: OwnChain;
  let engine: Awaited<ReturnType<typeof startEngine>>;
  let open: TestBrowser;

  beforeEach(async () => {
    [chain, engine] = await Promise.all([OwnChain.start(), startEngine("classic")]);
    open = await TestBrowser.open(chain.home, engine.host);
  });
  afterEach(async () => {
    await open[Symbol.asyncDispose]();
    await Promise.all([chain[Symbol.asyncDispose](), engine.stop()]);
  });

  const build = (name: string): Promise<void> =>
    buildTinyImage({ name, files: { hello: name }, docker: { host: engine.host } });

  it("an engine: its images stay, with what is wrong and since when", async () => {
    await build("acme/api:1");
    open.browser.images.refresh();
    await open.judged("acme/api:1", "unsigned");
    const { images, tasks, organisation } = open.browser;
    const before = Date.now();
    await engine.stop();
    images.refresh();
    await open.until("the engine to be down", images, () => images.engine.state === "down");
    expect(images.engine.since).toBeGreaterThanOrEqual(before);
    expect(images.engine.failure?.message).toContain(engine.host);
    expect(images.engine.failure?.hint).toBeDefined();
    expect(open.row("acme/api:1")?.verdict?.status).toBe("unsigned");
    const since = images.engine.since;
    const task = await open.over(tasks.sign("acme/api:1", password));
    expect(task).toMatchObject({ stage: "failed", error: { code: "DOCKER_UNREACHABLE" } });
    images.verify(open.row("acme/api:1")?.key ?? "", "runtime");
    const unknown = await open.judged("acme/api:1", "inconclusive");
    expect(unknown.turned).toBeUndefined();
    expect(images.engine.since).toBe(since);
    await open.until("the organisation", organisation, () => organisation.organisation !== undefined);
  });

  it("the chain: nothing turns by that, and all is judged again when it is back", async () => {
    await build("acme/api:1");
    const { images, chain: view, tasks, market } = open.browser;
    images.refresh();
    await open.judged("acme/api:1", "unsigned");
    await open.over(tasks.sign("acme/api:1", password));
    const signed = await open.judged("acme/api:1", "verified");
    images.acknowledge(signed.key);
    await open.until("the market", market, () => market.count({}) === 1);
    expect(view.blocks[0]?.number).toBeGreaterThan(0);

    const before = Date.now();
    await chain.pause();
    await open.until("the chain to be down", view, () => view.health.state === "down");
    expect(view.health.since).toBeGreaterThanOrEqual(before - 1500);
    expect(view.health.failure).toBeDefined();
    images.verify(signed.key, "id");
    const unknown = await open.judged("acme/api:1", "inconclusive");
    expect(unknown.turned).toBeUndefined();
    expect(market.count({})).toBe(1);
    const failed = await open.over(tasks.sign("acme/api:1", password));
    expect(failed.error?.code).toBe("CHAIN_NOT_RUNNING");

    await chain.resume();
    await open.until("the chain to be back", view, () => view.health.state === "up");
    const back = await open.judged("acme/api:1", "verified");
    expect(back.turned).toBeUndefined();
    expect(view.health.failure).toBeUndefined();
  });

  it("an image that was never judged waits for the chain, and has its verdict when that comes", async () => {
    await chain.pause();
    await using late = await TestBrowser.open(chain.home, engine.host);
    await build("acme/late:1");
    late.browser.images.refresh();
    const { verdict } = await late.judged("acme/late:1", "inconclusive");
    expect(`${verdict?.reasons[0]}`).toContain("daochain up");
    expect(late.browser.chain.health.state).toBe("down");
    await chain.resume();
    await late.judged("acme/late:1", "unsigned");
  });

  it("the catalogue: it says so, and images are judged all the same", async () => {
    await open.browser.close();
    await rm(chain.home.catalogue, { force: true });
    await mkdir(chain.home.catalogue);
    await using blind = await TestBrowser.open(chain.home, engine.host);
    await build("acme/api:1");
    const { images, chain: view, market, organisation } = blind.browser;
    images.refresh();
    await blind.judged("acme/api:1", "unsigned");
    await blind.until(
      "the trouble",
      view,
      () => view.health.state === "up" && view.health.failure !== undefined,
    );
    expect(market.count({})).toBe(0);
    await blind.until("the organisation's name", organisation, () => organisation.name === "acme");
    expect(organisation.organisation).toBeUndefined();
    expect(view.isCaughtUp).toBe(false);
    await rmdir(chain.home.catalogue);
    await blind.until("the catalogue", market, () => market.organisations().length === 1);
    await blind.until("no trouble", view, () => view.health.failure === undefined);
  });

  it("a person: what is under way is given up, within a second", async () => {
    for (const number of [1, 2, 3]) await build(`acme/api:${number}`);
    const { images, tasks, chain: view } = open.browser;
    images.refresh();
    await open.until("images", images, () => images.rows.length === 3);
    for (const row of images.rows) images.verify(row.key, "runtime");
    const running = [
      tasks.sign("acme/api:1", password),
      tasks.diff("acme/api:2"),
      tasks.sign("acme/api:3", password),
    ];
    const versions = [images.version, view.version];
    const before = performance.now();
    await open.browser.close();
    // It waits for less than a second, and this machine may be busy.
    expect(performance.now() - before).toBeLessThan(3000);
    const told: string[] = [];
    images.subscribe(() => told.push("images"));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(told).toEqual([]);
    expect([images.version, view.version]).toEqual(versions);
    for (const task of running) task.cancel();
    await open.browser.close();
  });

  it("a task that is cancelled ends so, and leaves the others alone", async () => {
    await build("acme/api:1");
    await build("acme/api:2");
    const { tasks } = open.browser;
    const [one, other] = [tasks.sign("acme/api:1", password), tasks.sign("acme/api:2", password)];
    one.cancel();
    expect((await open.over(one)).stage).toBe("cancelled");
    expect((await open.over(other)).stage, JSON.stringify(other.error)).toBe("done");
  });
});

describe("a browser", () => {
  it("asks nobody anything before it is started, and closes all the same", async () => {
    const context = await createContext(
      { home: "/nonexistent" },
      { signal: new AbortController().signal, language: "en" },
    );
    const browser = createBrowser(context);
    expect(browser.chain.health.state).toBe("starting");
    expect(browser.images.rows).toEqual([]);
    expect(browser.market.count({})).toBe(0);
    expect(browser.market.page({}, 0, 10)).toEqual([]);
    expect(browser.accounts.accounts).toEqual([]);
    await browser.close();
  });

  it("says what is missing in a home that has nothing", async () => {
    await using directory = await (await import("../../support/embedded-chain.ts")).temporaryDirectory();
    const { homeAt } = await import("../../../src/home.ts");
    await using empty = await TestBrowser.open(homeAt(directory.path));
    const { chain, images, accounts, organisation, tasks } = empty.browser;
    await empty.until("the chain to be missed", chain, () => chain.health.state === "down");
    expect(chain.health.failure?.hint).toContain("daochain up");
    await empty.until("the engine to be missed", images, () => images.engine.state === "down");
    await empty.until("accounts to be missed", accounts, () => accounts.failure !== undefined);
    expect(organisation).toMatchObject({ name: undefined, organisation: undefined });
    expect(chain).toMatchObject({ canStart: true, isCaughtUp: false });
    expect(await tasks.secret()).toBe("nothing");
    const task = await empty.over(tasks.sign("acme/api:1"));
    expect(task).toMatchObject({ stage: "failed", error: { code: "CHAIN_MISSING" } });
  });
});
