import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test, vi } from "vitest";

vi.setConfig({ testTimeout: 30_000 });

const module = fileURLToPath(new URL("../../../cli/foreground.ts", import.meta.url));

/** Runs a shell script in the foreground of another process, which is what the signals are sent to. */
async function inForeground(
  script: string,
  options: { replace?: boolean; signal?: NodeJS.Signals; stopAfter?: number } = {},
): Promise<{ code: number | null; signal: NodeJS.Signals | null; stdout: string }> {
  const program = `
    const { runInForeground } = await import(${JSON.stringify(module)});
    const stop = ${options.stopAfter === undefined ? "undefined" : `AbortSignal.timeout(${options.stopAfter})`};
    const options = { env: process.env, stop, replace: ${options.replace === true} };
    process.exitCode = await runInForeground("/bin/sh", ["-c", ${JSON.stringify(script)}, "sh"], options);
  `;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    // On a terminal, what is typed there is not handed on: none of these may be one.
    stdio: ["ignore", "pipe", "ignore"],
  });
  let stdout = "";
  for await (const text of child.stdout.setEncoding("utf8")) {
    stdout += text;
    if (options.signal !== undefined && stdout.endsWith("ready\n")) child.kill(options.signal);
  }
  if (child.exitCode === null && child.signalCode === null)
    await new Promise((resolve) => child.once("exit", resolve));
  return { code: child.exitCode, signal: child.signalCode, stdout };
}

const trapping = "trap 'echo told; exit 9' TERM INT HUP QUIT; echo ready; while :; do sleep 0.1; done";

describe.each([false, true])("another program in the foreground (in this one's place: %s)", (replace) => {
  test("its output and exit code are this one's", async () => {
    expect(await inForeground("echo out; exit 42", { replace })).toEqual({
      code: 42,
      signal: null,
      stdout: "out\n",
    });
  });

  test.each(["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"] as const)("%s is handed on", async (signal) => {
    expect(await inForeground(trapping, { replace, signal })).toMatchObject({
      code: 9,
      stdout: "ready\ntold\n",
    });
  });
});

describe("another program beside this one", () => {
  test("that a signal ends gives 128 and the signal's number", async () => {
    expect((await inForeground("kill -KILL $$")).code).toBe(137);
  });

  test("is told to end when it should", async () => {
    expect(await inForeground(trapping, { stopAfter: 300 })).toMatchObject({
      code: 9,
      stdout: "ready\ntold\n",
    });
  });

  test("leaves signals to this process again, as they were", async () => {
    const { runInForeground } = await import("../../../cli/foreground.ts");
    const listener = (): void => {};
    process.on("SIGHUP", listener);
    try {
      const before = process.listeners("SIGHUP");
      await runInForeground("/bin/sh", ["-c", "exit 0"], { env: process.env });
      expect(process.listeners("SIGHUP")).toEqual(before);
    } finally {
      process.off("SIGHUP", listener);
    }
  });
});
