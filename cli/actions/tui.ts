import * as library from "../../src/internal.ts";
import type { Context } from "../context.ts";
import { canDraw } from "../terminal.ts";

/** Opens the image browser on the terminal. */
export async function tui(context: Context): Promise<number> {
  if (!canDraw(context.env)) {
    throw library.failure("TERMINAL_MISSING");
  }
  const { isColored } = context.style;
  const { showBrowser } = await import("../browse.ts");
  return showBrowser(context.signal, { language: context.language, isColored }, async () => context);
}
