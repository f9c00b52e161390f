import { setFlagsFromString } from "node:v8";
import type { Context } from "./context.ts";
import { untilEnded } from "./signals.ts";
import { openBrowser } from "./tui/open.ts";
import { languageOf } from "./words/language.ts";

export interface BrowseOptions {
  /** as `--lang` gives it */
  readonly language?: string | undefined;
  readonly isColored: boolean;
}

/** Opens the image browser as the environment has it, on a terminal that it can be drawn on. What else it needs is loaded after it is drawn. */
export async function browse(): Promise<void> {
  const { NO_COLOR = "" } = process.env;
  await untilEnded(
    async ({ signal }) => {
      const load = async () =>
        (await import("./context.ts")).createContext(
          {},
          { signal, language: languageOf(undefined, process.env) },
        );
      process.exitCode = await showBrowser(signal, { isColored: NO_COLOR === "" }, load);
    },
    async (error, signal) =>
      (await import("./output/failure.ts")).reportFailure(error, signal, {
        json: false,
        language: languageOf(undefined, process.env),
      }),
  );
}

/**
 * Shows the image browser.
 * @param context makes what its tasks run in, once it is drawn
 * @returns the process's exit code
 */
export async function showBrowser(
  signal: AbortSignal,
  options: BrowseOptions,
  context: () => Promise<Context>,
): Promise<number> {
  // Room for what is new is given again (start.ts takes it): what draws makes much of it, and lets go of it at once.
  setFlagsFromString("--semi-space-growth-factor=2");
  return openBrowser(
    { signal },
    {
      language: languageOf(options.language, process.env),
      isColored: options.isColored,
      load: async () => {
        const { createBrowser } = await import("./browser/models/browser.ts");
        const made = await context();
        return { browser: createBrowser(made), translator: made.translator };
      },
    },
  );
}
