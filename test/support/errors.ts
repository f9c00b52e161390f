import { DaoChainError } from "../../src/errors.ts";

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
