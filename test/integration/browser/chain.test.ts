import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { stopEmbeddedChain } from "../../../src/embedded-chain/launch.ts";
import { homeAt } from "../../../src/home.ts";
import { TestBrowser } from "../../support/browser.ts";
import { temporaryDirectory } from "../../support/embedded-chain.ts";
import { OwnChain } from "../../support/own-chain.ts";

it("knows the organisation at once where the index is at the head already", async () => {
  await using own = await OwnChain.start();
  {
    await using before = await TestBrowser.open(own.home);
    const { chain } = before.browser;
    await before.until("the index to be at the head", chain, () => chain.isCaughtUp);
  }
  await using open = await TestBrowser.open(own.home);
  const { chain, organisation, accounts, market } = open.browser;
  await open.until("the chain", chain, () => chain.isCaughtUp);
  const since = performance.now();
  await open.until("acme", organisation, () => organisation.organisation?.name === "acme");
  expect(performance.now() - since).toBeLessThan(5000);
  await open.until("the roles", accounts, () => accounts.roles.includes("admin"));
  expect(market.version).toBeGreaterThan(0);
  // What happens from here on is told, though nothing had to be read before it.
  expect(chain.events).toEqual([]);
  await open.command(["org", "threshold", "acme", "1"], { DAOCHAIN_PASSWORD_FILE: await own.passwordFile() });
  await open.until("the event", chain, () => chain.events.length > 0);
});

it("starts a chain where there is none, with what is missing on it, and goes on by itself", async () => {
  await using directory = await temporaryDirectory();
  const home = homeAt(directory.path);
  try {
    await using open = await TestBrowser.open(home);
    const { chain, organisation, accounts, market, tasks } = open.browser;
    await open.until("the chain to be missed", chain, () => chain.canStart);
    expect(await tasks.startNeeds()).toBe("new");
    const task = await open.over(tasks.start("a pass word"));
    expect(task, JSON.stringify(task.error)).toMatchObject({ kind: "start", stage: "done" });
    expect(JSON.stringify(task.lines)).toContain("http://127.0.0.1:");
    await open.until("the chain", chain, () => chain.health.state === "up" && chain.isCaughtUp);
    expect(chain.canStart).toBe(false);
    await open.until("the organisation", organisation, () => organisation.organisation?.name === "local");
    await open.until("the account", accounts, () => accounts.current === "default");
    expect(accounts.failure).toBeUndefined();
    await open.until("its roles", accounts, () => accounts.roles.includes("admin"));
    expect(market.organisations()).toHaveLength(1);
    expect(await tasks.secret()).toBe("password");
    // The password is the person's: it is nowhere on the disk.
    await expect(readFile(`${directory.path}/passwords/default`)).rejects.toThrow("ENOENT");

    await stopEmbeddedChain({ directory: home.chain });
    await open.until("the chain to be gone", chain, () => chain.canStart);
    expect(chain.isCaughtUp).toBe(false);
    expect(await tasks.startNeeds()).toBe("nothing");
    const again = await open.over(tasks.start());
    expect(again.stage, JSON.stringify(again.error)).toBe("done");
    await open.until("the chain to be back", chain, () => chain.health.state === "up");
  } finally {
    await stopEmbeddedChain({ directory: home.chain });
  }
});

it("starts none where the chain is elsewhere", async () => {
  await using directory = await temporaryDirectory();
  await using open = await TestBrowser.open(homeAt(directory.path), undefined, {
    DAOCHAIN_RPC_URL: "http://127.0.0.1:1",
  });
  const { chain } = open.browser;
  await open.until("the chain to be missed", chain, () => chain.health.state === "down");
  expect(chain.canStart).toBe(false);
});
