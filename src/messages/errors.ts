import { accountErrors } from "./en/errors/account.ts";
import { archiveErrors } from "./en/errors/archive.ts";
import { auditErrors } from "./en/errors/audit.ts";
import { backupErrors } from "./en/errors/backup.ts";
import { browserErrors } from "./en/errors/browser.ts";
import { catalogueErrors } from "./en/errors/catalogue.ts";
import { claimErrors } from "./en/errors/claim.ts";
import { commandLineErrors } from "./en/errors/command-line.ts";
import { commonErrors } from "./en/errors/common.ts";
import { contractErrors } from "./en/errors/contract.ts";
import { dockerErrors } from "./en/errors/docker.ts";
import { embeddedChainErrors } from "./en/errors/embedded-chain.ts";
import { filesErrors } from "./en/errors/files.ts";
import { gateErrors } from "./en/errors/gate.ts";
import { imageErrors } from "./en/errors/image.ts";
import { imageRegistryErrors } from "./en/errors/image-registry.ts";
import { networkErrors } from "./en/errors/network.ts";
import { operationErrors } from "./en/errors/operation.ts";
import { policyErrors } from "./en/errors/policy.ts";
import { rpcErrors } from "./en/errors/rpc.ts";
import type { Message } from "./message.ts";
import type { SlotOf, Value } from "./template.ts";

/**
 * The outcome that a caller may draw from an error:
 *
 * - `usage`: the caller must change what was typed or configured (exit code 2);
 * - `inconclusive`: something outside could not be asked, or what it said does not suffice (exit code 20);
 * - `corrupt`: bytes are not what they are said to be (exit code 18);
 * - `cancelled`: the caller asked to stop (exit code 130).
 */
export type ErrorOutcome = "usage" | "inconclusive" | "corrupt" | "cancelled";

/** One error: what happened, and what to do next where the message does not say it all. */
export interface ErrorEntry {
  readonly outcome: ErrorOutcome;
  /** one sentence with its input in `{places}`; no secrets */
  readonly message: string;
  /** what to do next, as one sentence */
  readonly hint?: string;
}

/** The errors of one room, by code. */
export type ErrorTable = Readonly<Record<string, ErrorEntry>>;

/**
 * Every error that DaoChain foresees, by its stable code. A code is thrown for one meaning only; each stands in the file of its room.
 * docs/errors.md is made of it (scripts/generate-error-docs.ts).
 */
export const errors = {
  ...commonErrors,
  ...filesErrors,
  ...imageErrors,
  ...dockerErrors,
  ...imageRegistryErrors,
  ...archiveErrors,
  ...rpcErrors,
  ...networkErrors,
  ...embeddedChainErrors,
  ...backupErrors,
  ...contractErrors,
  ...claimErrors,
  ...accountErrors,
  ...policyErrors,
  ...operationErrors,
  ...catalogueErrors,
  ...gateErrors,
  ...auditErrors,
  ...commandLineErrors,
  ...browserErrors,
} as const;

export type Errors = typeof errors;
export type ErrorCode = keyof Errors;

type HintOf<Code extends ErrorCode> = Errors[Code] extends { readonly hint: infer Hint extends string }
  ? Hint
  : "";
type SlotsOf<Code extends ErrorCode> = SlotOf<`${Errors[Code]["message"]}${HintOf<Code>}`>;
type Options = { readonly advice?: Message | undefined; readonly cause?: unknown };

/** What is said with an error's code: the values that its sentences need, and the error underneath. */
export type ErrorArguments<Code extends ErrorCode> = [SlotsOf<Code>] extends [never]
  ? [values?: Readonly<Record<string, never>>, options?: Options]
  : [values: Readonly<Record<SlotsOf<Code>, Value>>, options?: Options];
