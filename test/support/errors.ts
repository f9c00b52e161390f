import { DaoChainError, isDaoChainError } from "../../src/errors.ts";
import { isUnreadable } from "../../src/image/unreadable.ts";

/** The error with which something fails; that it fails with another than DaoChain's own, or not at all, is thrown. */
export async function failureOf(act: () => unknown): Promise<DaoChainError> {
  try {
    await act();
  } catch (error) {
    if (error instanceof DaoChainError) return error;
    throw error;
  }
  throw new Error("It did not fail.");
}

/** The code of that error. */
export async function codeOf(act: () => unknown): Promise<string> {
  return (await failureOf(act)).code;
}

/** Whether an image was refused for what it is: not for where it lies, nor for a limit. */
export function isRefusedImage(error: unknown): error is DaoChainError {
  return (
    isUnreadable(error) ||
    isDaoChainError(
      error,
      "ARCHIVE_AMBIGUOUS",
      "ARCHIVE_COMPRESSION_UNSUPPORTED",
      "ARCHIVE_NOT_OF_DOCKER",
      "ARCHIVE_OF_TWO_IMAGES",
      "ARCHIVE_TABLE_INVALID",
      "IMAGE_EMPTY",
      "LAYOUT_INCOMPLETE",
      "LAYOUT_VERSION_UNSUPPORTED",
    )
  );
}
