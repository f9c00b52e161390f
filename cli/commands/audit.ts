import { type Command, Option } from "commander";
import type { AuditOptions } from "../actions/audit.ts";
import { type CommandLine, collect, command, runs } from "./command.ts";

export function auditCommand(line: CommandLine): Command {
  const audit = command(line, "audit", "judge everything that runs or could run here, in one go", [
    "daochain audit                                   all images and running containers of the Docker Engine",
    "daochain audit --containers --depth id           what runs, by its image's ID alone: quick",
    "daochain audit --compose compose.yaml            the services of a compose file",
    "daochain audit --kubernetes manifests --sarif audit.sarif",
    "helm template ./chart | daochain audit --kubernetes -",
    "docker compose config | daochain audit --compose -",
    "daochain audit --html audit.html                 a report to read, print or send",
  ])
    .option("--images", "the images of the Docker Engine")
    .option("--containers", "its running containers, by the images that they were really made of")
    .option("--all", "also containers that are stopped")
    .option(
      "--compose <file>",
      "the images of a compose file's services; may be given several times",
      collect,
    )
    .option("--kubernetes <path>", "the images that manifests in a folder or file name", collect)
    .option("--file <list>", "a file that lists images, one a line", collect)
    .option("--ignore-built", "leave out services that compose builds and that name no image")
    .option("--org <name>", "organisation whose claims count (default: the owner of each repository)")
    .option("--policy <file>", "policies by repository, who must have signed and how lately (docs/policy.md)")
    .addOption(
      new Option(
        "--depth <depth>",
        "how deep to look: id asks the engine, manifest the registry, content reads every layer, runtime what would run",
      ).choices(["id", "manifest", "content", "runtime"]),
    )
    .option(
      "--sarif <file>",
      "write SARIF 2.1.0 too, for code scanning; - is stdout, in the place of the table",
    )
    .option("--html <file>", "write a report too, one file; - is stdout, in the place of the table")
    .addHelpText(
      "after",
      `
Without --images, --containers, --compose, --kubernetes or --file: --images and --containers. The last three may be given several times,
and - is stdin. Each image is judged once, as daochain
verify judges it, and the chain is asked about all of them together. The exit code is that of the worst denial, else 20 if something is not
known or could not be read, else 0. --json prints verdicts as verify does, with the places where each image stands.`,
    );
  return runs<AuditOptions>(line, audit, async (context, options) =>
    (await import("../actions/audit.ts")).auditAll(context, options),
  );
}
