import { homedir } from "node:os";
import { join } from "node:path";

/** How registries are spoken to. */
export interface RegistryOptions {
  /** environment variables to go by instead of the process's own */
  readonly environment?: Environment | undefined;
  readonly timing?: Partial<RegistryTiming> | undefined;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Patience with registries. Times are in milliseconds. */
export interface RegistryTiming {
  /** until a connection stands, TLS included */
  readonly connect: number;
  /** until an answer begins */
  readonly headers: number;
  /** without a byte of an answer */
  readonly idle: number;
  /** for a whole manifest, token or error message */
  readonly document: number;
  /** the average rate is taken over so long */
  readonly rateWindow: number;
  /** the least average rate, in bytes per second */
  readonly minimumRate: number;
  /** how often a request is sent before it has failed */
  readonly tries: number;
  /** before the second try; it doubles for each further one */
  readonly firstWait: number;
  /** for one try, whatever the registry asks for */
  readonly longestWait: number;
  /** for all tries of one request */
  readonly totalWait: number;
  /** for a credential helper's answer */
  readonly helper: number;
}

export const defaultTiming: RegistryTiming = {
  connect: 10_000,
  headers: 30_000,
  idle: 60_000,
  document: 120_000,
  rateWindow: 60_000,
  minimumRate: 1000,
  tries: 5,
  firstWait: 500,
  longestWait: 60_000,
  totalWait: 120_000,
  helper: 60_000,
};

/** The directory of Docker's own configuration. */
export function dockerDirectory(environment: Environment): string {
  return environment["DOCKER_CONFIG"] || join(homedir(), ".docker");
}
