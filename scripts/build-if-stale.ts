/**
 * Builds dist if there is none, or if a source is younger. npm runs this after an installation, and again when `npx daochain` links this
 * checkout: then whoever runs the built program just now must not lose it.
 */
import { execSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const time = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

// Scripts run with the Node that this checkout brings; npm itself may not.
const [major = 0, minor = 0] = (/ node\/v(\d+)\.(\d+)/.exec(process.env["npm_config_user_agent"] ?? "") ?? [])
  .slice(1)
  .map(Number);
if (major !== 0 && (major < 22 || (major === 22 && minor < 13))) {
  console.error(
    `daochain needs Node 22.13 or later, and this is ${major}.${minor}; this checkout runs with the one that it has installed, ${process.versions.node}.`,
  );
}

const sources = ["src", "cli", "scripts/build"].flatMap((folder) =>
  readdirSync(at(folder), { recursive: true, encoding: "utf8" }).map((name) => at(`${folder}/${name}`)),
);
const settings = ["package.json", "tsconfig.json", "tsconfig.types.json", "tsdown.config.ts"].map(at);
// The build's last output and its first: a build that was cut short is no build.
const built = Math.min(time(at("dist/types/index.d.ts")), time(at("dist/cli/main.js")));

if ([...sources, ...settings].some((path) => time(path) > built)) {
  execSync("npm run build", { cwd: at("."), stdio: "inherit" });
}
