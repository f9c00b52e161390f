import { DockerEngine, type EngineDepth } from "../../image/docker/engine.ts";
import { Enforcement, type EnforcementStart, type ServedGate } from "../gate-runtime.ts";
import { DockerGate } from "./gate.ts";
import { DockerPlugin } from "./plugin.ts";
import type { UnjudgedWay } from "./requests.ts";

export interface DockerGateStart extends EnforcementStart {
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
 * @throws CATALOGUE_FAILED, CONFIGURATION_INVALID where the socket cannot be made, NO_SPACE
 */
export async function serveDockerGate(start: DockerGateStart): Promise<ServedGate> {
  const enforcement = new Enforcement(start);
  const closing = new AbortController();
  try {
    const engine = await DockerEngine.prepare({ host: start.engine });
    const gate = new DockerGate(enforcement, engine, { depth: start.depth, allow: new Set(start.allow) });
    const plugin = new DockerPlugin({
      judge: (request) => gate.judge(request),
      metrics: () => enforcement.metrics(),
      isReady: () => enforcement.status.isReady,
    });
    await plugin.listen(start.socket);
    await enforcement.follow();
    const following = engine.follow(closing.signal);
    return {
      get status() {
        return enforcement.status;
      },
      close: async () => {
        closing.abort();
        await plugin.close();
        await following;
        await enforcement.close();
      },
    };
  } catch (error) {
    await enforcement.close();
    throw error;
  }
}
