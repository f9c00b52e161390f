import { accountMessages } from "./en/account.ts";
import { auditMessages } from "./en/audit.ts";
import { backupMessages } from "./en/backup.ts";
import { claimMessages } from "./en/claim.ts";
import { contractMessages } from "./en/contract.ts";
import { dockerMessages } from "./en/docker.ts";
import { embeddedChainMessages } from "./en/embedded-chain.ts";
import { filesMessages } from "./en/files.ts";
import { gateMessages } from "./en/gate.ts";
import { historyMessages } from "./en/history.ts";
import { imageMessages } from "./en/image.ts";
import { imageRegistryMessages } from "./en/image-registry.ts";
import { operationMessages } from "./en/operation.ts";
import { policyMessages } from "./en/policy.ts";
import { rpcMessages } from "./en/rpc.ts";
import { verdictMessages } from "./en/verdict.ts";

/** Every message but the errors, by its code, in English. Codes are words with hyphens; each stands in the file of its room. */
export const english = {
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
} as const;

export type English = typeof english;
