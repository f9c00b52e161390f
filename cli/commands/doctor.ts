import type { Command } from "commander";
import type { DoctorOptions } from "../actions/doctor.ts";
import { type CommandLine, command, runs } from "./command.ts";

export function doctorCommand(line: CommandLine): Command {
  const { description, options, examples, notes } = line.help.doctor.doctor;
  const made = command(line, "doctor", description, examples)
    .option("--policy <file>", options.policy)
    .addHelpText("after", notes);
  return runs<DoctorOptions>(line, made, async (context, given) =>
    (await import("../actions/doctor.ts")).doctor(context, given),
  );
}
