import { type Command, Option } from "commander";
import type { PullOptions } from "../actions/pull.ts";
import type { PushOptions } from "../actions/push.ts";
import { type CommandLine, collect, command, runs } from "./command.ts";
import { untilOption } from "./image.ts";

export function transferCommands(line: CommandLine): Command[] {
  const { pull: pullHelp, push: pushHelp } = line.help.transfer;
  const pull = command(line, "pull [image...]", pullHelp.description, pullHelp.examples)
    .option("--org <name>", pullHelp.options.org)
    .option("--platform <os/arch>", pullHelp.options.platform)
    .addOption(new Option("--depth <depth>", pullHelp.options.depth).choices(["id", "content", "runtime"]))
    .option("--file <list>", pullHelp.options.file)
    .addHelpText("after", pullHelp.notes);
  const push = command(line, "push [image...]", pushHelp.description, pushHelp.examples)
    .option("--org <name>", pushHelp.options.org)
    .option("--account <name>", pushHelp.options.account)
    .option("--expires <when>", pushHelp.options.expires)
    .option("--annotation <key=value>", pushHelp.options.annotation, collect)
    .option("--file <list>", pushHelp.options.file)
    .addOption(untilOption(pushHelp.options.until))
    .addHelpText("after", pushHelp.notes);
  return [
    runs<PushOptions>(line, push, async (context, options, ...images) =>
      (await import("../actions/push.ts")).push(context, images.flat(), options),
    ),
    runs<PullOptions>(line, pull, async (context, options, ...images) =>
      (await import("../actions/pull.ts")).pull(context, images.flat(), options),
    ),
  ];
}
