import type { Task } from "../browser.ts";

export function isRunning({ stage }: Task): boolean {
  return stage !== "done" && stage !== "failed" && stage !== "cancelled";
}
