import * as library from "../../src/internal.ts";
import type { Context } from "../context.ts";
import { enforcementStart, type GateOptions, serveUntilStopped } from "./gate.ts";

export interface ContainerdGateOptions extends GateOptions {
  readonly socket: string;
}

/** Serves the gate that containerd's verifier asks, until it is stopped. */
export async function serveContainerd(context: Context, options: ContainerdGateOptions): Promise<number> {
  const { socket } = options;
  const gate = await library.serveContainerdGate({
    ...(await enforcementStart(context, "containerd", options)),
    socket,
  });
  return serveUntilStopped(context, gate, socket);
}
