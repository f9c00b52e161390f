import { CommanderError } from "commander";
import { exitCodes } from "./exit-codes.ts";
import { createProgram } from "./program.ts";
import type { ProgramName } from "./start.ts";
import { canDraw } from "./terminal.ts";

/** Runs the command line to its end and sets the process's exit code. */
export async function run(argv: readonly string[], name: ProgramName): Promise<void> {
  const abort = new AbortController();
  let signals = 0;
  const onSignal = (): void => {
    abort.abort();
    // Whoever presses it again does not want to wait for a tidy end.
    if (++signals > 1) process.exit(exitCodes.cancelled);
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  // A reader that has seen enough (head) is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) =>
    process.exit(error.code === "EPIPE" ? 0 : exitCodes.defect),
  );
  process.stderr.on("error", () => {});
  // Alone on a terminal, it is the browser that is meant.
  const isAlone = name === "daochain" && argv.length === 2 && canDraw(process.env);
  // What draws takes longest to load: it is on its way while the rest is read.
  if ((isAlone || argv[2] === "tui") && canDraw(process.env)) import("./tui/open.ts").catch(() => {});
  try {
    const program = createProgram(abort.signal, name);
    if (name === "daochain") await program.parseAsync(isAlone ? [...argv, "tui"] : [...argv]);
    else {
      const { prepareAsPlugin, watchDocker } = await import("./docker/plugin.ts");
      watchDocker(process.env, onSignal);
      await program.parseAsync(prepareAsPlugin(argv.slice(2), process.env), { from: "user" });
    }
  } catch (error) {
    process.exitCode = await report(error, abort.signal, argv.includes("--json"));
  } finally {
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
  }
}

async function report(error: unknown, signal: AbortSignal, json: boolean): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.success : exitCodes.usage;
  return (await import("./output/failure.ts")).reportFailure(error, signal, json);
}
