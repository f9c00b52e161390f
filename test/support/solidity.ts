import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { InterfaceAbi } from "ethers";
import solc from "solc";

/** Compiled in memory, by the same compiler as the product and without its files. */
export interface Compiled {
  readonly abi: InterfaceAbi;
  /** creation code, `0x` and hex digits */
  readonly bytecode: string;
}

interface Output {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts?: Record<
    string,
    Record<
      string,
      { readonly abi: InterfaceAbi; readonly evm: { readonly bytecode: { readonly object: string } } }
    >
  >;
}

/**
 * Compiles Solidity sources with the product's settings.
 *
 * @param sources path below the repository's root to source text; what they import is read from the disk
 * @param settings what differs from the product's settings
 * @returns contracts by their names
 */
export function compileSolidity(
  sources: Readonly<Record<string, string>>,
  settings: object = {},
): Map<string, Compiled> {
  const input = {
    language: "Solidity",
    sources: Object.fromEntries(Object.entries(sources).map(([path, content]) => [path, { content }])),
    settings: {
      optimizer: { enabled: true, runs: 200 },
      evmVersion: "london",
      viaIR: true,
      outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } },
      ...settings,
    },
  };
  const output: Output = JSON.parse(solc.compile(JSON.stringify(input), { import: readImport }));
  const errors = (output.errors ?? []).filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new Error(errors.map(({ formattedMessage }) => formattedMessage).join("\n"));
  return new Map(
    Object.values(output.contracts ?? {}).flatMap((contracts) =>
      Object.entries(contracts).map(([name, { abi, evm }]): [string, Compiled] => [
        name,
        { abi, bytecode: `0x${evm.bytecode.object}` },
      ]),
    ),
  );
}

/** The text of a file below the repository's root. */
export function readSource(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
}

/** What a Solidity import reads. */
export function readImport(path: string): { contents: string } {
  const file = path.startsWith("@") ? fileURLToPath(import.meta.resolve(path)) : path;
  return { contents: path.startsWith("@") ? readFileSync(file, "utf8") : readSource(path) };
}
