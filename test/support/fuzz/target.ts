import { isDaoChainError } from "../../../src/errors.ts";
import { TarError } from "../../../src/image/tar/error.ts";
import { Random } from "./random.ts";

/** A parser, what it is fed with, and what must be true of its answers. */
export interface FuzzTarget {
  readonly name: string;
  /** Makes an input, from valid ones more often than not. */
  make(random: Random): unknown;
  /**
   * Parses it.
   * @returns whether it was taken for what it should be
   * @throws what the parser may throw, and Violation
   */
  run(input: unknown, random: Random): boolean | Promise<boolean>;
}

/** A target whose inputs are of one type. */
export function target<Input>(made: {
  readonly name: string;
  make(random: Random): Input;
  run(input: Input, random: Random): boolean | Promise<boolean>;
}): FuzzTarget {
  return made as FuzzTarget;
}

/** That a parser gave an answer which it must not give. */
export class Violation extends Error {
  override readonly name = "Violation";
}

export interface FuzzResult {
  readonly inputs: number;
  readonly accepted: number;
  readonly refused: number;
  readonly seconds: number;
  /** the longest that one input took */
  readonly slowest: number;
  /** of the process, at its highest */
  readonly megabytes: number;
}

/** For one input on a busy machine, in seconds; what loops or grows faster than its input takes longer. */
const TIME_LIMIT = 5;

/**
 * Feeds a parser. The same seed makes the same inputs, each by itself: number and seed name one.
 * @param options.from number of the first input
 * @param options.onProgress called now and then with how many inputs there were
 * @throws an error that names the input, at the first that does what none may do
 */
export async function fuzz(
  { name, make, run }: FuzzTarget,
  options: {
    readonly inputs: number;
    readonly seed: number;
    readonly from?: number;
    readonly onProgress?: (inputs: number) => void;
  },
): Promise<FuzzResult> {
  const { inputs, seed, from = 0 } = options;
  const began = performance.now();
  let [accepted, refused, slowest, megabytes] = [0, 0, 0, 0];
  for (let number = from; number < from + inputs; number++) {
    const random = new Random(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number, 0x85ebca6b));
    const input = make(random);
    const start = performance.now();
    try {
      const isAccepted = await run(input, random);
      if (isAccepted) accepted++;
      else refused++;
    } catch (error) {
      if (!isRefusal(error)) throw new Error(`${name}: input ${number} of seed ${seed}`, { cause: error });
      refused++;
    }
    const time = (performance.now() - start) / 1000;
    slowest = Math.max(slowest, time);
    if (time > TIME_LIMIT)
      throw new Error(`${name}: input ${number} of seed ${seed} took ${time.toFixed(1)} seconds`);
    if (number % 1000 === 0) {
      megabytes = Math.max(megabytes, process.memoryUsage().rss / 2 ** 20);
      options.onProgress?.(number - from);
    }
  }
  const seconds = (performance.now() - began) / 1000;
  megabytes = Math.max(megabytes, process.memoryUsage().rss / 2 ** 20);
  return { inputs, accepted, refused, seconds, slowest, megabytes };
}

function isRefusal(error: unknown): boolean {
  return isDaoChainError(error) || error instanceof TarError;
}
