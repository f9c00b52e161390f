import { setFlagsFromString } from "node:v8";
import * as library from "../../src/index.ts";
import type { Context } from "../context.ts";
import { canDraw } from "../terminal.ts";
import { languageOf } from "../tui/words/language.ts";

export interface TuiOptions {
  readonly lang?: string;
}

/** Opens the image browser on the terminal. */
export async function tui(context: Context, options: TuiOptions): Promise<number> {
  if (!canDraw(context.env)) {
    throw new library.DaoChainError("USAGE", "The image browser needs a terminal that can move its cursor.", {
      hint: "Without one, daochain verify, search, images and log print the same.",
    });
  }
  // Room for what is new is given again (start.ts takes it): what draws makes much of it, and lets go of it at once.
  setFlagsFromString("--semi-space-growth-factor=2");
  const { openBrowser } = await import("../tui/open.ts");
  return openBrowser(context, {
    language: languageOf(options.lang, context.env),
    isColored: context.style.isColored,
    load: async () => (await import("../tui/models/browser.ts")).createBrowser(context),
  });
}
