import { resolve } from "node:path";
import * as library from "../../src/index.ts";

/** A gate's systemd unit. */
export interface GateUnit {
  /** the file's name, such as `daochain-gate-docker.service` */
  readonly name: string;
  readonly description: string;
  /** the unit of what asks the gate */
  readonly before: string;
}

/** A word of a unit's command line (systemd.service(5), "Command lines"). */
function quote(word: string): string {
  return `"${word.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("%", "%%").replaceAll("$", "$$$$")}"`;
}

/**
 * The unit that serves the gate. It has started when the socket is there: who asks and does not find it does not start, or refuses everything.
 * @param words what follows `daochain gate`
 * @param socket where the gate is served
 * @throws LINE_BREAK_IN_COMMAND
 */
export function gateUnit(
  { description, before }: GateUnit,
  words: readonly string[],
  socket: string,
): string {
  const command = [process.execPath, resolve(process.argv[1] ?? ""), "gate", ...words];
  if (command.some((word) => /[\r\n\0]/.test(word))) throw library.failure("LINE_BREAK_IN_COMMAND");
  return `[Unit]
Description=${description}
Before=${before}
After=network.target
StartLimitIntervalSec=0

[Service]
ExecStart=${command.map(quote).join(" ")}
ExecStartPost=/bin/sh -c "until [ -S ${socket} ]; do sleep 0.1; done"
TimeoutStartSec=30
Restart=always
RestartSec=1
UMask=0077
NoNewPrivileges=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectControlGroups=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictRealtime=yes
LockPersonality=yes

[Install]
WantedBy=multi-user.target ${before}
`;
}
