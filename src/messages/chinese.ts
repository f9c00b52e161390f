import type { English } from "./english.ts";
import type { ErrorCode } from "./errors.ts";
import { networkErrors } from "./zh/errors/network.ts";
import { verdictMessages } from "./zh/verdict.ts";

type Sentences<Code extends string> = Readonly<Record<Code, string>>;
/** The same places as the English sentences have: a test holds that. */
type ErrorSentences = Readonly<
  Partial<Record<ErrorCode, { readonly message: string; readonly hint?: string }>>
>;

export const chinese: Sentences<keyof English> = { ...verdictMessages };

export const chineseErrors: ErrorSentences = { ...networkErrors };
