import type { ErrorTable } from "../../errors.ts";

/** What happens with files, directories, locks and JSON documents. */
export const filesErrors = {
  NO_SPACE: {
    outcome: "inconclusive",
    message: "No space is left on the device of {path}; nothing was written.",
    hint: "Free some space and run the same command again.",
  },
  FILE_UNREADABLE: { outcome: "usage", message: "The file {path} cannot be read: {reason}." },
  FILE_UNWRITABLE: { outcome: "usage", message: "The file {path} cannot be written: {reason}." },
  FILE_NOT_REGULAR: { outcome: "usage", message: "{path} is not a regular file." },
  FILE_TOO_LARGE: { outcome: "usage", message: "The file {path} is larger than {limit} bytes." },
  DIRECTORY_UNREADABLE: { outcome: "usage", message: "The directory {path} cannot be read: {reason}." },
  DIRECTORY_UNWRITABLE: { outcome: "usage", message: "The directory {path} cannot be made: {reason}." },
  FILE_NOT_JSON: {
    outcome: "usage",
    message: "The file {path} does not hold a JSON object.",
    hint: "Repair it, or move it away and run daochain up.",
  },
  LOCK_FAILED: {
    outcome: "inconclusive",
    message: "The lock {path} cannot be taken.",
    hint: "It must lie in a directory that you may write to, on a file system with POSIX locks.",
  },
  JSON_INVALID: {
    outcome: "inconclusive",
    message: "The {what} cannot be read: {reason}.",
    hint: "Build, save or fetch it again; if it stays so, the program that wrote it is at fault.",
  },
  JSON_TOO_LARGE: { outcome: "inconclusive", message: "The {what} is larger than {limit} bytes." },
  JSON_LIST_TOO_LONG: {
    outcome: "inconclusive",
    message: "The {what} lists {count} {name}, more than {limit}.",
  },
  DIGEST_UNSUPPORTED: {
    outcome: "inconclusive",
    message: "The {what} uses digests other than SHA-256: {digest}.",
    hint: "Only SHA-256 digests can be verified.",
  },
  PATH_CLOSED: {
    outcome: "inconclusive",
    message: "{path} cannot be looked at: permission is denied.",
    hint: "Run the command as the user whose it is.",
  },
} as const satisfies ErrorTable;
