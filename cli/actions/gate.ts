import { join, resolve } from "node:path";
import type { GateRuntimeOptions, Policy, PolicyFile, ServedGate } from "../../src/index.ts";
import * as library from "../../src/index.ts";
import type { Context } from "../context.ts";
import { sanitizeLine } from "../output/sanitize.ts";

/** What every gate can be told; `withGateOptions` declares them. */
export interface GateOptions {
  readonly org?: string;
  readonly allowSuperseded?: boolean;
  readonly policy?: string;
  /** seconds */
  readonly staleness: number;
  /** seconds */
  readonly maxHeadAge?: number;
  readonly log?: string;
  /** host and port */
  readonly metrics?: string;
}

/**
 * What stands behind a gate of this kind.
 * @throws CHAIN_NOT_RUNNING where there is no chain's profile yet
 */
export async function enforcementStart(
  context: Context,
  kind: string,
  options: GateOptions,
): Promise<GateRuntimeOptions> {
  const { home, env } = context;
  const profile = await library.readNetworkProfile(home);
  if (profile === undefined) {
    throw new library.DaoChainError("CHAIN_NOT_RUNNING", `There is no chain under ${home.directory} yet.`, {
      hint: "Run daochain up to make one, or name its home with --home.",
    });
  }
  return {
    profile,
    connect: (signal) => library.connect(home, { rpcUrl: env["DAOCHAIN_RPC_URL"] || undefined, signal }),
    index: join(home.directory, `gate-${kind}.sqlite`),
    policy: await toPolicy(context, options),
    staleness: options.staleness,
    maxHeadAge: options.maxHeadAge,
    log: options.log,
    metrics: options.metrics,
    onTrouble: (trouble) => context.note(describe(trouble)),
  };
}

/** @throws USAGE, CONFIGURATION_INVALID */
async function toPolicy(
  context: Context,
  { policy, org, allowSuperseded }: GateOptions,
): Promise<Policy | PolicyFile> {
  if (policy === undefined) return { organisation: org, newest: allowSuperseded !== true };
  if (org !== undefined || allowSuperseded === true) {
    throw new library.DaoChainError("USAGE", "A policy file says itself who must have signed.", {
      hint: "Leave out --org and --allow-superseded, or --policy.",
    });
  }
  return library.PolicyFile.open(policy, {
    onTrouble: (trouble) =>
      context.note(
        trouble === undefined
          ? "The newest policy file holds again."
          : sanitizeLine(`The policies from before go on: ${(trouble as Error).message}`),
      ),
  });
}

/** Serves a gate until it is stopped. @param where it is asked */
export async function serveUntilStopped(
  { note, signal }: Context,
  gate: ServedGate,
  where: string,
): Promise<number> {
  note(`The gate is served at ${where}.`);
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

/** The options again as arguments, for a unit that serves the gate. */
export function toGateArguments(options: GateOptions): string[] {
  return [
    ...given("--org", options.org),
    ...(options.allowSuperseded === true ? ["--allow-superseded"] : []),
    ...given("--policy", options.policy && resolve(options.policy)),
    ...given("--staleness", options.staleness),
    ...given("--max-head-age", options.maxHeadAge),
    ...given("--log", options.log && resolve(options.log)),
    ...given("--metrics", options.metrics),
  ];
}

/** An option as arguments, where it is given. */
export function given(flag: string, value: string | number | undefined): string[] {
  return value === undefined ? [] : [flag, `${value}`];
}
