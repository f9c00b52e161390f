import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import type { CommandLine } from "../../../cli/commands/command.ts";
import { createProgram } from "../../../cli/program.ts";
import { en } from "../../../cli/words/help/en/index.ts";
import { zh } from "../../../cli/words/help/zh/index.ts";
import { commandLine } from "../../support/command-line.ts";

const names = [
  "sign",
  "verify",
  "inspect",
  "diff",
  "approve",
  "submit",
  "revoke",
  "log",
  "run",
  "pull",
  "push",
];
const isChinese = /\p{Script=Han}/u;

function commands(line: CommandLine): Map<string, Command> {
  return new Map(createProgram(line).commands.map((command) => [command.name(), command]));
}

/** A command's help as it is printed, on a terminal that is wide enough for everything. */
function helpOf(command: Command | undefined): string {
  let text = "";
  command?.configureOutput({
    writeOut: (part) => {
      text += part;
    },
    getOutHelpWidth: () => 1000,
  });
  command?.outputHelp();
  return text;
}

describe.each([
  ["en", en],
  ["zh", zh],
] as const)("help in %s", (language, help) => {
  const line: CommandLine = { ...commandLine(), language, help };

  test.each(names)(
    "%s has examples that begin with the program's name, one with jq where it has --json",
    (name) => {
      const text = helpOf(commands(line).get(name));
      const { examples } = help.common.titles;
      const shown = text.slice(text.indexOf(examples));
      expect(shown).toMatch(new RegExp(`^ {2}daochain ${name} `, "m"));
      expect(shown).toMatch(/--json .*\| jq /);
      const plugin = commands({ ...line, name: "docker daochain" }).get(name);
      expect(helpOf(plugin)).toMatch(new RegExp(`^ {2}docker daochain ${name} `, "m"));
    },
  );

  test.each(names)("%s and its options are described in the reader's language", (name) => {
    const command = commands(line).get(name);
    const said = [
      command?.description() ?? "",
      ...(command?.options ?? []).map((option) => option.description),
    ];
    for (const text of said) {
      expect(text).not.toBe("");
      expect(isChinese.test(text), text).toBe(language === "zh");
      expect(text).not.toMatch(/[.。]$/);
    }
  });
});

test("every example of an option is one that the command has", () => {
  const line = commandLine();
  for (const [name, command] of commands(line)) {
    if (!names.includes(name) || name === "run") continue;
    const known = new Set(command.options.flatMap(({ long, short }) => [long, short]));
    for (const example of helpOf(command).matchAll(/^ {2}daochain .*$/gm)) {
      const own = example[0].split(/ [|&] | && | {2,}/)[1] ?? "";
      for (const option of own.match(/(?<= )--[a-z-]+/g) ?? [])
        if (!own.includes("$(")) expect(known.has(option), `${option} in ${own}`).toBe(true);
    }
  }
});
