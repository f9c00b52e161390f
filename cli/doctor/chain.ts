import * as library from "../../src/internal.ts";
import { openConnection } from "../connection.ts";
import type { Context } from "../context.ts";
import { type Check, type CheckResult, ok, saying, shellWord, unknown, wrong } from "./check.ts";

/** How far the chain may be ahead of this machine's clock, in seconds, before that is said. */
const clockTolerance = 60;

/** What several checks need of the chain, asked once. */
interface ChainFacts {
  readonly results: readonly CheckResult[];
  /** its newest block, where it answers */
  readonly head: { readonly number: number; readonly time: number } | undefined;
}

/** The checks that ask the chain, which they do together. */
export function chainChecks(): { chain: Check; clock: Check; index: Check } {
  let asked: Promise<ChainFacts> | undefined;
  const facts = (context: Context, signal: AbortSignal): Promise<ChainFacts> => {
    asked ??= askChain(context, signal);
    return asked;
  };
  return {
    chain: async (context, signal) => (await facts(context, signal)).results,
    clock: async (context, signal) => {
      const { head } = await facts(context, signal);
      if (head === undefined) return [unknown(({ words }) => words.chainNotKnown)];
      const behind = Math.round(head.time - Date.now() / 1000);
      return [
        behind > clockTolerance
          ? wrong(
              ({ words }) => words.clockBehind(behind),
              process.platform === "linux" ? "timedatectl" : "date",
            )
          : ok(({ words }) => words.clock),
      ];
    },
    index: async (context, signal) => {
      const head = facts(context, signal).then(
        (found) => found.head,
        () => undefined,
      );
      return checkIndex(context, await head);
    },
  };
}

/** Whether blocks were taken back here. */
export const checkRollbacks: Check = async ({ home }) => {
  const rollbacks = await library.readRollbacks(home);
  const file = home.rollbacks;
  const command = `mv ${shellWord(file)} ${shellWord(`${file}.known`)}`;
  return rollbacks.length === 0
    ? [ok(({ words }) => words.noRollback)]
    : rollbacks.map(({ at, from, common }) =>
        wrong(
          ({ words }) =>
            words.rollback(
              at,
              from === null ? words.rollbackUnknown : words.rollbackBlocks(common + 1, from.blocks),
            ),
          command,
        ),
      );
};

async function askChain(context: Context, signal: AbortSignal): Promise<ChainFacts> {
  const { home, env } = context;
  const own = (env["DAOCHAIN_RPC_URL"] ?? "") === "";
  const profile = await library.readNetworkProfile(home);
  const none = (...results: CheckResult[]): ChainFacts => ({ results, head: undefined });
  if (profile === undefined) return none(wrong(({ words }) => words.noChain, "daochain up"));
  const embedded = own && profile.embedded;
  const status = embedded ? await library.readEmbeddedChain({ directory: home.chain }) : undefined;
  if (embedded) {
    if (status === undefined) return none(wrong(({ words }) => words.chainStopped, "daochain up"));
    const { pid, url, responding, replay } = status;
    if (url === undefined)
      return none(unknown(({ words }) => words.chainStarting(replay.done, replay.total), "daochain status"));
    if (!responding) return none(wrong(({ words }) => words.chainHangs(pid), "daochain down && daochain up"));
  }
  try {
    const connection = await openConnection({ ...context, signal });
    try {
      const head = await library.readBlock(connection.rpc);
      const { label } = connection.rpc;
      const warnings = status?.warnings ?? [];
      return {
        head,
        results: [
          ok(({ words }) => words.chain(label, profile.chainId, head.number)),
          ...warnings.map((warning) => wrong(({ translator }) => translator.say(warning))),
        ],
      };
    } finally {
      connection.rpc.close();
    }
  } catch (error) {
    if (!library.isDaoChainError(error) || signal.aborted) throw error;
    return none(wrong(saying(error)));
  }
}

async function checkIndex({ home }: Context, head: ChainFacts["head"]): Promise<readonly CheckResult[]> {
  const profile = await library.readNetworkProfile(home);
  if (profile === undefined) return [ok(({ words }) => words.noIndex)];
  let index: library.ReadOnlyCatalogue | undefined;
  try {
    index = library.openReadOnlyCatalogue(home.catalogue, profile);
    if (index === undefined) return [ok(({ words }) => words.noIndex)];
    const { isCurrent, position } = index;
    if (!isCurrent) return [ok(({ words }) => words.indexOfAnother)];
    if (position === undefined) return [ok(({ words }) => words.indexEmpty)];
    const { block } = position;
    if (head === undefined || head.number === block) return [ok(({ words }) => words.index(block))];
    return [
      ok(({ words }) =>
        block > head.number ? words.indexAhead(block, head.number) : words.indexBehind(block, head.number),
      ),
    ];
  } catch (error) {
    if (!library.isDaoChainError(error, "INDEX_UNREADABLE")) throw error;
    return [wrong(saying(error), `rm ${shellWord(home.catalogue)}`)];
  } finally {
    index?.close();
  }
}
