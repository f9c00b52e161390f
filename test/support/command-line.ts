import type { CommandLine } from "../../cli/commands/command.ts";
import { en as words } from "../../cli/words/en/index.ts";
import { en as help } from "../../cli/words/help/en/index.ts";
import { english } from "../../src/messages/english.ts";
import { errors } from "../../src/messages/errors.ts";
import { Translator } from "../../src/messages/translator.ts";

/** A command line in English, for commands that are made without a process. */
export function commandLine(signal: AbortSignal = new AbortController().signal): CommandLine {
  return { name: "daochain", signal, endAfter: () => () => {}, language: "en", help };
}

/** What a context says in English. */
export const spoken = {
  language: "en",
  passwordFd: undefined,
  sent: new Set<string>(),
  words,
  translator: new Translator({ messages: english, errors }),
} as const;
