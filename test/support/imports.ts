import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** One import of one file: statically, while it runs, or of types alone. */
export interface Import {
  /** path from the root of the checkout */
  readonly from: string;
  /** a file of the checkout as a path from its root; a package's or builtin module's name as it stands */
  readonly to: string;
  readonly how: "static" | "dynamic" | "type";
}

/**
 * Every import of a source file. The house's formatter gives imports few shapes: what looks like an import and has none
 * of them is an error, so that nothing is overlooked.
 */
export function parseImports(from: string, source: string): Import[] {
  const found: Import[] = [];
  const add = (specifier: string, how: Import["how"]): void => {
    const to = specifier.startsWith(".") ? normalize(join(dirname(from), specifier)) : specifier;
    found.push({ from, to, how });
  };
  const statements =
    /^(import|export)( type)?\s(?:[\w*{][^;"']*?\sfrom\s+)?"([^"]+)"(?: with \{[^}]*\})?;$/gm;
  let imports = 0;
  for (const [, keyword, type, specifier] of source.matchAll(statements)) {
    if (keyword === "import") imports++;
    add(specifier ?? "", type === undefined ? "static" : "type");
  }
  let calls = 0;
  for (const [, type, specifier] of source.matchAll(/(\btypeof )?\bimport\("([^"]+)"\)/g)) {
    calls++;
    add(specifier ?? "", type === undefined ? "dynamic" : "type");
  }
  const all = (pattern: RegExp): number => [...source.matchAll(pattern)].length;
  if (
    // What has the name of a member imports nothing.
    all(/^\s*import\b(?![.(:])/gm) !== imports ||
    all(/(?<![.])\bimport\s*\((?!\w+: )/g) !== calls ||
    /\brequire\(/.test(source)
  ) {
    throw new Error(`${from} imports something in a way that is not understood`);
  }
  return found;
}

/** The TypeScript files beneath folders of the checkout, as paths from its root. */
export function sourceFiles(...folders: string[]): string[] {
  return folders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) =>
        join(folder, name),
      ),
    )
    .filter((name) => /\.tsx?$/.test(name))
    .sort();
}

export function readImports(file: string): Import[] {
  return parseImports(file, readFileSync(join(root, file), "utf8"));
}
