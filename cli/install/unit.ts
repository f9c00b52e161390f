import { resolve } from "node:path";
import * as library from "../../src/internal.ts";

/** What a service may not do. A user's own service manager has no right to all of it. */
export const hardening = {
  ofUser: [
    "UMask=0077",
    "NoNewPrivileges=yes",
    "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6",
    "RestrictRealtime=yes",
    "LockPersonality=yes",
  ],
  ofRoot: ["ProtectKernelModules=yes", "ProtectKernelTunables=yes", "ProtectControlGroups=yes"],
} as const;

/** A systemd unit of a service of ours. */
export interface Unit {
  readonly description: string;
  /** the unit that starts after it */
  readonly before?: string;
  /** lines of its section Service */
  readonly service: readonly string[];
  readonly wantedBy: readonly string[];
}

/** A unit's file. It is started again for as long as that is asked of it. */
export function unitText({ description, before, service, wantedBy }: Unit): string {
  return `[Unit]
Description=${description}
${before === undefined ? "" : `Before=${before}\n`}After=network.target
StartLimitIntervalSec=0

[Service]
${service.join("\n")}

[Install]
WantedBy=${wantedBy.join(" ")}
`;
}

/**
 * This program with these words, as a unit's command (systemd.service(5), "Command lines").
 * @throws LINE_BREAK_IN_COMMAND where a word holds a line break
 */
export function unitCommand(words: readonly string[]): string {
  const command = [process.execPath, resolve(process.argv[1] ?? ""), ...words];
  if (command.some((word) => /[\r\n\0]/.test(word))) {
    throw library.failure("LINE_BREAK_IN_COMMAND");
  }
  return command.map(quote).join(" ");
}

/** A path in a unit's setting that takes several. @throws LINE_BREAK_IN_COMMAND where it holds a line break */
export function unitPath(path: string): string {
  if (/[\r\n\0]/.test(path)) throw library.failure("LINE_BREAK_IN_COMMAND");
  return `"${path.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("%", "%%")}"`;
}

function quote(word: string): string {
  return `"${word.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("%", "%%").replaceAll("$", "$$$$")}"`;
}
