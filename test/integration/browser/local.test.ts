import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { buildTinyImage } from "../../../src/internal.ts";
import { removeImages, TestBrowser } from "../../support/browser.ts";
import { describeOnEngines } from "../../support/engines.ts";
import { OwnChain, password } from "../../support/own-chain.ts";

describeOnEngines("the local images", ({ name: store, host }) => {
  let chain: OwnChain;
  let open: TestBrowser;
  let names: string[] = [];
  let number = 0;

  beforeAll(async () => {
    chain = await OwnChain.start();
  });
  afterAll(() => chain?.[Symbol.asyncDispose]());
  beforeEach(async () => {
    open = await TestBrowser.open(chain.home, host);
  });
  afterEach(async () => {
    await open[Symbol.asyncDispose]();
    await removeImages(host, names.splice(0));
  });

  async function build(content: string, name = `tui-${store}/image:${++number}`): Promise<string> {
    await buildTinyImage({ name, files: { "app/hello": content }, docker: { host } });
    names = [...new Set([...names, name])];
    open.browser.images.refresh();
    return name;
  }

  /** In another process, as another person would. */
  async function elsewhere(...arguments_: string[]): Promise<string> {
    const file = join(chain.home.directory, "password");
    await writeFile(file, password);
    return open.command(arguments_, { DAOCHAIN_PASSWORD_FILE: file });
  }

  it("are listed with what the engine says of them, and judged by its word", async () => {
    const name = await build("one");
    const row = await open.judged(name, "unsigned");
    expect(row).toMatchObject({ reference: name, name, work: undefined, turned: undefined });
    expect(row.id).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(row.size).toBeGreaterThan(0);
    expect(row.verdict).toMatchObject({ depth: "id", image: name, organisation: "acme" });
    const { images } = open.browser;
    await open.until("the engine to be described", images, () => images.about?.store === store);
    expect(images.engine.state).toBe("up");
    const created = images.rows.map((one) => one.created);
    expect(created).toEqual(created.toSorted((a, b) => b - a));
    await open.until("all verdicts", images, () => images.waiting === 0);
  });

  it("are the same objects until something of them changes", async () => {
    const [one, other] = [await build("first"), await build("second")];
    const before = await open.judged(one, "unsigned");
    await open.judged(other, "unsigned");
    const { images } = open.browser;
    await open.until("all verdicts", images, () => images.waiting === 0);
    const kept = open.row(one);
    const rows = images.rows;
    expect(images.rows).toBe(rows);
    images.verify(open.row(other)?.key ?? "", "runtime");
    await open.until("a deeper verdict", images, () => open.row(other)?.verdict?.depth === "runtime");
    expect(open.row(one)).toBe(kept);
    expect(open.row(one)?.key).toBe(before.key);
    expect(images.rows).not.toBe(rows);
  });

  it("turn verified when they are signed, and revoked when somebody else revokes them", async () => {
    const name = await build("to be signed");
    await open.judged(name, "unsigned");
    const { tasks, images, chain: view } = open.browser;
    expect(await tasks.secret()).toBe("password");
    const stages = new Set<string>();
    const task = tasks.sign(name, password);
    task.subscribe(() => stages.add(task.stage));
    expect(task).toMatchObject({ kind: "sign", subject: name, stage: "unlocking" });
    await open.over(task);
    expect(task, JSON.stringify(task.error)).toMatchObject({ stage: "done", error: undefined });
    expect(stages).toContain("reading");
    expect(task.verdict).toMatchObject({ status: "signed", image: name });
    expect(task.lines.slice(0, 2)).toEqual([
      { note: "sent", about: expect.stringMatching(/^0x[0-9a-f]{64}$/) },
      { note: "recorded", about: expect.stringMatching(/^\d+$/) },
    ]);
    const signed = await open.judged(name, "verified");
    expect(signed.turned?.from).toBe("unsigned");
    images.acknowledge(signed.key);
    await open.until("it to be acknowledged", images, () => open.row(name)?.turned === undefined);
    // What was done here is not told.
    expect(view.events).toEqual([]);

    await elsewhere("revoke", name, "--reason", "a hole", "--yes");
    const revoked = await open.judged(name, "revoked");
    expect(revoked.turned?.from).toBe("verified");
    expect(Math.abs(Date.now() - (revoked.turned?.at ?? 0))).toBeLessThan(60_000);
    await open.until("the event", view, () => view.events.some(({ reason }) => reason === "a hole"));
  });

  it("keep what was found in their bytes, until the chain says something else", async () => {
    const name = await build("deep".repeat(4_000_000));
    const { tasks, images } = open.browser;
    const counted: number[] = [];
    images.subscribe(() => counted.push(open.row(name)?.progress?.bytes ?? 0));
    await open.over(tasks.sign(name, password));
    const { key } = await open.judged(name, "verified");
    images.verify(key, "runtime");
    await open.until("a deeper verdict", images, () => open.row(name)?.verdict?.depth === "runtime");
    const deep = open.row(name)?.verdict;
    expect(deep?.status).toBe("verified");
    expect(Math.max(...counted)).toBeGreaterThan(0);
    expect(open.row(name)?.progress).toBeUndefined();
    images.verify(key, "id");
    // By then it has been looked at.
    await open.over(tasks.diff(name));
    await open.until("all verdicts", images, () => images.waiting === 0);
    expect(open.row(name)?.verdict).toBe(deep);
    await open.over(tasks.revoke(name, "no longer", password));
    await open.judged(name, "revoked");
  });

  it("follow a name to another image, and forget those that are gone", async () => {
    const name = await build("the first");
    const { tasks, images } = open.browser;
    await open.over(tasks.sign(name, password));
    const first = await open.judged(name, "verified");
    await build("the second", name);
    const second = await open.judged(name, "mismatch");
    expect(second.key).not.toBe(first.key);
    expect(second.turned?.from).toBe("verified");
    await removeImages(host, [name, first.id]);
    images.refresh();
    await open.until("it to be gone", images, () => open.row(name) === undefined);
    expect(images.rows.some(({ id }) => id === first.id)).toBe(false);
  });

  it("are not signed with a wrong password, and no password is shown anywhere", async () => {
    const name = await build("guarded");
    await open.judged(name, "unsigned");
    const { tasks } = open.browser;
    const wrong = await open.over(tasks.sign(name, "wrong horse 馬"));
    expect(wrong).toMatchObject({ stage: "failed", error: { code: "PASSWORD_WRONG" } });
    const missing = await open.over(tasks.sign(name));
    expect(missing).toMatchObject({ stage: "failed", error: { code: "PASSWORD_MISSING" } });
    const right = await open.over(tasks.sign(name, password));
    expect(right.stage).toBe("done");
    const shown = JSON.stringify([wrong, missing, right, tasks.all].map((one) => inspectAll(one)));
    expect(shown).not.toContain("horse");
    tasks.dismiss(wrong);
    await open.until("it to be dismissed", tasks, () => !tasks.all.includes(wrong));
    expect(tasks.all).toContain(right);
  });

  it("are compared with their layers, and read for revocation by what they are", async () => {
    const name = await build("compared");
    const { tasks } = open.browser;
    const diff = await open.over(tasks.diff(name));
    expect(diff).toMatchObject({ stage: "done", differences: [] });
    const nothing = await open.over(tasks.diff("tui/nothing:1"));
    expect(nothing).toMatchObject({ stage: "failed", error: { code: "IMAGE_NOT_FOUND" } });
    await open.over(tasks.sign(name, password));
    const falling = await tasks.falling(name, new AbortController().signal);
    expect(falling).toMatchObject({ organisation: "acme", claim: undefined, before: false });
    expect(falling.names).toEqual([`docker.io/${name}`]);
    expect(falling.digests).toContain(open.row(name)?.id);
    const revoked = await open.over(tasks.revoke(name, "done with", password));
    expect(revoked.stage, JSON.stringify(revoked.error)).toBe("done");
    expect(revoked.lines).toContainEqual({ note: "revoked", about: open.row(name)?.id });
    const again = await open.over(tasks.revoke(name, "done with", password));
    expect(again).toMatchObject({ stage: "done", lines: [{ note: "revokedBefore", about: "" }] });
    const resigned = await open.over(tasks.sign(name, password));
    expect(resigned).toMatchObject({ stage: "failed", error: { code: "IMAGE_REVOKED" } });
  });

  it("are what the engine calls so, though a name may look like a place elsewhere", async () => {
    const name = await build("odd", "oci:1.0");
    const { tasks } = open.browser;
    await open.judged(name, "unsigned");
    const signed = await open.over(tasks.sign(name, password));
    expect(signed.verdict, JSON.stringify(signed.error)).toMatchObject({ image: name, status: "signed" });
    await open.judged(name, "verified");
    expect(await open.over(tasks.diff(name))).toMatchObject({ stage: "done", differences: [] });
    const revoked = await open.over(tasks.revoke(name, "odd", password));
    expect(revoked.lines, JSON.stringify(revoked.error)).toContainEqual({
      note: "revoked",
      about: open.row(name)?.id,
    });
    await open.judged(name, "revoked");
  });

  it("are not signed where the name stands for another image than the one that was seen", async () => {
    const name = await build("seen");
    await open.judged(name, "unsigned");
    const { tasks } = open.browser;
    // The list is not asked for again in between.
    await buildTinyImage({ name, files: { "app/hello": "unseen" }, docker: { host } });
    const task = await open.over(tasks.sign(name, password));
    expect(task).toMatchObject({ stage: "failed", error: { code: "IMAGE_CHANGED" } });
    await open.judged(name, "unsigned");
  });

  it("are not revoked where more would fall than a person was told", async () => {
    const name = await build("told");
    const { tasks } = open.browser;
    await open.over(tasks.sign(name, password));
    await tasks.falling(name, new AbortController().signal);
    await build("moved", name);
    await open.until(
      "the other image",
      open.browser.images,
      () => open.row(name)?.verdict?.status === "mismatch",
    );
    await open.over(tasks.sign(name, password));
    const refused = await open.over(tasks.revoke(name, "too much", password));
    expect(refused).toMatchObject({ stage: "failed", error: { code: "REVOCATION_CHANGED" } });
    await open.judged(name, "verified");
    expect((await open.over(tasks.revoke(name, "on purpose", password))).stage).toBe("done");
    await open.judged(name, "revoked");
  });

  it("are signed two at once, each with its own end", async () => {
    const [one, other] = [await build("left"), await build("right")];
    const { tasks } = open.browser;
    const both = [tasks.sign(one, password), tasks.sign(other, password)];
    for (const task of both) expect((await open.over(task)).stage, JSON.stringify(task.error)).toBe("done");
    await open.judged(one, "verified");
    await open.judged(other, "verified");
    expect(tasks.all.slice(0, 2)).toEqual(both.reverse());
  });
});

/** Everything that can be got at from an object, its getters included. */
function inspectAll(value: unknown, seen = new Set<unknown>()): unknown {
  if (typeof value !== "object" || value === null) return String(value);
  if (seen.has(value)) return "(again)";
  seen.add(value);
  if (Array.isArray(value)) return value.map((one) => inspectAll(one, seen));
  const names = new Set<string>();
  for (
    let at: object | null = value;
    at !== null && at !== Object.prototype;
    at = Object.getPrototypeOf(at)
  ) {
    for (const name of Object.getOwnPropertyNames(at)) names.add(name);
  }
  return Object.fromEntries(
    [...names].map((name) => {
      const inner = (value as Record<string, unknown>)[name];
      return [name, typeof inner === "function" ? "function" : inspectAll(inner, seen)];
    }),
  );
}
