import type { BlockReference } from "./contract.ts";

/** Seconds by which a clock may differ from the chain's: the contract takes a claim that is dated so far ahead of its block. */
export const clockTolerance = 60;

/** This machine's clock, against the chain's. Times are in seconds since 1970. */
export interface ClockSkew {
  /** positive where this machine's clock is ahead */
  readonly seconds: number;
  readonly here: number;
  readonly chain: number;
}

/**
 * Whether this machine's clock is off against the chain's by more than a minute. A chain may rest, so that a block which is older than
 * the clock says nothing, unless it is known to be new.
 * @param options.isNew whether the block was made just now
 * @param options.now this machine's time, in seconds since 1970
 * @returns undefined where nothing is known to be wrong
 */
export function clockSkew(
  { time }: Pick<BlockReference, "time">,
  options: { readonly isNew?: boolean; readonly now?: number } = {},
): ClockSkew | undefined {
  const here = options.now ?? Math.floor(Date.now() / 1000);
  const seconds = here - time;
  const isOff = seconds < -clockTolerance || (options.isNew === true && seconds > clockTolerance);
  return isOff ? { seconds, here, chain: time } : undefined;
}
