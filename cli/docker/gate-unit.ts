/** The name of the gate's systemd unit. */
export const unitName = "daochain-gate-docker.service";

/** A word of a unit's command line (systemd.service(5), "Command lines"). */
function quote(word: string): string {
  return `"${word.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("%", "%%").replaceAll("$", "$$$$")}"`;
}

/**
 * The unit that serves the gate. It has started when the socket is there: an engine that does not find it does not start.
 * @param command program and arguments; no word may hold a line break
 * @param socket where the gate is served
 */
export function gateUnit(command: readonly string[], socket: string): string {
  return `[Unit]
Description=DaoChain's gate of the Docker Engine
Before=docker.service
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
WantedBy=multi-user.target docker.service
`;
}
