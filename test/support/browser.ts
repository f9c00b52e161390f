import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, LocalImage, Observable, Task } from "../../cli/browser/browser.ts";
import { createBrowser } from "../../cli/browser/models/browser.ts";
import { createContext } from "../../cli/context.ts";
import type { Home } from "../../src/internal.ts";
import { removeImage } from "../../src/internal.ts";

/** How long a test waits for what must come, in milliseconds. */
const patience = 30_000;

/** The image browser without anything that draws it. */
export class TestBrowser implements AsyncDisposable {
  readonly browser: Browser;
  readonly env: NodeJS.ProcessEnv;
  readonly #directory: string;

  private constructor(browser: Browser, env: NodeJS.ProcessEnv, directory: string) {
    this.browser = browser;
    this.env = env;
    this.#directory = directory;
  }

  /** @param dockerHost undefined: an address where no engine is */
  static async open(
    home: Home,
    dockerHost?: string,
    env: Readonly<Record<string, string>> = {},
  ): Promise<TestBrowser> {
    const environment = {
      PATH: process.env["PATH"],
      HOME: home.directory,
      DOCKER_HOST: dockerHost ?? `unix://${join(home.directory, "no-engine.sock")}`,
      ...env,
    };
    const context = await createContext(
      { home: home.directory },
      { signal: new AbortController().signal, language: "en" },
    );
    const browser = createBrowser({ ...context, env: environment });
    browser.start();
    return new TestBrowser(browser, environment, home.directory);
  }

  /** Waits until something has become true of what changes. @returns what it was found to be */
  until<T>(what: string, view: Observable, find: () => T | undefined | false): Promise<T> {
    return until(what, view, find);
  }

  row(reference: string): LocalImage | undefined {
    return this.browser.images.rows.find((row) => row.reference === reference);
  }

  /** Waits until a row has a verdict of this status. */
  judged(reference: string, status: string): Promise<LocalImage> {
    return this.until(`${reference} to be ${status}`, this.browser.images, () => {
      const row = this.row(reference);
      return row?.verdict?.status === status && row;
    });
  }

  /** Waits until a task is over. */
  over(task: Task): Promise<Task> {
    return this.until(`${task.kind} ${task.subject} to be over`, task, () =>
      task.stage === "done" || task.stage === "failed" || task.stage === "cancelled" ? task : undefined,
    );
  }

  /** Runs one command of the same home in a process of its own. */
  command(arguments_: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
    return new Promise((resolve, reject) => {
      const main = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));
      const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", main, ...arguments_], {
        env: { ...this.env, DAOCHAIN_HOME: this.#directory, ...env },
        stdio: ["ignore", "pipe", "pipe"],
      });
      let output = "";
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding("utf8").on("data", (text: string) => {
          output += text;
        });
      }
      child.once("error", reject);
      child.once("close", (code) => {
        if (code === 0) resolve(output);
        else reject(new Error(`daochain ${arguments_.join(" ")} ended with ${code}:\n${output}`));
      });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.browser.close();
  }
}

/** Waits until something has become true of what changes. */
export async function until<T>(
  what: string,
  view: Observable,
  find: () => T | undefined | false,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const look = (): void => {
    const found = find();
    if (found !== undefined && found !== false) resolve(found);
  };
  const end = view.subscribe(look);
  const timer = setTimeout(() => reject(new Error(`Waited in vain for ${what}.`)), patience);
  look();
  return promise.finally(() => {
    end();
    clearTimeout(timer);
  });
}

/** Takes images away that a test has made. */
export async function removeImages(host: string, names: readonly string[]): Promise<void> {
  for (const name of names) await removeImage(name, { docker: { host } });
}
