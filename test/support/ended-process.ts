import { spawn } from "node:child_process";
import { once } from "node:events";

/** The number of a process that was and is no more. */
export async function endedProcess(): Promise<number> {
  const child = spawn(process.execPath, ["--eval", "0"], { stdio: "ignore" });
  await once(child, "exit");
  return child.pid ?? 0;
}
