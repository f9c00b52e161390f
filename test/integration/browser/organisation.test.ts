import { mkdir } from "node:fs/promises";
import { Wallet } from "ethers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Organisation } from "../../../src/contract/organisations.ts";
import { changeSettings } from "../../../src/home.ts";
import { buildTinyImage, openImage } from "../../../src/internal.ts";
import { revokeDigests } from "../../../src/operations/revoke.ts";
import { signImage } from "../../../src/operations/sign.ts";
import { AccountStore } from "../../../src/signature/account-store.ts";
import { TestBrowser } from "../../support/browser.ts";
import { Consortium, keyOf, signerOf } from "../../support/consortium.ts";
import { describeOnEngines } from "../../support/engines.ts";
import { codeOf, failureOf } from "../../support/errors.ts";

const password = "long pass word";

describe("what the chain has of organisations", () => {
  let chain: Consortium;
  let acme: Organisation;
  let open: TestBrowser;

  beforeAll(async () => {
    chain = await Consortium.start();
    acme = await chain.admit("acme", { signers: ["second", "third"], threshold: 2 });
    await chain.admit("globex");
    const store = new AccountStore(chain.home.accounts);
    for (const name of ["acme", "second"]) await store.importPrivateKey(name, keyOf(name), password);
    await changeSettings(chain.home, { account: "second", organisation: "acme" });
    open = await TestBrowser.open(chain.home);
  });
  afterAll(async () => {
    await open?.[Symbol.asyncDispose]();
    await chain?.stop();
  });

  it("shows the organisation in use, and the roles of the account in use", async () => {
    const { organisation, accounts, chain: view } = open.browser;
    const found = await open.until("acme", organisation, () => organisation.organisation);
    expect(found).toMatchObject({ name: "acme", threshold: 2, namespaces: ["docker.io/acme"] });
    expect(organisation.name).toBe("acme");
    await open.until("the roles", accounts, () => accounts.roles.length > 0);
    expect(accounts).toMatchObject({ current: "second", roles: ["signer"], failure: undefined });
    // Gas costs nothing here.
    expect(accounts.balance).toBeUndefined();
    expect(view).toMatchObject({ id: 2016, registry: chain.connection.profile.registry });
    expect(view.label).toContain("127.0.0.1");
    expect(view.blocks.length).toBeGreaterThan(3);
    const numbers = view.blocks.map(({ number }) => number);
    expect(numbers).toEqual(numbers.map((_, at) => (numbers[0] ?? 0) - at));
  });

  it("approves a claim that waits for the account in use, and shows it then as a tag", async () => {
    const image = chain.image("docker.io/acme/api", "1.0");
    await signImage(chain.connection, signerOf("acme"), acme, image);
    const { organisation, tasks, chain: view } = open.browser;
    const waiting = await open.until("a pending claim", organisation, () => organisation.pending[0]);
    expect(waiting).toMatchObject({ mine: true, entry: { repository: "docker.io/acme/api", approvals: 1 } });
    await open.until("the event", view, () => view.events.some(({ act }) => act === "claimed"));

    const task = await open.over(tasks.approve(waiting.entry, password));
    expect(task, JSON.stringify(task.error)).toMatchObject({ stage: "done", kind: "approve" });
    expect(task.verdict).toMatchObject({ status: "signed", repository: "docker.io/acme/api" });
    const tag = await open.until("the tag", organisation, () => organisation.tags[0]);
    expect(tag).toMatchObject({ local: "unknown", entry: { tag: "1.0", isHead: true, standing: "good" } });
    await open.until("nothing to be pending", organisation, () => organisation.pending.length === 0);
    const again = await open.over(tasks.approve(waiting.entry, password));
    expect({ stage: again.stage, code: again.error?.code }).toEqual({
      stage: "failed",
      code: "NOTHING_PENDING",
    });
  });

  it("does not approve a claim that is not what was shown", async () => {
    const image = chain.image("docker.io/acme/api", "2.0");
    await signImage(chain.connection, signerOf("acme"), acme, image);
    const { organisation, tasks } = open.browser;
    const { entry } = await open.until("a pending claim", organisation, () => organisation.pending[0]);
    for (const other of [{ tag: "3.0" }, { repository: "docker.io/acme/web" }, { subjects: [] }]) {
      const task = await open.over(tasks.approve({ ...entry, ...other }, password));
      expect(task).toMatchObject({ stage: "failed", error: { code: "CLAIM_CHANGED" } });
    }
    const [pending] = await open.until("it to wait still", organisation, () => organisation.pending);
    expect(pending?.mine).toBe(true);
  });

  it("revokes by a claim's id, as the account that may", async () => {
    const { organisation, tasks, accounts } = open.browser;
    await accounts.use("acme");
    await open.until("the roles", accounts, () => accounts.roles.includes("admin"));
    const { entry } = await open.until("a pending claim", organisation, () => organisation.pending[0]);
    // It has signed this one itself.
    await open.until("it to be another's", organisation, () => organisation.pending[0]?.mine === false);
    const task = await open.over(tasks.revoke(entry.claim, "a mistake", password));
    expect(task.stage, JSON.stringify(task.error)).toBe("done");
    expect(task.lines.at(-1)).toEqual({ note: "revoked", about: entry.claim });
    await open.until("it to be gone", organisation, () => organisation.pending.length === 0);
    await accounts.use("second");
  });

  it("switches organisations, and refuses those that are not there", async () => {
    const { organisation, accounts } = open.browser;
    expect(await codeOf(() => accounts.useOrganisation("nobody"))).toBe("ORGANISATION_NOT_FOUND");
    await accounts.useOrganisation("globex");
    await open.until("globex", organisation, () => organisation.organisation?.name === "globex");
    expect(organisation.tags).toEqual([]);
    await accounts.useOrganisation("acme");
    await open.until("acme", organisation, () => organisation.tags.length > 0);
  });

  it("has a market of everybody's good images, with their history", async () => {
    const { market } = open.browser;
    const globex = open.browser.market.organisations().find(({ name }) => name === "globex");
    expect(globex?.signers).toEqual([signerOf("globex").address]);
    const image = chain.image("docker.io/globex/web", "1.0");
    const organisation = (await chain.admit("initech")) && globex;
    if (organisation === undefined) throw new Error("It was admitted.");
    await signImage(chain.connection, signerOf("globex"), { ...acme, ...organisation }, image);
    await open.until("the market", market, () => market.count({ text: "globex" }) === 1);
    const [entry] = market.page({ text: "globex" }, 0, 10);
    if (entry === undefined) throw new Error("There is one.");
    const history = await market.history(entry, new AbortController().signal);
    expect(history.map(({ act }) => act)).toEqual(["approved", "claimed"]);
    const stopped = AbortSignal.abort();
    expect(await codeOf(() => market.history(entry, stopped))).toBe("CANCELLED");

    await revokeDigests(
      chain.connection,
      signerOf("globex"),
      { ...acme, ...organisation },
      image.subjects.map(({ digest }) => digest),
      "withdrawn",
    );
    await open.until("it to leave", market, () => market.count({ text: "globex" }) === 0);
  });

  it("makes accounts, takes them over, and says what it cannot", async () => {
    const { accounts } = open.browser;
    const names = (): string[] => accounts.accounts.map(({ name }) => name);
    await accounts.create("fresh", password);
    await open.until("the account", accounts, () => names().includes("fresh"));
    expect(accounts.current).toBe("second");
    expect(await codeOf(() => accounts.create("fresh", password))).toBe("ACCOUNT_EXISTS");
    expect(await codeOf(() => accounts.create("Not A Name", password))).toBe("ACCOUNT_NAME_INVALID");
    expect(await codeOf(() => accounts.create("open", "short"))).toBe("PASSWORD_TOO_SHORT");

    const { privateKey, address } = Wallet.createRandom();
    await accounts.import("imported", privateKey, password);
    await open.until("the key", accounts, () => accounts.accounts.some((one) => one.address === address));
    const keystore = await new AccountStore(chain.home.accounts).export("imported");
    await accounts.import("copy", `\n${keystore}`, password);
    await open.until("the keystore", accounts, () => names().includes("copy"));
    const failures = [
      await failureOf(() => accounts.import("bad", `${privateKey}00`, password)),
      await failureOf(() => accounts.import("bad", keystore, "not the password")),
    ];
    expect(failures.map(({ code }) => code)).toEqual(["KEY_INVALID", "PASSWORD_WRONG"]);
    for (const { message, hint, stack } of failures) {
      expect(`${message}${hint}${stack}`).not.toContain(privateKey.slice(2));
      expect(`${message}${hint}${stack}`).not.toContain("not the password");
    }
    expect(await codeOf(() => accounts.use("nobody"))).toBe("ACCOUNT_NOT_FOUND");
    await accounts.use("fresh");
    await open.until("it to be in use", accounts, () => accounts.current === "fresh");
    expect(accounts.roles).toEqual([]);
    await accounts.use("second");
  });

  it("knows the account whose key is in the environment, and asks no password for it", async () => {
    await using other = await TestBrowser.open(chain.home, undefined, {
      DAOCHAIN_PRIVATE_KEY: keyOf("governor"),
    });
    const { accounts, tasks } = other.browser;
    await other.until("its role", accounts, () => accounts.roles.includes("governor"));
    expect(accounts.accounts[0]?.address).toBe(signerOf("governor").address);
    expect(accounts.current).toBe(accounts.accounts[0]?.name);
    expect(await tasks.secret()).toBe("nothing");
    expect(await codeOf(() => accounts.use("acme"))).toBe("ACCOUNT_IN_ENVIRONMENT");
  });

  it("asks no password that a file gives", async () => {
    await mkdir(`${chain.home.directory}/passwords`);
    await using other = await TestBrowser.open(chain.home, undefined, { DAOCHAIN_PASSWORD_FILE: "/nowhere" });
    expect(await other.browser.tasks.secret()).toBe("nothing");
    expect(await open.browser.tasks.secret()).toBe("password");
  });

  describeOnEngines("beside what the engine has", ({ name: store, host }) => {
    it("tells which tags are here, and which are not what they should be", async () => {
      const repository = `docker.io/acme/beside-${store}`;
      const name = (tag: string): string => `acme/beside-${store}:${tag}`;
      const facts = new Map<string, Awaited<ReturnType<typeof read>>>();
      const read = async (tag: string) =>
        (await openImage(`docker-daemon:${name(tag)}`, { docker: { host } })).inspect({
          depth: "content",
          thorough: true,
        });
      const build = (tag: string, content: string): Promise<void> =>
        buildTinyImage({ name: name(tag), files: { content }, docker: { host } });
      for (const tag of ["current", "superseded", "other"]) {
        await build(tag, `first ${tag}`);
        facts.set(tag, await read(tag));
      }
      const two = ["acme", "third"].map(signerOf);
      const record = async (image: Awaited<ReturnType<typeof read>>): Promise<void> => {
        const [first, second] = two;
        if (first === undefined || second === undefined) throw new Error("There are two.");
        const { claim } = await signImage(chain.connection, first, acme, image);
        const { approveClaim, findPending } = await import("../../../src/operations/approve.ts");
        const id = claim?.id as `0x${string}`;
        const [pending] = await findPending(chain.connection, acme, { claim: id });
        if (pending === undefined) throw new Error("It waits.");
        await approveClaim(chain.connection, second, pending);
      };
      for (const image of facts.values()) await record(image);
      await record(chain.image(repository, "missing"));
      // The tag moves on, and the local copy does not; another one becomes what was never claimed.
      await record(chain.image(repository, "superseded"));
      await build("other", "second other");

      await using beside = await TestBrowser.open(chain.home, host);
      const { organisation } = beside.browser;
      const locals = (): Record<string, string> =>
        Object.fromEntries(
          organisation.tags
            .filter(({ entry }) => entry.repository === repository)
            .map(({ entry, local }) => [entry.tag, local]),
        );
      await beside.until("the tags", organisation, () => locals()["current"] === "current");
      expect(locals()).toEqual({
        current: "current",
        missing: "missing",
        other: "other",
        superseded: "superseded",
      });
      const { removeImages } = await import("../../support/browser.ts");
      await removeImages(host, [name("current")]);
      beside.browser.images.refresh();
      await beside.until("one to be missing", organisation, () => locals()["current"] === "missing");
      await removeImages(host, [name("superseded"), name("other")]);
    });
  });
});
