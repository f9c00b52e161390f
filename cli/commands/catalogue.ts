import { type Command, Option } from "commander";
import type { ImagesOptions } from "../actions/organisation-images.ts";
import type { SearchOptions } from "../actions/search.ts";
import type { WatchOptions } from "../actions/watch.ts";
import { type CommandLine, command, runs, wholeNumber } from "./command.ts";

export function catalogueCommands(line: CommandLine): Command[] {
  const { search: searchHelp, images: imagesHelp, watch: watchHelp } = line.help.catalogue;
  const search = command(line, "search [text...]", searchHelp.description, searchHelp.examples)
    .option("--org <name>", searchHelp.options.org)
    .option("--all", searchHelp.options.all)
    .option("--superseded", searchHelp.options.superseded)
    .option("--foreign", searchHelp.options.foreign)
    .option("--limit <number>", searchHelp.options.limit, wholeNumber(line, 1, 100_000), 100)
    .addHelpText("after", searchHelp.notes);
  const images = command(line, "images [repository]", imagesHelp.description, imagesHelp.examples)
    .option("--org <name>", imagesHelp.options.org)
    .addHelpText("after", imagesHelp.notes);
  const { options } = watchHelp;
  const watch = command(line, "watch [image]", watchHelp.description, watchHelp.examples)
    .option("--org <name>", options.org)
    .option("--since <block>", options.since, wholeNumber(line, 0, Number.MAX_SAFE_INTEGER))
    .option("--no-containers", options["no-containers"])
    .option("--exec <command>", options.exec)
    .option("--webhook <url>", options.webhook)
    .addOption(new Option("--hook-on <events>", options["hook-on"]).choices(["hits", "all"]).default("hits"))
    .addHelpText("after", watchHelp.notes);
  return [
    runs<SearchOptions>(line, search, async (context, options, ...words) =>
      (await import("../actions/search.ts")).search(context, words.flat(), options),
    ),
    runs<ImagesOptions>(line, images, async (context, options, repository) =>
      (await import("../actions/organisation-images.ts")).listImages(context, repository, options),
    ),
    runs<WatchOptions>(line, watch, async (context, options, target) =>
      (await import("../actions/watch.ts")).watch(context, target, options),
    ),
  ];
}
