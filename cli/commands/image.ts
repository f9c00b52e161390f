import { type Command, Option } from "commander";
import type { ApproveOptions } from "../actions/approve.ts";
import type { InspectOptions } from "../actions/inspect.ts";
import type { LogOptions } from "../actions/log.ts";
import type { RevokeOptions } from "../actions/revoke.ts";
import type { SignOptions } from "../actions/sign.ts";
import type { SubmitOptions } from "../actions/submit.ts";
import type { VerifyOptions } from "../actions/verify.ts";
import { type CommandLine, collect, command, runs, wholeNumber } from "./command.ts";

export function imageCommands(line: CommandLine): Command[] {
  const { image: help } = line.help;
  return [
    signCommand(line),
    verifyCommand(line),
    inspectCommand(line),
    runs<object>(
      line,
      command(line, "diff <image>", help.diff.description, help.diff.examples),
      async (context, _options, image = "") => (await import("../actions/diff.ts")).diff(context, image),
    ),
    approveCommand(line),
    submitCommand(line),
    revokeCommand(line),
    logCommand(line),
  ];
}

/** What a claim that is recorded may be waited for. */
export function untilOption(description: string): Option {
  return new Option("--until <what>", description).choices(["recorded", "approved"]);
}

function signCommand(line: CommandLine): Command {
  const { sign: help, references } = line.help.image;
  const { options } = help;
  const sign = command(line, "sign [image...]", help.description, help.examples)
    .option("--org <name>", options.org)
    .option("--account <name>", options.account)
    .option("--expires <when>", options.expires)
    .option("--annotation <key=value>", options.annotation, collect)
    .addOption(new Option("--depth <depth>", options.depth).choices(["manifest", "content", "runtime"]))
    .option("--file <list>", options.file)
    .option("--batch", options.batch)
    .option("-o, --output <file>", options.output)
    .option("--dry-run", options["dry-run"])
    .addOption(untilOption(options.until))
    .addHelpText("after", `${references}\n${help.notes}`);
  return runs<SignOptions>(line, sign, async (context, given, ...images) =>
    (await import("../actions/sign.ts")).sign(context, images.flat(), given),
  );
}

function verifyCommand(line: CommandLine): Command {
  const { verify: help, references } = line.help.image;
  const { options } = help;
  const verify = withQuestion(command(line, "verify [image...]", help.description, help.examples), options)
    .option("--at <block|time>", options.at)
    .option("--file <list>", options.file)
    .addHelpText("after", references);
  return runs<VerifyOptions>(line, verify, async (context, given, ...images) =>
    (await import("../actions/verify.ts")).verify(context, images.flat(), given),
  );
}

function inspectCommand(line: CommandLine): Command {
  const { inspect: help, references } = line.help.image;
  const { options } = help;
  const inspect = withQuestion(command(line, "inspect <image>", help.description, help.examples), options)
    .option("--limit <number>", options.limit, wholeNumber(line, 1, 10_000), 20)
    .addHelpText("after", `${references}\n${help.notes}`);
  return runs<InspectOptions>(line, inspect, async (context, given, image = "") =>
    (await import("../actions/inspect.ts")).inspect(context, image, given),
  );
}

/** What is asked about an image: whose word counts, and how deep to look. */
function withQuestion(
  made: Command,
  options: { readonly org: string; readonly depth: string; readonly policy: string },
): Command {
  return made
    .option("--org <name>", options.org)
    .addOption(new Option("--depth <depth>", options.depth).choices(["id", "manifest", "content", "runtime"]))
    .option("--policy <file>", options.policy);
}

function approveCommand(line: CommandLine): Command {
  const help = line.help.image.approve;
  const approve = command(line, "approve <image|claim>", help.description, help.examples)
    .option("--org <name>", help.options.org)
    .option("--account <name>", help.options.account)
    .addOption(untilOption(help.options.until));
  return runs<ApproveOptions>(line, approve, async (context, given, target = "") =>
    (await import("../actions/approve.ts")).approve(context, target, given),
  );
}

function submitCommand(line: CommandLine): Command {
  const help = line.help.image.submit;
  const submit = command(line, "submit <file>", help.description, help.examples)
    .option("--account <name>", help.options.account)
    .addOption(untilOption(help.options.until));
  return runs<SubmitOptions>(line, submit, async (context, given, file = "") =>
    (await import("../actions/submit.ts")).submit(context, file, given),
  );
}

function revokeCommand(line: CommandLine): Command {
  const help = line.help.image.revoke;
  const revoke = command(line, "revoke <image|digest|claim>", help.description, help.examples)
    .requiredOption("--reason <text>", help.options.reason)
    .option("--org <name>", help.options.org)
    .option("--account <name>", help.options.account)
    .option("-y, --yes", help.options.yes);
  return runs<RevokeOptions>(line, revoke, async (context, given, target = "") =>
    (await import("../actions/revoke.ts")).revoke(context, target, given),
  );
}

function logCommand(line: CommandLine): Command {
  const help = line.help.image.log;
  const log = command(line, "log [image]", help.description, help.examples)
    .option("--org <name>", help.options.org)
    .option("--limit <number>", help.options.limit, wholeNumber(line, 1, 10_000), 100);
  return runs<LogOptions>(line, log, async (context, given, target) =>
    (await import("../actions/log.ts")).log(context, target, given),
  );
}
