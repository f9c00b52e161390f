import { hardening, unitCommand, unitText } from "./unit.ts";

/** A gate's systemd unit. */
export interface GateUnit {
  /** the file's name, such as `daochain-gate-docker.service` */
  readonly name: string;
  readonly description: string;
  /** the unit of what asks the gate */
  readonly before: string;
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
  return unitText({
    description,
    before,
    service: [
      `ExecStart=${unitCommand(["gate", ...words])}`,
      `ExecStartPost=/bin/sh -c "until [ -S ${socket} ]; do sleep 0.1; done"`,
      "TimeoutStartSec=30",
      "Restart=always",
      "RestartSec=1",
      ...hardening.ofUser,
      ...hardening.ofRoot,
    ],
    wantedBy: ["multi-user.target", before],
  });
}
