import { execFileSync } from "node:child_process";

/**
 * A program that a test drives where it is installed: named by an environment variable of its name in capitals, or on the PATH.
 * @param version the flag that has it print its version
 * @returns undefined where it is not there
 * @throws where DAOCHAIN_REQUIRE names it and it is not there: then its tests must not be skipped
 */
export function findProgram(name: string, version = "--version"): string | undefined {
  const program = process.env[name.toUpperCase()] || name;
  try {
    execFileSync(program, [version], { stdio: "ignore" });
    return program;
  } catch (cause) {
    if (!(process.env["DAOCHAIN_REQUIRE"] ?? "").split(",").includes(name)) return undefined;
    throw new Error(`${name} is required and cannot be run`, { cause });
  }
}
