import { runInForeground } from "../foreground.ts";
import type { Words } from "../words/browser/browser-words.ts";

/** Runs an image as `daochain run` does, on the terminal as it is, and waits until a person has read what it left there. */
export async function runImage(reference: string, words: Words): Promise<void> {
  const { stdin, stdout } = process;
  const [node = "", script = ""] = process.argv;
  await stopReading();
  const arguments_ = [...process.execArgv, script, "run", "-it", reference];
  const code = await runInForeground(node, arguments_, { env: process.env });
  stdout.write(`\n${words.ask.back(code)} `);
  await new Promise<void>((resolve) => {
    stdin.once("data", () => resolve());
    stdin.once("end", () => resolve());
    stdin.resume();
  });
  await stopReading();
}

/** From here on, what is typed is another's. A stream stops only some ticks after it was told to, which must be over before it is read again. */
async function stopReading(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  process.stdin.pause();
  await new Promise((resolve) => setImmediate(resolve));
}
