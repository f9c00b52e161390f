import { auditMessages } from "./en/audit.ts";
import { backupMessages } from "./en/backup.ts";
import { gateMessages } from "./en/gate.ts";
import { historyMessages } from "./en/history.ts";
import { imageMessages } from "./en/image.ts";
import { operationMessages } from "./en/operation.ts";
import { verdictMessages } from "./en/verdict.ts";

/** Every message but the errors, by its code, in English. Codes are words with hyphens; each stands in the file of its room. */
export const english = {
  ...verdictMessages,
  ...imageMessages,
  ...operationMessages,
  ...gateMessages,
  ...auditMessages,
  ...historyMessages,
  ...backupMessages,
} as const;

export type English = typeof english;
