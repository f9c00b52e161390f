import type { Translator } from "../../src/internal.ts";
import type { Browser } from "../browser/browser.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { wordsIn } from "../words/browser/browser-words.ts";
import type { Language } from "../words/language.ts";
import { actions } from "./keys/actions.ts";
import { mount } from "./mount.tsx";
import { Shell } from "./shell.ts";
import { Terminal } from "./terminal.ts";
import { Paint } from "./text/paint.ts";

/** Set as the window's title when the first whole screen has been drawn; programs that drive the browser wait for it. */
const ready = "\u001b[22;2t\u001b]2;DaoChain\u0007";
/** The title that was there before. */
const restoreTitle = "\u001b[23;2t";

/** What there is to see, and what says what the library says. */
export interface Loaded {
  readonly browser: Browser;
  readonly translator?: Translator;
}

/**
 * Shows the image browser until a person leaves it. However it ends, the terminal is as it was before.
 * @param options.load makes what there is to see; it is called after the first paint, which waits for nothing
 * @returns the process's exit code
 */
export async function openBrowser(
  context: Pick<Context, "signal">,
  options: {
    readonly language: Language;
    readonly isColored: boolean;
    readonly load: () => Promise<Loaded>;
  },
): Promise<number> {
  const { signal } = context;
  const shell = new Shell(await wordsIn(options.language), actions);
  const terminal = new Terminal(process.stdout);
  const mounted = mount({ shell, paint: new Paint(options.isColored), terminal, stdin: process.stdin });
  shell.outside = {
    redraw: mounted.redraw,
    exit: mounted.end,
    run: (reference) =>
      mounted.suspend(async () => (await import("./run-image.ts")).runImage(reference, shell.words)),
  };
  const onAbort = (): void => mounted.end();
  const onError = (error: unknown): void => mounted.end(error);
  signal.addEventListener("abort", onAbort);
  process.on("SIGHUP", onAbort);
  // The terminal is gone, though nobody was told by a signal: nothing can be shown any more.
  process.stdout.on("error", onAbort);
  process.on("uncaughtException", onError);
  process.on("unhandledRejection", onError);
  let loading: Promise<Loaded> | undefined;
  let isOver = false;
  try {
    if (signal.aborted) onAbort();
    await mounted.flush();
    terminal.write(ready);
    loading = options.load();
    loading.then(({ browser, translator }) => {
      if (isOver) return;
      shell.attach(browser, translator);
      browser.start();
    }, onError);
    await mounted.ended;
  } finally {
    isOver = true;
    shell.detach();
    terminal.close();
    terminal.write(restoreTitle);
    signal.removeEventListener("abort", onAbort);
    process.off("SIGHUP", onAbort);
    process.stdout.off("error", onAbort);
    process.off("uncaughtException", onError);
    process.off("unhandledRejection", onError);
    // What keeps the terminal in its own mode after all is not known to Ink.
    if (process.stdin.isTTY) process.stdin.setRawMode(false);
    process.stdin.pause();
    const loaded = await loading?.catch(() => undefined);
    await loaded?.browser.close();
  }
  return signal.aborted ? exitCodes.cancelled : exitCodes.success;
}
