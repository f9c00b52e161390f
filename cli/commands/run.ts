import { Command } from "commander";
import { addExamples, type CommandLine, commonOptionsOf } from "./command.ts";

const options = `
Every flag of docker run stands before IMAGE and is passed on as it is. daochain's own, there too:
  --org <name>     organisation whose claim counts (default: the owner of the repository)
  --depth <depth>  how deep to look: id, content or runtime
  --home <dir>     where state lives (DAOCHAIN_HOME, else ~/.daochain)
  --json           where the image is not started, print the verdict as JSON
  --no-color       print without colours

The image must be in the local Docker Engine: nothing is pulled. It is started by its ID, so that what was checked is what
runs; docker ps shows the ID in the place of a name. The exit code is docker run's; where the image is not verified, nothing
starts and the exit code is verify's.`;

export function runCommand(line: CommandLine): Command {
  const made = new Command("run")
    .description("check an image and start it, as docker run does")
    .usage("[docker run flags] IMAGE [command] [argument...]")
    .argument("[docker-run-arguments...]")
    .helpOption(false)
    .exitOverride()
    .addHelpText("after", options);
  addExamples(line, made, [
    "daochain run --rm -it acme/api:1.4.2 sh",
    "daochain run --org acme --detach --publish 8080:80 --name api acme/api:1.4.2",
  ]);
  // How the words are to be read, docker knows.
  made.parseOptions = (words) => ({ operands: words, unknown: [] });
  return made.action(async (words: string[]) => {
    const { run } = await import("../actions/run.ts");
    const code = await run(commonOptionsOf(made), line, words);
    if (code === undefined) made.outputHelp();
    process.exitCode = code ?? 0;
  });
}
