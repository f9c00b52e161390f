import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Verdict } from "../../src/internal.ts";
import * as library from "../../src/internal.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { toJson } from "../output/sanitize.ts";
import { down } from "./down.ts";
import { revoke } from "./revoke.ts";
import { sign } from "./sign.ts";
import { up } from "./up.ts";
import { verify } from "./verify.ts";

export interface DemoOptions {
  readonly docker?: boolean;
}

/** An image that the demo can build again and again under one name. */
interface Workshop {
  readonly image: string;
  readonly where: string;
  build(content: string): Promise<void>;
  clean(): Promise<void>;
}

/**
 * The main job from nothing, in a home of its own that is gone afterwards: up, sign, verify, replace, verify, sign again, revoke.
 * @returns 0 only if every step came out as it must
 */
export async function demo(context: Context, options: DemoOptions): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), "daochain-demo-"));
  const inner: Context = {
    ...context,
    // The user's own keys and chain have no part in this.
    env: Object.fromEntries(Object.entries(context.env).filter(([name]) => !name.startsWith("DAOCHAIN_"))),
    home: library.homeAt(join(directory, "home")),
    interactive: false,
    json: true,
    quiet: true,
    note: () => {},
  };
  const words = context.words.chain.demo;
  let workshop: Workshop | undefined;
  try {
    workshop = await openWorkshop(context, directory, options.docker !== false);
    const { image, where } = workshop;
    const story = new Story(context, inner);
    story.tell(words.begin(where));
    await story.step("daochain up", (at) => up(at, {}), null, 0);
    await workshop.build("what the maker built\n");
    await story.step(`daochain verify ${image}`, (at) => verify(at, [image], {}), "unsigned", 10);
    await story.step(`daochain sign ${image}`, (at) => sign(at, [image], {}), "signed", 0);
    await story.step(`daochain verify ${image}`, (at) => verify(at, [image], {}), "verified", 0);
    await workshop.build("what somebody else built\n");
    story.tell(words.replaced(image));
    await story.step(`daochain verify ${image}`, (at) => verify(at, [image], {}), "mismatch", 11);
    story.tell(words.update);
    await story.step(`daochain sign ${image}`, (at) => sign(at, [image], {}), "signed", 0);
    await story.step(`daochain verify ${image}`, (at) => verify(at, [image], {}), "verified", 0);
    await story.step(
      `daochain revoke ${image} --reason "a flaw" --yes`,
      (at) => revoke(at, image, { reason: "a flaw", yes: true }),
      "revoked",
      0,
    );
    await story.step(`daochain verify ${image}`, (at) => verify(at, [image], {}), "revoked", 12);
    return story.end();
  } finally {
    // Ctrl-C ends the story, not the tidying.
    const tidy = { ...inner, signal: new AbortController().signal, result: () => {} };
    await down(tidy).catch((error) => context.note(words.chainLeft(String(error))));
    await workshop?.clean().catch((error) => context.note(words.imagesLeft(String(error))));
    await rm(directory, { recursive: true, force: true });
  }
}

/** Runs one command after the other, tells what came out, and whether it was what had to. */
class Story {
  readonly #outer: Context;
  readonly #inner: Context;
  readonly #steps: { command: string; status: string | null; exitCode: number; expected: boolean }[] = [];

  constructor(outer: Context, inner: Context) {
    this.#outer = outer;
    this.#inner = inner;
  }

  async step(
    command: string,
    run: (context: Context) => Promise<number>,
    status: Verdict<string>["status"] | null,
    code: number,
  ): Promise<void> {
    let output = "";
    const exitCode = await run({ ...this.#inner, result: (line) => (output += line) });
    const found = status === null ? null : ((JSON.parse(output) as { status?: string }).status ?? null);
    const expected = exitCode === code && found === status;
    this.#steps.push({ command, status: found, exitCode, expected });
    if (this.#outer.json || (this.#outer.quiet && expected)) return;
    const { style } = this.#outer;
    const words = this.#outer.words.chain.demo;
    this.#outer.result(`${style.dim("$")} ${command}`);
    if (found !== null)
      this.#outer.result(
        `  ${style.status(found as Verdict["status"])} ${style.dim(words.exitCode(exitCode))}`,
      );
    if (!expected) this.#outer.result(`  ${words.expected(status ?? words.success, code)}`);
  }

  tell(sentence: string): void {
    if (!this.#outer.json && !this.#outer.quiet) this.#outer.result(sentence);
  }

  end(): number {
    const good = this.#steps.every(({ expected }) => expected);
    if (this.#outer.json) this.#outer.result(toJson({ good, steps: this.#steps }));
    const words = this.#outer.words.chain.demo;
    this.tell(good ? words.good : words.bad);
    return good ? exitCodes.success : exitCodes.defect;
  }
}

async function openWorkshop(context: Context, directory: string, docker: boolean): Promise<Workshop> {
  const { signal } = context;
  const words = context.words.chain.demo;
  const engine = docker ? await library.pingDocker({ signal }).catch(unlessCancelled()) : undefined;
  if (engine === undefined) {
    const path = join(directory, "image");
    return {
      image: `oci:${path}:1.0`,
      where: words.layout,
      build: async (content) => {
        await library.writeOciLayout({ directory: path, tag: "1.0", files: { "app/hello": content } });
      },
      clean: async () => {},
    };
  }
  const image = `localhost/daochain-demo:${Math.random().toString(36).slice(2, 8)}`;
  const ids = new Set<string>();
  return {
    image,
    where: words.engine(engine.version),
    build: async (content) => {
      await library.buildTinyImage({ name: image, files: { "app/hello": content }, signal });
      const { subjects } = await (await library.openImage(`docker-daemon:${image}`)).inspect({
        depth: "id",
        signal,
      });
      for (const { digest } of subjects) ids.add(digest);
    },
    clean: async () => {
      for (const name of [image, ...ids]) await library.removeImage(name);
    },
  };
}

function unlessCancelled(): (error: unknown) => undefined {
  return (error) => {
    if (!library.isDaoChainError(error) || error.outcome === "cancelled") throw error;
    return undefined;
  };
}
