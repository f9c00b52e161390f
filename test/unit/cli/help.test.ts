import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { accountCommand } from "../../../cli/commands/account.ts";
import { chainCommands } from "../../../cli/commands/chain.ts";
import { organisationCommand } from "../../../cli/commands/organisation.ts";
import { helpIn } from "../../../cli/words/help/help.ts";
import { commandLine } from "../../support/command-line.ts";

const hanzi = /\p{Script=Han}/u;

/** A command and those below it. */
const all = (command: Command): Command[] => [command, ...command.commands.flatMap(all)];

async function commandsIn(language: "en" | "zh"): Promise<Command[]> {
  const line = { ...commandLine(), language, help: await helpIn(language) };
  return [...chainCommands(line), accountCommand(line), organisationCommand(line)].flatMap(all);
}

/** Its help as it is printed, with what stands after it. */
function pageOf(command: Command): string {
  let page = "";
  command.configureOutput({ writeOut: (text) => (page += text) }).outputHelp();
  return page;
}

describe.each(["en", "zh"] as const)("help in %s", async (language) => {
  test.each((await commandsIn(language)).map((command) => [command.name(), command] as const))(
    "%s says what it does, with examples that exist, one of them for programs",
    (name, command) => {
      const page = pageOf(command);
      expect(hanzi.test(command.description())).toBe(language === "zh");
      expect(command.description()).toMatch(language === "zh" ? /[^。]$/ : /^[a-z].*[^.]$/);
      for (const option of command.options) expect(hanzi.test(option.description)).toBe(language === "zh");
      const examples = page.split("\n").filter((line) => /^ {2}daochain /.test(line));
      expect(examples.length).toBeGreaterThan(0);
      for (const line of examples) {
        expect(line.length).toBeLessThanOrEqual(120);
        expect(line).toMatch(
          new RegExp(`daochain (?:(?:org|account) )?${command.commands.length > 0 ? "" : `${name}\\b`}`),
        );
        for (const [option] of line.matchAll(/--[a-z-]+/g)) expect(page).toContain(option);
      }
      if (command.commands.length === 0) expect(page).toMatch(/^ {2}daochain .*\| jq /m);
    },
  );

  test("has the same commands", async () => {
    const names = async (of: "en" | "zh") => (await commandsIn(of)).map((command) => command.name());
    expect(await names(language)).toEqual(await names("en"));
  });
});
