import { runInForeground } from "../foreground.ts";
import type { Words } from "./words/en.ts";

/** Runs an image as `daochain run` does, on the terminal as it is, and waits until a person has read what it left there. */
export async function runImage(reference: string, words: Words): Promise<void> {
  const { stdin, stdout } = process;
  // What is typed from here on is the container's: nothing of it may be read here.
  await new Promise((resolve) => setImmediate(resolve));
  stdin.pause();
  const [node = "", script = ""] = process.argv;
  const arguments_ = [...process.execArgv, script, "run", "-it", reference];
  const code = await runInForeground(node, arguments_, { env: process.env });
  stdout.write(`\n${words.ask.back(code)} `);
  await new Promise<void>((resolve) => {
    stdin.resume();
    stdin.once("data", () => resolve());
    stdin.once("end", () => resolve());
  });
  stdin.pause();
}
