import type { Context } from "../../context.ts";
import type { Browser } from "../browser.ts";
import { emptyBrowser } from "../state/empty-browser.ts";

/** What the browser shows of this home, its chain and its engine. */
export function createBrowser(_context: Context): Browser {
  return emptyBrowser();
}
