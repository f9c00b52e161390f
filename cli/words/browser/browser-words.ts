import type { Language } from "../language.ts";
import { en } from "./en.ts";
import type { Words } from "./shape.ts";

/** What is said in a language, which is loaded only where it is spoken. */
export async function wordsIn(language: Language): Promise<Words> {
  return language === "zh" ? (await import("./zh.ts")).zh : en;
}
