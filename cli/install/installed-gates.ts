import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { join } from "node:path";
import { askReady } from "./systemd.ts";

/** Where a gate of this machine is served and started from, where nobody has said otherwise. */
interface GatePlace {
  readonly kind: "docker" | "containerd";
  readonly unit: string;
  readonly socket: string;
}

/** A gate that is installed or served on this machine. */
export interface InstalledGate {
  readonly kind: GatePlace["kind"];
  /** its unit's file, where there is one */
  readonly unit: string | null;
  /** its socket, where there is one */
  readonly socket: string | null;
  /** `ready` decides, `not-ready` answers but does not decide yet, `silent` does not answer, `closed` may not be asked by this user */
  readonly state: "ready" | "not-ready" | "silent" | "closed";
}

const units = "/etc/systemd/system";
const places: readonly GatePlace[] = [
  {
    kind: "docker",
    unit: join(units, "daochain-gate-docker.service"),
    socket: "/run/docker/plugins/daochain.sock",
  },
  {
    kind: "containerd",
    unit: join(units, "daochain-gate-containerd.service"),
    socket: "/run/daochain/containerd.sock",
  },
];

/** The gates of this machine, as far as their usual places tell. */
export async function findGates(where: readonly GatePlace[] = places): Promise<InstalledGate[]> {
  const found = await Promise.all(
    where.map(async ({ kind, unit, socket }) => {
      const [hasUnit, hasSocket] = [await exists(unit), await exists(socket)];
      if (!hasUnit && !hasSocket) return [];
      const state = hasSocket ? await ask(socket) : "silent";
      return [{ kind, unit: hasUnit ? unit : null, socket: hasSocket ? socket : null, state } as const];
    }),
  );
  return found.flat();
}

async function ask(socket: string): Promise<InstalledGate["state"]> {
  const isOpen = await access(socket, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!isOpen) return "closed";
  const status = await askReady(socket);
  if (status === undefined) return "silent";
  return status === 200 ? "ready" : "not-ready";
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    // What may not be looked at may be there.
    (error: NodeJS.ErrnoException) => error.code === "EACCES",
  );
}
