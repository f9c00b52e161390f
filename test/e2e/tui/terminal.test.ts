import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { columnsOf } from "../../../cli/tui/text/columns.ts";
import { buildBeside } from "../../support/build.ts";
import { CliHome, cliPath } from "../../support/cli.ts";
import { findProgram } from "../../support/programs.ts";
import { Tmux } from "../../support/tmux.ts";

const cli = [process.execPath, cliPath];

describe.skipIf(findProgram("tmux", "-V") === undefined)("the image browser on a terminal", () => {
  let home: CliHome;
  let fake: string[];
  beforeAll(async () => {
    home = await CliHome.create();
    fake = [process.execPath, await buildBeside("test/support/fake-tui.ts", home.path("fake"))];
  });
  afterAll(() => home?.[Symbol.asyncDispose]());

  /** A shell that has shown something before, so that it can be told whether that is there again. */
  async function terminal(more: Record<string, string> = {}, columns = 80, rows = 24): Promise<Tmux> {
    const tmux = await Tmux.open({ ...home.env, LC_ALL: "C.UTF-8", ...more }, columns, rows);
    await tmux.command(["echo", "what was there before"]);
    await tmux.waitFor((screen) => /^what was there before$/m.test(screen));
    return tmux;
  }

  /** Holds a terminal against one in which nothing has ever run. */
  async function expectRestored(tmux: Tmux): Promise<void> {
    await tmux.waitFor((screen) => /^what was there before$/m.test(screen));
    expect(await tmux.state()).toEqual({ isOnOtherScreen: false, hasCursor: true });
    await tmux.command(["stty", "-a"]);
    await tmux.waitFor((screen) => ["icanon", "echo", "isig"].every((mode) => isOn(screen, mode)));
  }

  /** Whether stty says that a mode is on: one that is off has a dash. */
  const isOn = (screen: string, mode: string): boolean =>
    new RegExp(`(?:^|\\s)${mode}(?:\\s|$)`, "m").test(screen);

  const browsing = (screen: string): boolean => screen.includes("? help");

  test.each([
    ["tui", ["tui"]],
    ["no command", []],
  ])("opens with %s, says what it could not ask, and leaves with q", async (_name, words) => {
    await using tmux = await terminal();
    await tmux.command([...cli, ...words]);
    await tmux.ready();
    expect(await tmux.state()).toMatchObject({ isOnOtherScreen: true });
    const screen = await tmux.waitFor((text) => /engine ✗ down since/.test(text));
    expect(screen.split("\n")[0]).toMatch(/^\[1 Local\]/);
    await tmux.press("4");
    await tmux.waitFor((text) => text.includes("[4 Account"));
    await tmux.press("q");
    await expectRestored(tmux);
  });

  test("starts a chain where there is none, and goes on by itself", async () => {
    await using own = await CliHome.create();
    await using tmux = await Tmux.open({ ...own.env, LC_ALL: "C.UTF-8" }, 60, 20);
    await tmux.command([...cli, "tui"]);
    await tmux.ready();
    await tmux.waitFor((text) => text.includes("No chain runs here: press U to start one."));
    await tmux.press("U");
    for (const label of ["New password:", "The same again:"]) {
      await tmux.waitFor((text) => text.includes(label));
      await tmux.type("correct horse battery");
      await tmux.press("Enter");
    }
    await tmux.waitFor((text) => /✓ Start chain .* done/.test(text));
    await tmux.waitFor((text) => /chain ✓ up/.test(text));
    await tmux.press("2");
    const screen = await tmux.waitFor((text) => text.includes("MEMBERS (1)"));
    expect(screen).not.toContain("correct horse");
    expect(screen).not.toContain("press U");
    await tmux.press("q");
    const { stdout } = await own.run(["status"]);
    expect(stdout).toMatch(/running|127\.0\.0\.1/);
  });

  test.each([
    ["q", async (tmux: Tmux) => tmux.press("q"), 0],
    ["Ctrl-C", async (tmux: Tmux) => tmux.press("C-c"), 0],
    ["SIGTERM", async (tmux: Tmux) => tmux.kill("SIGTERM", cli.join(" ")), 130],
    ["SIGHUP", async (tmux: Tmux) => tmux.kill("SIGHUP", cli.join(" ")), 0],
  ] as const)("gives the terminal back after %s", async (_name, leave, code) => {
    await using tmux = await terminal();
    await tmux.command(["sh", "-c", `'${cli[0]}' '${cli[1]}' tui; echo code $?`]);
    await tmux.ready();
    await tmux.waitFor(browsing);
    await leave(tmux);
    await tmux.waitFor((screen) => screen.includes(`code ${code}`));
    await expectRestored(tmux);
  });

  test.each([
    ["in what is drawn", "C-r", "broken on purpose"],
    ["anywhere", "v", "thrown on purpose"],
  ])("gives the terminal back after an error %s, and says which", async (_name, key, message) => {
    await using tmux = await terminal();
    await tmux.command(fake);
    await tmux.ready();
    await tmux.waitFor((screen) => screen.includes("acme/api:1.0"));
    await tmux.press(key);
    await tmux.waitFor((screen) => screen.includes(`failed: ${message}`));
    await expectRestored(tmux);
  });

  test("is a clear error where there is no terminal, or one that cannot move its cursor", async () => {
    expect(await home.run(["tui"])).toMatchObject({ code: 2, stdout: "" });
    await using tmux = await terminal();
    await tmux.command(["sh", "-c", `TERM=dumb '${cli[0]}' '${cli[1]}' tui; echo code $?`]);
    const screen = await tmux.waitFor((text) => text.includes("code 2"));
    expect(screen).toContain("needs a terminal");
  });

  test("has help with examples, and knows two languages", async () => {
    const help = await home.run(["tui", "--help"]);
    expect(help.code).toBe(0);
    for (const text of ["daochain tui --lang zh", "60 columns", "NO_COLOR"])
      expect(help.stdout).toContain(text);
    expect(await home.run(["tui", "--lang", "tlh"])).toMatchObject({ code: 2 });
  });

  test("alone without a terminal, daochain prints its help", async () => {
    expect((await home.run([])).stderr).toContain("Usage: daochain");
  });

  test("follows the size of the window, down to the least and below", async () => {
    await using tmux = await terminal({}, 100, 30);
    await tmux.command(fake);
    await tmux.ready();
    await tmux.waitFor((screen) => screen.includes("acme/api:1.0"));
    for (const [columns, rows] of [
      [60, 20],
      [200, 60],
      [80, 24],
    ] as const) {
      await tmux.resize(columns, rows);
      const screen = await tmux.waitFor((text) => {
        const lines = text.replace(/\n$/, "").split("\n");
        return lines.length === rows && browsing(lines.at(-1) ?? "");
      });
      const lines = screen.replace(/\n$/, "").split("\n");
      for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(columns);
      expect(lines[0]).toMatch(/^\[1 Local\]/);
      const ends = lines.slice(2, 12).map((line) => columnsOf(line));
      expect(new Set(ends)).toEqual(new Set([columns]));
    }
    await tmux.resize(40, 10);
    await tmux.waitFor((screen) => screen.includes("this is 40x10"));
    await tmux.resize(80, 24);
    await tmux.waitFor(browsing);
  });

  test("speaks Chinese where the environment does, aligned as it stands on the screen", async () => {
    await using tmux = await terminal({ LC_ALL: "", LC_MESSAGES: "zh_CN.UTF-8", LC_CTYPE: "C.UTF-8" });
    await tmux.command(fake);
    await tmux.ready();
    const screen = await tmux.waitFor((text) => text.includes("镜像仓库/应用:版本一"));
    expect(screen).toContain("[1 本地]");
    const ends = screen
      .split("\n")
      .slice(2, 20)
      .map((line) => columnsOf(line));
    expect(new Set(ends)).toEqual(new Set([80]));
  });

  test("has no colours where NO_COLOR or --no-color says so, and the cursor's row is marked all the same", async () => {
    for (const [more, words] of [
      [{ NO_COLOR: "1" }, ["tui"]],
      [{}, ["--no-color", "tui"]],
    ] as const) {
      await using tmux = await terminal(more);
      await tmux.command([...cli, ...words]);
      await tmux.ready();
      await tmux.press("4");
      const looks = await tmux.waitFor((screen) => /^> ?\S?/m.test(screen)).then(() => tmux.looks());
      expect(looks).not.toMatch(/\u001b\[(?:[\d;]*;)?(?:3[0-7]|9\d)m/);
    }
  });

  test("gives the terminal to what it runs, and takes it back", async () => {
    await using tmux = await terminal();
    await tmux.command(fake);
    await tmux.ready();
    await tmux.waitFor((screen) => screen.includes("acme/api:1.0"));
    await tmux.press("r");
    await tmux.waitFor((screen) => screen.includes("running -it acme/api:1.0"));
    expect(await tmux.state()).toEqual({ isOnOtherScreen: false, hasCursor: true });
    // Every key is the program's own while it runs.
    await tmux.type("typed for the program");
    await tmux.press("Enter");
    await tmux.waitFor((screen) => screen.includes("it read: typed for the program"));
    await tmux.waitFor((screen) => screen.includes("exit code 7. Press Enter"));
    expect(await tmux.state()).toEqual({ isOnOtherScreen: false, hasCursor: true });
    await tmux.press("Enter");
    await tmux.waitFor(browsing);
    expect(await tmux.state()).toMatchObject({ isOnOtherScreen: true });
    await tmux.press("j", "j");
    await tmux.waitFor((screen) => /^>.*镜像仓库/m.test(screen));
    await tmux.press("q");
    await expectRestored(tmux);
  });
});
