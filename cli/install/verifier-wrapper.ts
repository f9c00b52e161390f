import * as library from "../../src/internal.ts";

/** The name of the gate's program among containerd's image verifiers. */
export const wrapperName = "daochain";

/**
 * What containerd runs for each pull: a few lines of shell that start our verifier by absolute paths, whatever containerd's own environment.
 * @param node the program that runs the verifier
 * @param socket where the gate is asked
 * @throws LINE_BREAK_IN_COMMAND
 */
export function wrapperText(node: string, verifier: string, socket: string): string {
  const words = [node, verifier, "--socket", socket];
  if (words.some((word) => /[\r\n\0]/.test(word))) throw library.failure("LINE_BREAK_IN_COMMAND");
  const quoted = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  return `#!/bin/sh
# DaoChain's gate of containerd, by daochain gate containerd install. Take it away with: daochain gate containerd uninstall
exec /usr/bin/env -i ${quoted.join(" ")} "$@"
`;
}
