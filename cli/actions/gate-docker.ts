import type { EngineDepth, UnjudgedWay } from "../../src/internal.ts";
import * as library from "../../src/internal.ts";
import type { Context } from "../context.ts";
import { enforcementStart, type GateOptions, serveUntilStopped } from "./gate.ts";

export interface DockerGateOptions extends GateOptions {
  readonly depth: EngineDepth;
  readonly allow?: readonly UnjudgedWay[];
  readonly engine?: string;
  readonly socket: string;
}

/** Serves the Docker Engine's gate until it is stopped. */
export async function serveDocker(context: Context, options: DockerGateOptions): Promise<number> {
  const { socket, depth, allow = [], engine } = options;
  const gate = await library.serveDockerGate({
    ...(await enforcementStart(context, "docker", options)),
    socket,
    engine: engine || context.env["DOCKER_HOST"] || "unix:///var/run/docker.sock",
    depth,
    allow,
  });
  return serveUntilStopped(context, gate, socket);
}
