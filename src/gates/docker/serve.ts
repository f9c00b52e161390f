import { DockerEngine, type EngineDepth } from "../../image/docker/engine.ts";
import { GateRuntime, type GateRuntimeOptions, type ServedGate } from "../gate-runtime.ts";
import { DockerGate } from "./gate.ts";
import { DockerPlugin } from "./plugin.ts";
import type { UnjudgedWay } from "./requests.ts";

export interface DockerGateStart extends GateRuntimeOptions {
  /** where the engine asks the gate */
  readonly socket: string;
  /** the engine's address, as DOCKER_HOST has it */
  readonly engine: string;
  readonly depth: EngineDepth;
  /** ways that are let although they cannot be judged */
  readonly allow: readonly UnjudgedWay[];
}

/**
 * Serves a Docker Engine's gate, until it is closed. It refuses everything that would run until the registry was read.
 * @throws INDEX_FAILED, FILE_UNWRITABLE where the socket cannot be made, NO_SPACE
 */
export async function serveDockerGate(start: DockerGateStart): Promise<ServedGate> {
  const runtime = new GateRuntime(start);
  const closing = new AbortController();
  try {
    const engine = await DockerEngine.prepare({ host: start.engine });
    const gate = new DockerGate(runtime, engine, { depth: start.depth, allow: new Set(start.allow) });
    const plugin = new DockerPlugin({
      judge: (request) => gate.judge(request),
      metrics: () => runtime.metrics(),
      isReady: () => runtime.status.isReady,
    });
    await plugin.listen(start.socket);
    await runtime.follow();
    const following = engine.follow(closing.signal);
    return {
      get status() {
        return runtime.status;
      },
      close: async () => {
        closing.abort();
        await plugin.close();
        await following;
        await runtime.close();
      },
    };
  } catch (error) {
    await runtime.close();
    throw error;
  }
}
