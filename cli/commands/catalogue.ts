import { type Command, Option } from "commander";
import type { ImagesOptions } from "../actions/organisation-images.ts";
import type { SearchOptions } from "../actions/search.ts";
import type { WatchOptions } from "../actions/watch.ts";
import { type CommandLine, command, runs, wholeNumber } from "./command.ts";

export function catalogueCommands(line: CommandLine): Command[] {
  const search = command(line, "search [text...]", "find signed images of every organisation", [
    "daochain search                     the newest image of every tag",
    "daochain search api acme            with api and acme in its name or its organisation's",
    "daochain search sha256:6a92         by the beginning of a digest or of a claim's id",
    "daochain search --all --json api    also those that were revoked, expired or never counted",
  ])
    .option("--org <name>", "only this organisation's")
    .option("--all", "whatever became of them: also pending, revoked, expired and untrusted ones")
    .option("--superseded", "also those that their tag has moved on from")
    .option("--foreign", "also those of organisations that do not own the repository")
    .option("--limit <number>", "images at most", wholeNumber(line, 1, 100_000), 100)
    .addHelpText(
      "after",
      `
What is found is what was signed, as the chain had it a moment ago. Whether an image here is that image is for
daochain verify to say.`,
    );
  const images = command(
    line,
    "images [repository]",
    "show your organisation's images, and what the local copies are",
    ["daochain images                all of them", "daochain images acme/api       those of a repository"],
  )
    .option("--org <name>", "organisation (default: the one in use)")
    .addHelpText(
      "after",
      `
LOCAL is what the Docker Engine has under the name, going by its image ID: current is what the tag means now, superseded
what it once meant, other was never signed under this name, missing is nothing, unknown that no engine answers.`,
    );
  const watch = command(
    line,
    "watch [image]",
    "show what is recorded as it happens: signatures, revocations, signers",
    [
      "daochain watch                    everything",
      "daochain watch acme/api           a repository",
      "daochain watch --org acme --json  an organisation, one JSON object a line",
      "daochain watch --exec ./on-hit.sh a command for each act that hits a running container",
    ],
  )
    .option("--org <name>", "only this organisation's acts")
    .option(
      "--since <block>",
      "begin with this block rather than with the next",
      wholeNumber(line, 0, Number.MAX_SAFE_INTEGER),
    )
    .option("--no-containers", "do not look which running containers of the Docker Engine an act hits")
    .option(
      "--exec <command>",
      "run a command for acts, one at a time; it gets each as JSON on its standard input",
    )
    .option("--webhook <url>", "send acts as JSON to a server (DAOCHAIN_WEBHOOK_URL)")
    .addOption(
      new Option(
        "--hook-on <acts>",
        "acts that go to --exec and --webhook: those that hit a running container, or all",
      )
        .choices(["hits", "all"])
        .default("hits"),
    )
    .addHelpText(
      "after",
      `
When it begins, it names the containers that run what was revoked, voided or has expired before. Where no engine answers, every act that
can hit a container counts as one that does. Messages to a server are signed with DAOCHAIN_WEBHOOK_SECRET, if that is set.`,
    );
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
