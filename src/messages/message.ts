import { type English, english } from "./english.ts";
import { fill, type SlotOf, type Value, type ValuesOf } from "./template.ts";

/** What a message says, whatever the language. */
export type MessageCode = keyof English;

/**
 * Something that is said to people: a code, and what it is about. As text and as JSON it is an English sentence; whoever shows it to a
 * person makes the sentence in that person's language (`Translator`).
 */
export class Message<Code extends MessageCode = MessageCode> {
  readonly code: Code;
  readonly values: Readonly<Record<string, Value>>;

  constructor(code: Code, values: Readonly<Record<string, Value>>) {
    this.code = code;
    this.values = values;
  }

  toString(): string {
    return fill(english[this.code], this.values);
  }

  toJSON(): string {
    return this.toString();
  }
}

/** The values that a template needs: none where it has no places. */
export type Arguments<Template extends string> = [SlotOf<Template>] extends [never]
  ? []
  : [values: ValuesOf<Template>];

/** A message, with the values that its sentence needs. */
export function say<Code extends MessageCode>(
  code: Code,
  ...[values]: Arguments<English[Code]>
): Message<Code> {
  return new Message(code, values ?? {});
}
