import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { createProgram } from "../../../cli/program.ts";
import { helpIn } from "../../../cli/words/help/help.ts";
import { commandLine } from "../../support/command-line.ts";

/** Commands that print nothing that jq could read, or serve until they are stopped. */
const printsNothing =
  /^daochain (?:gate(?: docker| containerd| kubernetes)?|gate \w+ (?:un)?install|policy|policy init|completion|org|account|account export|service|tui)$/;

function commandsOf(command: Command, path = command.name()): [path: string, command: Command][] {
  return [[path, command], ...command.commands.flatMap((each) => commandsOf(each, `${path} ${each.name()}`))];
}

function helpOf(command: Command): string {
  let text = "";
  command.configureOutput({
    writeOut: (more) => {
      text += more;
    },
  });
  command.outputHelp();
  return text;
}

const program = createProgram(commandLine());
const chinese = createProgram({ ...commandLine(), language: "zh", help: await helpIn("zh") });
const pages = commandsOf(program)
  // What completes a line is asked by a shell, not by a person.
  .filter(([path]) => !path.endsWith(" __complete"));
const chinesePages = new Map(commandsOf(chinese));

describe("every help page", () => {
  test.each(pages)("%s has examples, and one with jq where it prints JSON", (path, command) => {
    const text = helpOf(command);
    expect(text).toContain("Examples:");
    const examples = text.slice(text.indexOf("Examples:")).split("\n");
    expect(examples.filter((line) => /^ +.*\bdaochain /.test(line)).length).toBeGreaterThan(0);
    if (path !== "daochain" && !printsNothing.test(path))
      expect(examples.join("\n")).toMatch(/--json.*\| jq /);
  });

  test.each(pages)("%s describes itself and its options in both languages", (path, command) => {
    const other = chinesePages.get(path);
    const described = (one: Command): string[] => [
      one.description(),
      ...one.options.map(({ description }) => description),
    ];
    const [english, translated] = [described(command), described(other ?? command)];
    // As docker's and gh's: lower case, no full stop. The program itself is described in sentences.
    const wrong = path === "daochain" ? /^$|\p{Script=Han}/u : /^$|^[A-Z][a-z]|\.$|\p{Script=Han}/u;
    expect(english.filter((text) => wrong.test(text))).toEqual([]);
    expect(translated.filter((text) => !/\p{Script=Han}/u.test(text))).toEqual([]);
    expect(translated).toHaveLength(english.length);
  });

  test.each(pages)(
    "%s has the same examples in both languages, as far as they are typed",
    (path, command) => {
      const typed = (text: string): string[] =>
        text
          .split("\n")
          .filter((line) => /^ {2}(?:sudo |\w+ .*\| )?daochain /.test(line))
          .map((line) => line.trim().replace(/ {2,}.*$/, ""));
      expect(typed(helpOf(chinesePages.get(path) ?? program))).toEqual(typed(helpOf(command)));
    },
  );
});
