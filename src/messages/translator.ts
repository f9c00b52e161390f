import { Advice, DaoChainError } from "../errors.ts";
import { english } from "./english.ts";
import { type ErrorEntry, errors } from "./errors.ts";
import { Message } from "./message.ts";
import { fill, type Value } from "./template.ts";

/** A language that messages are shown in; text that programs read stays English. */
export type Language = "en" | "zh";

interface Sentences {
  readonly messages: Readonly<Record<string, string>>;
  readonly errors: Readonly<Record<string, Pick<ErrorEntry, "message" | "hint"> | undefined>>;
}

/** Makes the sentences of messages and errors in one language. */
export class Translator {
  readonly #sentences: Sentences;

  constructor(sentences: Sentences) {
    this.#sentences = sentences;
  }

  /** A message, an error, what to do about it, or a plain value as it is shown. */
  readonly say = (value: Value): string => {
    if (value instanceof Message)
      return fill(this.#sentences.messages[value.code] ?? `${value}`, value.values, this.say);
    if (value instanceof DaoChainError) return this.error(value).message;
    if (value instanceof Advice) return this.error(value.error).hint ?? "";
    return String(value);
  };

  error(error: DaoChainError): { readonly message: string; readonly hint: string | undefined } {
    const entry = this.#sentences.errors[error.code];
    if (entry === undefined) return error;
    const message = fill(entry.message, error.values, this.say);
    const hint = entry.hint === undefined ? undefined : fill(entry.hint, error.values, this.say);
    return {
      message: error.beside === undefined ? message : `${message} ${this.error(error.beside).message}`,
      hint: error.advice === undefined ? hint : this.say(error.advice),
    };
  }
}

/** Says messages and errors in a language, which is loaded only where it is spoken. @param language `en` or `zh` */
export async function translatorFor(language: Language): Promise<Translator> {
  if (language === "en") return new Translator({ messages: english, errors });
  const { chinese, chineseErrors } = await import("./chinese.ts");
  return new Translator({ messages: chinese, errors: chineseErrors });
}
