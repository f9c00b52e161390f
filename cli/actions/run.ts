import type { Depth, Digest, Progress, Verdict } from "../../src/internal.ts";
import * as library from "../../src/internal.ts";
import type { CommandLine } from "../commands/command.ts";
import { withConnectionAhead } from "../connection.ts";
import { type CommonOptions, type Context, createContext } from "../context.ts";
import { findDockerClient, readRunFlags } from "../docker/client.ts";
import { EngineImage } from "../docker/engine-image.ts";
import { ArgumentError, type RunArguments, splitRunArguments } from "../docker/run-arguments.ts";
import { exitCodes } from "../exit-codes.ts";
import { runInForeground } from "../foreground.ts";
import { ProgressDisplay } from "../output/progress.ts";
import { sanitizeLine, toJson } from "../output/sanitize.ts";
import { verdictLines } from "../output/verdict.ts";
import { limitTime, toTold } from "../time.ts";
import { answerInTime } from "./unanswered.ts";

/**
 * Verifies an image and starts it by its ID: what was looked at is what runs, whatever its name points at by then.
 * @param arguments_ docker run's flags and ours, the image, and what the container gets
 * @returns undefined where help was asked for
 */
export async function run(
  common: CommonOptions,
  line: CommandLine,
  arguments_: readonly string[],
): Promise<number | undefined> {
  const before = await createContext(common, line);
  const client = findDockerClient(before);
  const { flags, own, image, rest, dockerFlags } = await split(before, client, arguments_);
  if (flags.some(({ name, value }) => name === "help" && value !== "false")) return undefined;
  const valueOfFlag = (...names: string[]) => flags.findLast(({ name }) => names.includes(name))?.value;
  const isQuiet = flags.some(({ name, value }) => (name === "quiet" || name === "q") && value !== "false");
  const home = own.get("home");
  const context = await createContext(
    {
      ...common,
      json: common.json === true || own.has("json"),
      quiet: common.quiet === true || isQuiet,
      color: common.color !== false && !own.has("no-color"),
      ...(home === undefined ? {} : { home }),
    },
    line,
  );
  if (image === undefined) {
    throw library.failure("RUN_WITHOUT_IMAGE");
  }
  const pull = valueOfFlag("pull");
  if (pull !== undefined && pull !== "missing" && pull !== "never") {
    throw library.failure("RUN_NEVER_PULLS", { value: pull.slice(0, 20), image });
  }
  // The time is for the check: a container runs as long as it likes.
  const unlimit = limitTime(line, own.get("timeout") ?? common.timeout);
  // The daemon that was asked is the one that starts it, even if somebody changes the Docker context meanwhile.
  const env = library.dockerEnvironment({ environment: context.env });
  const { verdict, id } = await check(context, image, env, {
    depth: toDepth(own.get("depth")),
    organisation: own.get("org"),
    platform: valueOfFlag("platform") ?? (env["DOCKER_DEFAULT_PLATFORM"] || undefined),
  }).catch((error: unknown) => {
    throw toTold(error, line.signal, context.sent);
  });
  unlimit();
  if (verdict.status !== "verified" || id === undefined) return refuse(context, verdict);
  for (const warning of verdict.warnings)
    context.note(sanitizeLine(context.words.transfer.warning(image, context.translator.say(warning))));
  if (line.signal.aborted) throw toTold(line.signal.reason, line.signal, context.sent);
  return runInForeground(client, ["run", ...dockerFlags, "--pull=never", id, ...rest], {
    env: { ...env, DOCKER_CLI_PLUGIN_SOCKET: undefined },
    stop: line.signal,
    // As a plugin, docker waits for this process and tells it when to end.
    replace: !context.plugin,
  });
}

async function split(context: Context, client: string, arguments_: readonly string[]): Promise<RunArguments> {
  const hasFlags = arguments_[0]?.startsWith("-") === true;
  const flags = hasFlags ? await readRunFlags(context, client) : new Map();
  try {
    return splitRunArguments(arguments_, () => flags);
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    const { code, word } = error;
    throw code === "RUN_OPTION_WITH_VALUE"
      ? library.failure(code, { option: word })
      : library.failure(code, { flag: word });
  }
}

async function check(
  context: Context,
  image: string,
  environment: Readonly<Record<string, string | undefined>>,
  options: { depth: Depth | undefined; organisation: string | undefined; platform: string | undefined },
): Promise<{ verdict: Verdict; id: Digest | undefined }> {
  const { signal } = context;
  const local = new EngineImage(image, environment);
  const progress = new ProgressDisplay(context);
  const { depth, organisation, platform } = options;
  const policy = { ...library.defaultPolicy, organisation };
  const onProgress = (step: Progress): void => progress.update(image, step);
  const verdict = await withConnectionAhead(context, (connect) =>
    answerInTime(context, image, () =>
      library.verifyImage(image, () => local.open(), connect, policy, {
        depth,
        platform,
        signal,
        onProgress,
      }),
    ),
  ).finally(() => progress.done(image));
  return { verdict, id: local.facts?.id };
}

function toDepth(text: string | undefined): Depth | undefined {
  if (text === undefined) return undefined;
  const depth = library.depths.find((name) => name === text);
  if (depth !== undefined) return depth;
  const values = { text: JSON.stringify(text.slice(0, 60)), depths: library.depths.join(", ") };
  throw library.failure("DEPTH_INVALID", values);
}

/** Says why nothing starts, beside what the container would have printed, and as JSON to whoever asked for that. */
function refuse(context: Context, verdict: Verdict): number {
  if (context.json) context.result(toJson(verdict));
  else {
    const lines = verdictLines(context, verdict);
    if (!context.quiet) lines.push(context.words.transfer.notStarted);
    process.stderr.write(`${lines.join("\n")}\n`);
  }
  return library.verdictStatuses[verdict.status] || exitCodes.inconclusive;
}
