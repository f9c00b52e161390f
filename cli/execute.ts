import { CommanderError } from "commander";
import { exitCodes } from "./exit-codes.ts";
import { createProgram } from "./program.ts";
import { untilEnded } from "./signals.ts";
import type { ProgramName } from "./start.ts";

/** Runs the command line to its end and sets the process's exit code. */
export async function run(argv: readonly string[], name: ProgramName): Promise<void> {
  await untilEnded(
    async (signal, onSignal) => {
      const program = createProgram(signal, name);
      if (name === "daochain") await program.parseAsync([...argv]);
      else {
        const { prepareAsPlugin, watchDocker } = await import("./docker/plugin.ts");
        watchDocker(process.env, onSignal);
        await program.parseAsync(prepareAsPlugin(argv.slice(2), process.env), { from: "user" });
      }
    },
    (error, signal) => report(error, signal, argv.includes("--json")),
  );
}

async function report(error: unknown, signal: AbortSignal, json: boolean): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.success : exitCodes.usage;
  return (await import("./output/failure.ts")).reportFailure(error, signal, json);
}
