import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { removeImage } from "../../src/internal.ts";
import { CliHome, runProcess } from "../support/cli.ts";
import { describeOnEngines } from "../support/engines.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The tour's commands with the output that the README shows, in their order. */
function tour(): { command: string; output: string }[] {
  const readme = readFileSync(`${root}/README.md`, "utf8");
  const blocks = [...readme.matchAll(/^```console\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block);
  return blocks.flatMap((block) =>
    block
      .split(/^\$ /m)
      .filter((step) => step !== "")
      .map((step) => {
        const end = step.indexOf("\n");
        return { command: step.slice(0, end), output: step.slice(end + 1) };
      }),
  );
}

/** Containerd's store knows an image by its manifest, the classic one by its config: here, one identity is as good as another. */
function withoutKinds(output: string): string {
  return output
    .split("\n")
    .map((line) => line.replace(/^ {2}manifest {2}DIGEST/, "  config    DIGEST"))
    .filter((line, index, lines) => !line.includes("DIGEST") || line !== lines[index - 1])
    .join("\n");
}

/** What differs from run to run (digests, addresses, times, ports, processes, the home) as words. */
function steady(output: string): string {
  return output
    .split("\n")
    .filter((line) => !/^npm (warn|notice)/.test(line))
    .join("\n")
    .replace(/sha256:[0-9a-f]{64}/g, "DIGEST")
    .replace(/0x[0-9a-fA-F]{64}/g, "CLAIM")
    .replace(/0x[0-9a-fA-F]{40}/g, "ADDRESS")
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "TIME")
    .replace(/127\.0\.0\.1:\d+/g, "ENDPOINT")
    .replace(/process \d+/g, "PROCESS")
    .replace(/\/\S+(?=\/passwords\/default)/g, "HOME")
    .trim();
}

describeOnEngines("the README's tour", ({ host }) => {
  test("every command prints what it is said to print", async () => {
    await using home = await CliHome.create(host);
    const steps = tour();
    expect(steps.length).toBeGreaterThan(10);
    const environment = {
      PATH: process.env["PATH"],
      HOME: home.directory,
      DAOCHAIN_HOME: home.path("home"),
      DOCKER_HOST: host,
    };
    for (const { command, output } of steps) {
      const { stdout } = await runProcess("bash", ["-c", `cd '${root}' && { ${command}; } 2>&1`], {
        env: environment,
      });
      const alike = (text: string) => withoutKinds(steady(text));
      expect({ command, output: alike(stdout) }).toEqual({ command, output: alike(output) });
    }
    await removeImage("acme/api:1.4.2", { docker: { host } });
  });
});
