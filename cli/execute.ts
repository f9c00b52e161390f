import { CommanderError } from "commander";
import { exitCodes } from "./exit-codes.ts";
import { createProgram } from "./program.ts";
import { untilEnded } from "./signals.ts";
import type { ProgramName } from "./start.ts";
import { helpIn } from "./words/help/help.ts";
import { type Language, languageOf } from "./words/language.ts";

/** Runs the command line to its end and sets the process's exit code. */
export async function run(argv: readonly string[], name: ProgramName): Promise<void> {
  const language = languageOf(optionOf(argv, "--lang"), process.env);
  await untilEnded(
    async ({ signal, interrupt, endAfter }) => {
      const program = createProgram({ name, signal, endAfter, language, help: await helpIn(language) });
      if (name === "daochain") await program.parseAsync([...argv]);
      else {
        const { prepareAsPlugin, watchDocker } = await import("./docker/plugin.ts");
        watchDocker(process.env, interrupt);
        await program.parseAsync(prepareAsPlugin(argv.slice(2), process.env), { from: "user" });
      }
    },
    (error, signal) => report(error, signal, { json: argv.includes("--json"), language }),
  );
}

async function report(
  error: unknown,
  signal: AbortSignal,
  options: { readonly json: boolean; readonly language: Language },
): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.success : exitCodes.usage;
  return (await import("./output/failure.ts")).reportFailure(error, signal, options);
}

/** An option's value before the command line is read: help is made in its language. */
function optionOf(argv: readonly string[], name: string): string | undefined {
  const end = argv.indexOf("--");
  const read = end === -1 ? argv : argv.slice(0, end);
  const at = read.findLastIndex((word) => word === name || word.startsWith(`${name}=`));
  return read[at] === name ? read[at + 1] : read[at]?.slice(name.length + 1);
}
