#!/usr/bin/env node
import manifest from "../package.json" with { type: "json" };
import { outliveLostOutput } from "./lost-output.ts";
import { start } from "./start.ts";
import { languageOf } from "./words/language.ts";
import { pluginDescription } from "./words/plugin.ts";

// docker asks each of its plugins what it is whenever it shows its help: nothing else is loaded for the answer.
if (process.argv[2] === "docker-cli-plugin-metadata") {
  const metadata = {
    SchemaVersion: "0.1.0",
    Vendor: "DaoChain",
    Version: manifest.version,
    ShortDescription: pluginDescription[languageOf(undefined, process.env)],
  };
  outliveLostOutput();
  process.stdout.write(`${JSON.stringify(metadata)}\n`);
} else {
  await start("docker daochain");
}
