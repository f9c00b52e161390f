import type { Language } from "../language.ts";
import { en } from "./en/index.ts";

/** Everything that help says, in one language. It is loaded with each command, and so holds nothing else. */
export type Help = typeof en;

/** One command's help. */
export interface CommandHelp {
  readonly description: string;
  /** by the option's long name, without the dashes */
  readonly options?: Readonly<Record<string, string>>;
  /** lines, each a command that begins with daochain, and what it does */
  readonly examples: readonly string[];
  /** what stands below the examples */
  readonly notes?: string;
}

/** The help of a language, which is loaded only where it is spoken. */
export async function helpIn(language: Language): Promise<Help> {
  return language === "zh" ? (await import("./zh/index.ts")).zh : en;
}
