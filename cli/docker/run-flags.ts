/** The flags of `docker run`, by name (one letter for those behind a single dash): whether each takes a value. */
export type RunFlags = ReadonlyMap<string, boolean>;

/** Far more flags than docker has, and a longer text than any help. */
const maxFlags = 1000;
const maxText = 1 << 18;

/** Flags that docker takes without showing them in its help (docker/cli, cli/command/container/opts.go); all take a value. */
const hidden = [
  "net",
  "net-alias",
  "dns-opt",
  "cpu-count",
  "cpu-percent",
  "io-maxbandwidth",
  "io-maxiops",
  "kernel-memory",
];

/**
 * Reads the flags from what `docker run --help` prints: each on a line of its own, and after the name of one that takes a value, a word
 * for its type.
 */
export function parseRunFlags(help: string): RunFlags {
  const flags = new Map(hidden.map((name) => [name, true]));
  for (const line of help.slice(0, maxText).split("\n")) {
    const [, letter, name = "", type] =
      /^ {2,8}(?:-([A-Za-z]), )?--([a-z0-9][a-z0-9-]*)(?: ([^ ].*?))?(?: {2,}.*)?$/.exec(line) ?? [];
    if (name === "") continue;
    flags.set(name, type !== undefined);
    if (letter !== undefined) flags.set(letter, type !== undefined);
    if (flags.size > maxFlags) break;
  }
  return flags;
}
