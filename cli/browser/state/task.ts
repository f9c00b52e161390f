import type { Act } from "../browser.ts";

export function isRunning({ stage }: Act): boolean {
  return stage !== "done" && stage !== "failed" && stage !== "cancelled";
}
