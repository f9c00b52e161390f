import type { English } from "./english.ts";
import type { ErrorCode } from "./errors.ts";
import { accountMessages } from "./zh/account.ts";
import { auditMessages } from "./zh/audit.ts";
import { backupMessages } from "./zh/backup.ts";
import { claimMessages } from "./zh/claim.ts";
import { contractMessages } from "./zh/contract.ts";
import { dockerMessages } from "./zh/docker.ts";
import { embeddedChainMessages } from "./zh/embedded-chain.ts";
import { accountErrors } from "./zh/errors/account.ts";
import { archiveErrors } from "./zh/errors/archive.ts";
import { auditErrors } from "./zh/errors/audit.ts";
import { backupErrors } from "./zh/errors/backup.ts";
import { browserErrors } from "./zh/errors/browser.ts";
import { catalogueErrors } from "./zh/errors/catalogue.ts";
import { claimErrors } from "./zh/errors/claim.ts";
import { commandLineErrors } from "./zh/errors/command-line.ts";
import { commonErrors } from "./zh/errors/common.ts";
import { contractErrors } from "./zh/errors/contract.ts";
import { dockerErrors } from "./zh/errors/docker.ts";
import { embeddedChainErrors } from "./zh/errors/embedded-chain.ts";
import { filesErrors } from "./zh/errors/files.ts";
import { gateErrors } from "./zh/errors/gate.ts";
import { imageErrors } from "./zh/errors/image.ts";
import { imageRegistryErrors } from "./zh/errors/image-registry.ts";
import { networkErrors } from "./zh/errors/network.ts";
import { operationErrors } from "./zh/errors/operation.ts";
import { policyErrors } from "./zh/errors/policy.ts";
import { rpcErrors } from "./zh/errors/rpc.ts";
import { filesMessages } from "./zh/files.ts";
import { gateMessages } from "./zh/gate.ts";
import { historyMessages } from "./zh/history.ts";
import { imageMessages } from "./zh/image.ts";
import { imageRegistryMessages } from "./zh/image-registry.ts";
import { operationMessages } from "./zh/operation.ts";
import { policyMessages } from "./zh/policy.ts";
import { rpcMessages } from "./zh/rpc.ts";
import { verdictMessages } from "./zh/verdict.ts";

/** The same places as the English sentences have: a test holds that. */
type ErrorSentences = Readonly<
  Partial<Record<ErrorCode, { readonly message: string; readonly hint?: string }>>
>;

export const chinese: Readonly<Record<keyof English, string>> = {
  ...filesMessages,
  ...rpcMessages,
  ...policyMessages,
  ...embeddedChainMessages,
  ...contractMessages,
  ...claimMessages,
  ...accountMessages,
  ...verdictMessages,
  ...imageMessages,
  ...dockerMessages,
  ...imageRegistryMessages,
  ...operationMessages,
  ...gateMessages,
  ...auditMessages,
  ...historyMessages,
  ...backupMessages,
};

export const chineseErrors: ErrorSentences = {
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
};
