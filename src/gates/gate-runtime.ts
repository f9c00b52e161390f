import { Catalogue } from "../catalogue/catalogue.ts";
import type { Connection, NetworkProfile } from "../contract/connection.ts";
import { MetricsServer } from "../metrics-server.ts";
import type { Policy } from "../policy/policy.ts";
import { TrustPolicies } from "../policy/trust-policy.ts";
import { type Decision, DecisionMaker, type Question } from "./decisions.ts";
import { Follower, type FollowerStatus } from "./follower.ts";
import { DecisionLog } from "./log.ts";
import { GateMetrics } from "./metrics.ts";
import { PolicyFile } from "./policy-file.ts";

/** What every gate is told, whatever it stands before. */
export interface GateRuntimeOptions {
  readonly profile: NetworkProfile;
  /** opens a connection to the chain that the profile pins */
  readonly connect: (signal: AbortSignal) => Promise<Connection>;
  /** file of the gate's own index of the registry; no one else should be able to write it */
  readonly index: string;
  /** one for everything, or those of a file, which is closed with the gate */
  readonly policy: Policy | PolicyFile;
  /** seconds for which the last state is good when the chain cannot be asked */
  readonly staleness: number;
  /** seconds after which a chain whose newest block is older is not believed */
  readonly maxHeadAge?: number | undefined;
  /** file to which decisions are added; undefined: stderr */
  readonly log?: string | undefined;
  /** host and port at which metrics are served beside; undefined: nowhere */
  readonly metrics?: string | undefined;
  /** is told what keeps the chain from being followed, once, and that nothing does any more (undefined) */
  readonly onTrouble?: ((trouble: unknown) => void) | undefined;
}

/** A gate that is served. */
export interface ServedGate {
  readonly status: FollowerStatus;
  close(): Promise<void>;
}

/** What stands behind a gate: follows the registry, decides, logs and counts. Each kind of gate is an adapter before it. */
export class GateRuntime {
  readonly #catalogue: Catalogue;
  readonly #follower: Follower;
  readonly #decisions: DecisionMaker;
  readonly #metrics: GateMetrics;
  readonly #log: DecisionLog;
  readonly #policyFile: PolicyFile | undefined;
  readonly #metricsAt: string | undefined;
  #metricsServer: MetricsServer | undefined;

  /** Nothing is followed yet, and nothing is verified before it is. @throws INDEX_FAILED, NO_SPACE */
  constructor(start: GateRuntimeOptions) {
    const { profile, connect, policy, staleness, maxHeadAge, onTrouble } = start;
    this.#catalogue = Catalogue.open(start.index, profile);
    this.#follower = new Follower(this.#catalogue, profile, connect, { staleness, maxHeadAge, onTrouble });
    this.#metrics = new GateMetrics();
    this.#metricsAt = start.metrics;
    this.#log = new DecisionLog(start.log, (lines) => {
      this.#metrics.lostLines += lines;
    });
    this.#policyFile = policy instanceof PolicyFile ? policy : undefined;
    const fixed = policy instanceof PolicyFile ? policy.policies : TrustPolicies.of(policy);
    const policies = () => this.#policyFile?.policies ?? fixed;
    this.#decisions = new DecisionMaker(this.#follower, policies, this.#log, this.#metrics);
  }

  /** Begins to follow the registry, until it is closed. @throws METRICS_ADDRESS_INVALID, METRICS_NOT_SERVED */
  async follow(): Promise<void> {
    if (this.#metricsAt !== undefined)
      this.#metricsServer = await MetricsServer.listen(this.#metricsAt, this);
    this.#follower.start();
  }

  /** Decides about an image. Nothing is thrown. */
  judge(question: Question): Promise<Decision> {
    return this.#decisions.judge(question);
  }

  get status(): FollowerStatus {
    return this.#follower.status;
  }

  /** Prometheus' text. */
  metrics(): string {
    return this.#metrics.format(this.status, this.#policyFile?.isCurrent ?? true);
  }

  async close(): Promise<void> {
    this.#policyFile?.close();
    await this.#metricsServer?.close();
    await this.#follower.close();
    this.#catalogue.close();
    await this.#log.flush();
  }
}
