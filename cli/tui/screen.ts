import { createContext, use } from "react";
import type { Words } from "../words/browser/browser-words.ts";
import type { Shell } from "./shell.ts";
import type { Paint } from "./text/paint.ts";

/** What everything that draws needs to know. */
export interface Screen {
  readonly shell: Shell;
  readonly words: Words;
  readonly paint: Paint;
  readonly columns: number;
  readonly rows: number;
  /** the moment that is drawn, in milliseconds since 1970 */
  readonly now: number;
}

export const ScreenContext = createContext<Screen | undefined>(undefined);

export function useScreen(): Screen {
  const screen = use(ScreenContext);
  if (screen === undefined) throw new Error("nothing is drawn outside of a screen");
  return screen;
}
