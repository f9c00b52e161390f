import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A terminal of its own, with a shell in it: what a person has before and after a program. */
export class Tmux implements AsyncDisposable {
  readonly #name = `daochain-${randomUUID()}`;

  private constructor() {}

  /** @param env of what runs in it, and nothing else */
  static async open(
    env: Readonly<Record<string, string | undefined>>,
    columns = 80,
    rows = 24,
  ): Promise<Tmux> {
    const tmux = new Tmux();
    const variables = Object.entries(env).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${value}`],
    );
    const shell = ["env", "-i", ...variables, "TERM=tmux-256color", "PS1=$ ", "sh"];
    await tmux.#tmux("new-session", "-d", "-x", `${columns}`, "-y", `${rows}`, ...shell);
    await tmux.waitFor((screen) => screen.includes("$"));
    return tmux;
  }

  /** Lines in view. */
  async screen(): Promise<string> {
    return this.#tmux("capture-pane", "-p");
  }

  /** The same with the looks of the text. */
  async looks(): Promise<string> {
    return this.#tmux("capture-pane", "-p", "-e");
  }

  /** Types text as it is. */
  async type(text: string): Promise<void> {
    await this.#tmux("send-keys", "-l", text);
  }

  /** Presses keys as tmux calls them: `Enter`, `Escape`, `C-c`, `Up`. */
  async press(...keys: string[]): Promise<void> {
    await this.#tmux("send-keys", ...keys);
  }

  /** Types a command at the shell's prompt. */
  async command(words: readonly string[]): Promise<void> {
    await this.type(words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" "));
    await this.press("Enter");
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux("resize-window", "-x", `${columns}`, "-y", `${rows}`);
  }

  /** When the screen is as wanted. @returns the screen then @throws with the last screen after half a minute */
  async waitFor(
    isThere: (screen: string) => boolean | Promise<boolean>,
    milliseconds = 30_000,
  ): Promise<string> {
    const end = performance.now() + milliseconds;
    for (;;) {
      const screen = await this.screen();
      if (await isThere(screen)) return screen;
      if (performance.now() > end) throw new Error(`the screen is not as expected:\n${screen}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** When the browser has drawn its first whole screen: it sets the title then. */
  async ready(): Promise<void> {
    const end = performance.now() + 30_000;
    while ((await this.#format("#{pane_title}")) !== "DaoChain") {
      if (performance.now() > end) throw new Error(`the browser is not ready:\n${await this.screen()}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Whether a program has its own screen, and whether the cursor is shown. */
  async state(): Promise<{ readonly isOnOtherScreen: boolean; readonly hasCursor: boolean }> {
    const [other, cursor] = (await this.#format("#{alternate_on} #{cursor_flag}")).split(" ");
    return { isOnOtherScreen: other === "1", hasCursor: cursor === "1" };
  }

  /** Sends a signal to a program that has the terminal. @param command how it was started, from its beginning */
  async kill(signal: NodeJS.Signals, command: string): Promise<void> {
    const tty = await this.#format("#{pane_tty}");
    const { stdout } = await run("ps", ["-o", "pid=,args=", "-t", tty.replace("/dev/", "")]);
    const line = stdout.split("\n").find((each) => each.replace(/^\s*\d+ /, "").startsWith(command));
    if (line === undefined) throw new Error(`nothing runs there with ${command}:\n${stdout}`);
    process.kill(Number.parseInt(line, 10), signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tmux("kill-server").catch(() => {});
  }

  async #format(format: string): Promise<string> {
    return (await this.#tmux("display-message", "-p", format)).trim();
  }

  async #tmux(...words: string[]): Promise<string> {
    const { stdout } = await run("tmux", ["-L", this.#name, "-f", "/dev/null", ...words]);
    return stdout;
  }
}
