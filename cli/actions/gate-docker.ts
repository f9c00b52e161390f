import { join } from "node:path";
import type { EngineDepth, UnjudgedWay } from "../../src/index.ts";
import * as library from "../../src/index.ts";
import type { Context } from "../context.ts";
import { sanitizeLine } from "../output/sanitize.ts";

export interface DockerGateOptions {
  readonly org?: string;
  readonly allowSuperseded?: boolean;
  readonly depth: EngineDepth;
  readonly allow?: readonly UnjudgedWay[];
  /** seconds */
  readonly staleness: number;
  /** seconds */
  readonly maxHeadAge?: number;
  readonly engine?: string;
  readonly log?: string;
  readonly socket: string;
}

/** Serves the gate until it is stopped. */
export async function serveGate(context: Context, options: DockerGateOptions): Promise<number> {
  const { home, env, signal } = context;
  const profile = await library.readNetworkProfile(home);
  if (profile === undefined) {
    throw new library.DaoChainError("CHAIN_NOT_RUNNING", `There is no chain under ${home.directory} yet.`, {
      hint: "Run daochain up to make one, or name its home with --home.",
    });
  }
  const gate = await library.serveDockerGate({
    profile,
    connect: (stop) => library.connect(home, { rpcUrl: env["DAOCHAIN_RPC_URL"] || undefined, signal: stop }),
    index: join(home.directory, "gate-docker.sqlite"),
    socket: options.socket,
    engine: options.engine || env["DOCKER_HOST"] || "unix:///var/run/docker.sock",
    policy: { organisation: options.org, newest: options.allowSuperseded !== true },
    depth: options.depth,
    allow: options.allow ?? [],
    staleness: options.staleness,
    maxHeadAge: options.maxHeadAge,
    log: options.log,
    onTrouble: (trouble) => context.note(describe(trouble)),
  });
  context.note(`The gate is served at ${options.socket}.`);
  try {
    if (!signal.aborted)
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  } finally {
    await gate.close();
  }
  return 0;
}

function describe(trouble: unknown): string {
  if (trouble === undefined) return "The registry is followed again.";
  if (library.isDaoChainError(trouble))
    return sanitizeLine(`The registry is not followed: ${trouble.message}`);
  const text = trouble instanceof Error ? (trouble.stack ?? trouble.message) : String(trouble);
  return sanitizeLine(`The registry is not followed: ${text}`);
}
