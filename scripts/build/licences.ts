import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Rolldown } from "tsdown";

/** Writes the licences of all packages that went into the build beside it: each asks that its notice travels with its code. */
export function licences(fileName: string): Rolldown.Plugin {
  return {
    name: "licences",
    generateBundle(_options, bundle) {
      const packages = new Set<string>();
      for (const output of Object.values(bundle)) {
        if (output.type !== "chunk") continue;
        for (const [id, { renderedLength }] of Object.entries(output.modules)) {
          const directory = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(id)?.[1];
          if (directory !== undefined && renderedLength > 0) packages.add(directory);
        }
      }
      const notices = [...packages].map(notice).sort();
      this.emitFile({ type: "asset", fileName, source: `${notices.join(`\n${"-".repeat(80)}\n\n`)}` });
    },
  };
}

function notice(directory: string): string {
  const { name, version, license, author } = JSON.parse(
    readFileSync(join(directory, "package.json"), "utf8"),
  );
  const files = readdirSync(directory).filter((file) => /^(?:licen[cs]e|notice|copying)(?:\.|$)/i.test(file));
  const texts = files.sort().map((file) => readFileSync(join(directory, file), "utf8").trim());
  if (typeof license !== "string") throw new Error(`${name} does not say under which licence it stands`);
  const by = typeof author === "string" ? author : author?.name;
  return [`${name} ${version}, ${license}${by === undefined ? "" : `, by ${by}`}`, ...texts, ""].join("\n\n");
}
