import type { IncomingMessage, ServerResponse } from "node:http";
import { expect, it } from "vitest";
import { TestBrowser } from "../../support/browser.ts";
import { serve } from "../../support/http-server.ts";
import { OwnChain } from "../../support/own-chain.ts";

/** A chain's endpoint that answers late, or is another chain's from one moment to the next. */
class Endpoint {
  upstream: string;
  #held: (() => void)[] | undefined;

  constructor(upstream: string) {
    this.upstream = upstream;
  }

  hold(): void {
    this.#held = [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const go of held) go();
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    const held = this.#held;
    if (held !== undefined) await new Promise<void>((resolve) => held.push(resolve));
    const answer = await fetch(this.upstream, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: Buffer.concat(pieces),
    });
    response.end(Buffer.from(await answer.arrayBuffer()));
  }
}

async function open(): Promise<{ chain: OwnChain; endpoint: Endpoint; browser: TestBrowser }> {
  const chain = await OwnChain.start();
  await chain.pause();
  const endpoint = new Endpoint(await chain.resume());
  const url = await serve((request, response) => {
    endpoint.answer(request, response).catch(() => response.destroy());
  });
  const browser = await TestBrowser.open(chain.home, undefined, { DAOCHAIN_RPC_URL: url });
  return { chain, endpoint, browser };
}

it("that answers late makes the chain slow, and freezes nothing", async () => {
  const { chain: own, endpoint, browser } = await open();
  await using _ = own;
  await using __ = browser;
  const { chain, market, accounts, tasks } = browser.browser;
  await browser.until("the chain", chain, () => chain.health.state === "up");
  await browser.until("the catalogue", market, () => market.organisations().length === 1);
  const before = Date.now();
  endpoint.hold();
  await browser.until("the chain to be slow", chain, () => chain.health.state === "slow");
  expect(chain.health.since).toBeGreaterThanOrEqual(before - 100);
  expect(chain.health.failure).toBeUndefined();
  expect(market.organisations()).toHaveLength(1);
  await accounts.create("meanwhile", "password");
  await browser.until("the account", accounts, () => accounts.accounts.length === 2);
  const task = tasks.pull("registry.invalid/acme/api:1");
  task.cancel();
  expect((await browser.over(task)).stage).toBe("cancelled");
  endpoint.release();
  await browser.until("the chain to be up", chain, () => chain.health.state === "up");
  expect(chain.health).toMatchObject({ failure: undefined });
});

it("that is another chain's from one moment to the next is not believed any more", async () => {
  const { chain: own, endpoint, browser } = await open();
  await using _ = own;
  await using __ = browser;
  await using other = await OwnChain.start();
  const { chain, market } = browser.browser;
  await browser.until("the catalogue", market, () => market.organisations().length === 1);
  await other.pause();
  const upstream = endpoint.upstream;
  endpoint.upstream = await other.resume();
  await browser.until("it to be noticed", chain, () => chain.health.state === "down");
  expect(chain.health.failure?.message).toMatch(/genesis|pinned/);
  expect(market.organisations()).toHaveLength(1);
  endpoint.upstream = upstream;
  await browser.until("the right one", chain, () => chain.health.state === "up");
});

it("of an engine that never answers makes the engine slow, then down, and holds nothing up", async () => {
  await using own = await OwnChain.start();
  const url = await serve(() => {});
  await using open = await TestBrowser.open(own.home, url.replace("http:", "tcp:"));
  const { images, organisation, tasks } = open.browser;
  const states: string[] = [];
  images.subscribe(() => states.push(images.engine.state));
  await open.until("the organisation", organisation, () => organisation.organisation);
  const task = tasks.diff("acme/api:1");
  await open.until("the engine to be down", images, () => images.engine.state === "down");
  expect([...new Set(states)]).toEqual(["slow", "down"]);
  expect(images.engine.failure?.message).toContain("127.0.0.1");
  expect((await open.over(task)).error?.code).toBe("DOCKER_UNREACHABLE");
  const before = performance.now();
  images.refresh();
  await open.browser.close();
  expect(performance.now() - before).toBeLessThan(3000);
});
