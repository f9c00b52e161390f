import { type Command, Option } from "commander";
import type { ApproveOptions } from "../actions/approve.ts";
import type { LogOptions } from "../actions/log.ts";
import type { RevokeOptions } from "../actions/revoke.ts";
import type { SignOptions } from "../actions/sign.ts";
import type { SubmitOptions } from "../actions/submit.ts";
import type { VerifyOptions } from "../actions/verify.ts";
import { type CommandLine, collect, command, runs, wholeNumber } from "./command.ts";

const references = `
An IMAGE is a name or ID in the local Docker Engine, else a name in its registry, or one of
  docker-daemon:REF   docker://REF   docker-archive:FILE[:REF|:@N]   oci:DIR[:TAG]   oci-archive:FILE[:TAG]`;

export function imageCommands(line: CommandLine): Command[] {
  const sign = command(line, "sign [image...]", "sign images: record their digests on the chain", [
    "daochain sign acme/api:1.4.2",
    "daochain sign oci:./layout:1.4.2 --annotation revision=$(git rev-parse HEAD) --expires 90d",
    "daochain sign --file images.txt --json",
  ])
    .option("--org <name>", "organisation to sign for (default: the one in use)")
    .option("--account <name>", "account to sign with (default: the one in use)")
    .option("--expires <when>", "90d, 12h, ... from now, or a date (default: never)")
    .option(
      "--annotation <key=value>",
      "something to record beside the digests; may be given several times",
      collect,
    )
    .addOption(
      new Option(
        "--depth <depth>",
        "how deep to look: runtime (the default in engines and registries), content (layers), manifest (no layers)",
      ).choices(["manifest", "content", "runtime"]),
    )
    .option("--file <list>", "a file that lists images, one a line")
    .option("--batch", "sign all images at once: one signature, one transaction, all or none")
    .option("-o, --output <file>", "write the signed claim to a file for daochain submit; needs no chain")
    .addHelpText("after", references);
  const verify = command(
    line,
    "verify [image...]",
    "check images against what was signed; the exit code is the answer",
    [
      "daochain verify acme/api:1.4.2 && docker run acme/api:1.4.2",
      "daochain verify --json docker-archive:api.tar",
      "daochain verify --depth id $(docker images --quiet --no-trunc)",
    ],
  )
    .option("--org <name>", "organisation whose claim counts (default: the owner of the repository)")
    .addOption(
      new Option(
        "--depth <depth>",
        "how deep to look: id asks the engine, manifest the registry, content reads every layer, runtime what would run",
      ).choices(["id", "manifest", "content", "runtime"]),
    )
    .option("--policy <file>", "policies by repository, who must have signed and how lately (docs/policy.md)")
    .option("--at <block|time>", "judge as of a block, a date or time, or a span back from now")
    .option("--file <list>", "a file that lists images, one a line")
    .addHelpText("after", references);
  const diff = command(
    line,
    "diff <image>",
    "show how what would run differs from the image's layers, path by path",
    ["daochain diff acme/api:1.4.2", "daochain diff --json acme/api:1.4.2 | jq -r '.differences[].path'"],
  );
  const approve = command(
    line,
    "approve <image|claim>",
    "add a second signature to a claim that waits for it",
    ["daochain approve acme/api:1.4.2 --account release", "daochain approve 0x5f3c..."],
  )
    .option("--org <name>", "organisation to sign for (default: the one in use)")
    .option("--account <name>", "account to sign with (default: the one in use)");
  const submit = command(
    line,
    "submit <file>",
    "record a claim that was signed elsewhere with sign --output",
    ["daochain submit claim.json"],
  ).option("--account <name>", "account that sends it (default: the one in use)");
  const revoke = command(line, "revoke <image|digest|claim>", "take a signature back, for good", [
    'daochain revoke acme/api:1.4.2 --reason "leaked key in layer 3"',
    "daochain revoke sha256:6a92... --reason retired --yes",
  ])
    .requiredOption("--reason <text>", "why, for everyone to read")
    .option("--org <name>", "organisation that revokes (default: the one in use)")
    .option("--account <name>", "account to act with (default: the one in use)")
    .option("-y, --yes", "do not ask");
  const log = command(
    line,
    "log [image]",
    "show what was recorded: of an organisation, a repository, a tag or a digest",
    [
      "daochain log                  everything that your organisation did",
      "daochain log acme/api         a repository",
      "daochain log acme/api:1.4.2   a tag",
    ],
  )
    .option("--org <name>", "organisation (default: the one in use)")
    .option("--limit <number>", "entries at most", wholeNumber(line, 1, 10_000), 100);
  return [
    runs<SignOptions>(line, sign, async (context, options, ...images) =>
      (await import("../actions/sign.ts")).sign(context, images.flat(), options),
    ),
    runs<VerifyOptions>(line, verify, async (context, options, ...images) =>
      (await import("../actions/verify.ts")).verify(context, images.flat(), options),
    ),
    runs<object>(line, diff, async (context, _options, image = "") =>
      (await import("../actions/diff.ts")).diff(context, image),
    ),
    runs<ApproveOptions>(line, approve, async (context, options, target = "") =>
      (await import("../actions/approve.ts")).approve(context, target, options),
    ),
    runs<SubmitOptions>(line, submit, async (context, options, file = "") =>
      (await import("../actions/submit.ts")).submit(context, file, options),
    ),
    runs<RevokeOptions>(line, revoke, async (context, options, target = "") =>
      (await import("../actions/revoke.ts")).revoke(context, target, options),
    ),
    runs<LogOptions>(line, log, async (context, options, target) =>
      (await import("../actions/log.ts")).log(context, target, options),
    ),
  ];
}
