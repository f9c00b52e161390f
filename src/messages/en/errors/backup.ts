import type { ErrorTable } from "../../errors.ts";

/** What happens when a home is backed up and restored. */
export const backupErrors = {
  BACKUP_EXISTS: {
    outcome: "usage",
    message: "There is a file {file} already.",
    hint: "Choose another name: a backup never replaces a file.",
  },
  BACKUP_NOT_FOUND: {
    outcome: "usage",
    message: "There is no backup {file}.",
    hint: "Name a file that daochain backup wrote.",
  },
  BACKUP_INVALID: {
    outcome: "corrupt",
    message: "The backup {file} cannot be used: {why}.",
    hint: "Nothing was restored. Use another backup.",
  },
  BACKUP_CHAIN_INCOMPLETE: {
    outcome: "usage",
    message: "The chain under {directory} has lost {file}.",
    hint: "Restore it from an earlier backup; nothing was written.",
  },
  BACKUP_UNSTABLE: {
    outcome: "inconclusive",
    message: "The file {file} changed while it was copied.",
    hint: "Run the same command again.",
  },
  BACKUP_TOO_LARGE: {
    outcome: "usage",
    message: "A backup cannot hold {what}: {size} are more than {most}.",
    hint: "Look into the home; what does not belong there can be moved away.",
  },
  HOME_NOTHING_TO_KEEP: {
    outcome: "usage",
    message: "There is nothing under {directory} to back up.",
    hint: "Name the home with --home DIR.",
  },
  HOME_NOT_EMPTY: {
    outcome: "usage",
    message: "There is a home {directory} already.",
    hint: "Nothing was changed. Move it away, or restore into another home with --home DIR.",
  },
  HOME_IN_USE: {
    outcome: "usage",
    message: "The chain under {directory} is running.",
    hint: "Stop it first with daochain down.",
  },
  RESTORE_ROLLS_BACK: {
    outcome: "usage",
    message:
      "The home {directory} would lose {what}: what others may have seen and rely on would be taken back.",
    hint: "Nothing was changed. To replace the home by the older one all the same, add --rollback; the home that is there is kept beside it.",
  },
  ROLLBACKS_INVALID: {
    outcome: "usage",
    message: "The file {file} does not hold a record of rollbacks.",
    hint: "Restore it from a backup, or move it away.",
  },
} as const satisfies ErrorTable;
