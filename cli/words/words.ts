import { en } from "./en/index.ts";
import type { Language } from "./language.ts";

/** Everything that commands say beside their help, in one language. What the library says is made of its own messages. */
export type Words = typeof en;

/** The words of a language, which is loaded only where it is spoken. */
export async function wordsIn(language: Language): Promise<Words> {
  return language === "zh" ? (await import("./zh/index.ts")).zh : en;
}
