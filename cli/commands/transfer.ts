import { type Command, Option } from "commander";
import type { PullOptions } from "../actions/pull.ts";
import type { PushOptions } from "../actions/push.ts";
import { type CommandLine, collect, command, runs } from "./command.ts";

export function transferCommands(line: CommandLine): Command[] {
  const pull = command(
    line,
    "pull [image...]",
    "fetch images that are what was signed, whatever their tags say now",
    [
      "daochain pull registry.acme.io/api:1.4.2",
      "daochain pull --platform linux/arm64 registry.acme.io/api:1.4.2",
      "daochain pull --file images.txt --json",
    ],
  )
    .option("--org <name>", "organisation whose claim counts (default: the owner of the repository)")
    .option(
      "--platform <os/arch>",
      "of an image for several platforms, the one to fetch (default: the engine's)",
    )
    .addOption(
      new Option(
        "--depth <depth>",
        "how deep to look at what came (default: runtime, what would run)",
      ).choices(["id", "content", "runtime"]),
    )
    .option("--file <list>", "a file that lists images, one a line")
    .addHelpText(
      "after",
      `
An IMAGE is [registry/]repository[:tag][@digest]. The chain says which digest the tag stands for; the engine fetches that, it
is verified, and only then it gets the tag. What fails is removed, and a local tag stays where it was. Credentials are those
of docker login. The exit code is that of verify.`,
    );
  const push = command(
    line,
    "push [image...]",
    "push images to their registry and sign what the registry then serves",
    [
      "daochain push registry.acme.io/api:1.4.2",
      "daochain push registry.acme.io/api:1.4.2 --annotation revision=$(git rev-parse HEAD) --expires 90d",
    ],
  )
    .option("--org <name>", "organisation to sign for (default: the one in use)")
    .option("--account <name>", "account to sign with (default: the one in use)")
    .option("--expires <when>", "90d, 12h, ... from now, or a date (default: never)")
    .option(
      "--annotation <key=value>",
      "something to record beside the digests; may be given several times",
      collect,
    )
    .option("--file <list>", "a file that lists images, one a line")
    .addHelpText(
      "after",
      `
An IMAGE is [registry/]repository[:tag] in the local Docker Engine. What the registry serves is read back, layers included, and
signed together with the local image: one claim that verifies it here, there and wherever it is pulled. Where the registry
serves something else, nothing is signed (18). Credentials are those of docker login.`,
    );
  return [
    runs<PushOptions>(line, push, async (context, options, ...images) =>
      (await import("../actions/push.ts")).push(context, images.flat(), options),
    ),
    runs<PullOptions>(line, pull, async (context, options, ...images) =>
      (await import("../actions/pull.ts")).pull(context, images.flat(), options),
    ),
  ];
}
