import { join, resolve } from "node:path";
import type { EnforcementStart, ServedGate } from "../../src/index.ts";
import * as library from "../../src/index.ts";
import type { Context } from "../context.ts";
import { sanitizeLine } from "../output/sanitize.ts";

/** What every gate can be told; `withGateOptions` declares them. */
export interface GateOptions {
  readonly org?: string;
  readonly allowSuperseded?: boolean;
  /** seconds */
  readonly staleness: number;
  /** seconds */
  readonly maxHeadAge?: number;
  readonly log?: string;
}

/**
 * What stands behind a gate of this kind.
 * @throws CHAIN_NOT_RUNNING where there is no chain's profile yet
 */
export async function enforcementStart(
  context: Context,
  kind: string,
  options: GateOptions,
): Promise<EnforcementStart> {
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
    policy: { organisation: options.org, newest: options.allowSuperseded !== true },
    staleness: options.staleness,
    maxHeadAge: options.maxHeadAge,
    log: options.log,
    onTrouble: (trouble) => context.note(describe(trouble)),
  };
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
    ...given("--staleness", options.staleness),
    ...given("--max-head-age", options.maxHeadAge),
    ...given("--log", options.log && resolve(options.log)),
  ];
}

/** An option as arguments, where it is given. */
export function given(flag: string, value: string | number | undefined): string[] {
  return value === undefined ? [] : [flag, `${value}`];
}
