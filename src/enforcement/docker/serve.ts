import { Catalogue } from "../../catalogue/catalogue.ts";
import type { Connection, NetworkProfile } from "../../chain/network.ts";
import { DockerEngine, type EngineDepth } from "../../image/docker-engine.ts";
import type { Policy } from "../../policy/policy.ts";
import { Enforcer } from "../enforcer.ts";
import { Follower, type FollowerStatus } from "../follower.ts";
import { DecisionLog } from "../log.ts";
import { GateMetrics } from "../metrics.ts";
import { DockerGate } from "./gate.ts";
import { DockerPlugin } from "./plugin.ts";
import type { UnjudgedWay } from "./requests.ts";

export interface DockerGateStart {
  readonly profile: NetworkProfile;
  /** opens a connection to the chain that the profile pins */
  readonly connect: (signal: AbortSignal) => Promise<Connection>;
  /** file of the gate's own index of the registry; no one else should be able to write it */
  readonly index: string;
  /** where the engine asks the gate */
  readonly socket: string;
  /** the engine's address, as DOCKER_HOST has it */
  readonly engine: string;
  readonly policy: Policy;
  readonly depth: EngineDepth;
  /** ways that are let although they cannot be judged */
  readonly allow: readonly UnjudgedWay[];
  /** seconds for which the last state is good when the chain cannot be asked */
  readonly staleness: number;
  /** seconds after which a chain whose newest block is older is not believed */
  readonly maxHeadAge?: number | undefined;
  /** file to which decisions are added; undefined: stderr */
  readonly log?: string | undefined;
  /** is told what keeps the chain from being followed, once, and that nothing does any more (undefined) */
  readonly onTrouble?: ((trouble: unknown) => void) | undefined;
}

/** A gate that is served. */
export interface ServedGate {
  readonly status: FollowerStatus;
  close(): Promise<void>;
}

/**
 * Serves a Docker Engine's gate, until it is closed. It refuses everything that would run until the registry was read.
 * @throws CATALOGUE_FAILED, CONFIGURATION_INVALID where the socket cannot be made, NO_SPACE
 */
export async function serveDockerGate(start: DockerGateStart): Promise<ServedGate> {
  const { profile, connect, socket, policy, depth, staleness, maxHeadAge, onTrouble } = start;
  const catalogue = Catalogue.open(start.index, profile);
  const follower = new Follower(catalogue, profile, connect, { staleness, maxHeadAge, onTrouble });
  const metrics = new GateMetrics();
  const log = new DecisionLog(start.log, (lines) => {
    metrics.lostLines += lines;
  });
  const close = async (): Promise<void> => {
    await follower.close();
    catalogue.close();
    await log.flush();
  };
  try {
    const engine = await DockerEngine.prepare({ host: start.engine });
    const enforcer = new Enforcer(follower, policy, log, metrics);
    const gate = new DockerGate(enforcer, engine, { depth, allow: new Set(start.allow) });
    const plugin = new DockerPlugin({
      judge: (request) => gate.judge(request),
      metrics: () => metrics.format(follower.status),
      isReady: () => follower.status.isReady,
    });
    await plugin.listen(socket);
    follower.start();
    return {
      get status() {
        return follower.status;
      },
      close: async () => {
        await plugin.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
