import type { Language } from "../language.ts";
import { en } from "./en.ts";

/** Everything the image browser says by itself, in one language. What comes from the library is said by its `Translator`. */
export type Words = typeof en;

/** What is said in a language, which is loaded only where it is spoken. */
export async function wordsIn(language: Language): Promise<Words> {
  return language === "zh" ? (await import("./zh.ts")).zh : en;
}
