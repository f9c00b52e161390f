import { join, resolve } from "node:path";
import type { GateRuntimeOptions, Policy, PolicyFile, ServedGate } from "../../src/internal.ts";
import * as library from "../../src/internal.ts";
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
 * @throws CHAIN_MISSING where there is no chain's profile yet; OPTIONS_BESIDE_POLICY_FILE; what reading the policy file throws
 */
export async function enforcementStart(
  context: Context,
  kind: string,
  options: GateOptions,
): Promise<GateRuntimeOptions> {
  const { home, env } = context;
  const profile = await library.readNetworkProfile(home);
  if (profile === undefined) throw library.failure("CHAIN_MISSING", { directory: home.directory });
  return {
    profile,
    connect: (signal) => library.connect(home, { rpcUrl: env["DAOCHAIN_RPC_URL"] || undefined, signal }),
    index: join(home.directory, `gate-${kind}.sqlite`),
    policy: await toPolicy(context, options),
    staleness: options.staleness,
    maxHeadAge: options.maxHeadAge,
    log: options.log,
    metrics: options.metrics,
    onTrouble: (trouble) => context.note(describe(context, trouble)),
  };
}

async function toPolicy(
  context: Context,
  { policy, org, allowSuperseded }: GateOptions,
): Promise<Policy | PolicyFile> {
  if (policy === undefined) return { organisation: org, newest: allowSuperseded !== true };
  if (org !== undefined || allowSuperseded === true) {
    throw library.failure("OPTIONS_BESIDE_POLICY_FILE");
  }
  const { gate: words } = context.words;
  return library.PolicyFile.open(policy, {
    onTrouble: (trouble) =>
      context.note(
        trouble === undefined ? words.policyTaken : sanitizeLine(words.policyKept(saidOf(context, trouble))),
      ),
  });
}

/** Serves a gate until it is stopped. @param where it is asked */
export async function serveUntilStopped(
  { note, signal, words }: Context,
  gate: ServedGate,
  where: string,
): Promise<number> {
  note(words.gate.served(where));
  try {
    if (!signal.aborted)
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  } finally {
    await gate.close();
  }
  return 0;
}

function describe(context: Context, trouble: unknown): string {
  const { gate: words } = context.words;
  return trouble === undefined ? words.followed : sanitizeLine(words.notFollowed(saidOf(context, trouble)));
}

/** A trouble in the reader's language; a defect with where it happened. */
export function saidOf({ translator }: Pick<Context, "translator">, trouble: unknown): string {
  if (library.isDaoChainError(trouble)) return translator.say(trouble);
  return trouble instanceof Error ? (trouble.stack ?? trouble.message) : String(trouble);
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
