import { MetricsText } from "../metrics-text.ts";
import type { FollowerStatus } from "./follower.ts";

/** Upper bounds of the histogram's buckets, in seconds. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Counts of decisions, as Prometheus reads them (https://prometheus.io/docs/instrumenting/exposition_formats/). */
export class GateMetrics {
  readonly #decisions = new Map<string, number>();
  readonly #durations = new Map<string, { readonly counts: number[]; sum: number }>();
  /** lines of the log that could not be written */
  lostLines = 0;

  /** @param seconds that the decision took */
  count(gate: string, status: string, allowed: boolean, seconds: number): void {
    const labels = `gate="${gate}",status="${status}",allowed="${allowed}"`;
    this.#decisions.set(labels, (this.#decisions.get(labels) ?? 0) + 1);
    const duration = this.#durations.get(gate) ?? { counts: new Array(buckets.length + 1).fill(0), sum: 0 };
    const at = buckets.findIndex((bound) => seconds <= bound);
    const index = at < 0 ? buckets.length : at;
    duration.counts[index] = (duration.counts[index] ?? 0) + 1;
    duration.sum += seconds;
    this.#durations.set(gate, duration);
  }

  /**
   * The text of a scrape.
   * @param isPolicyCurrent whether the policies that hold are those that the file says now
   */
  format({ block, staleness, isReady }: FollowerStatus, isPolicyCurrent: boolean): string {
    const text = new MetricsText();
    text.family("daochain_gate_decisions_total", "counter", "Images that were decided about.", [
      ...[...this.#decisions].map(([labels, count]) => `daochain_gate_decisions_total{${labels}} ${count}`),
    ]);
    const name = "daochain_gate_decision_seconds";
    text.family(name, "histogram", "How long decisions took.", [
      ...[...this.#durations].flatMap(([gate, { counts, sum }]) => {
        let total = 0;
        const samples = counts.map((count, at) => {
          total += count;
          return `${name}_bucket{gate="${gate}",le="${buckets[at] ?? "+Inf"}"} ${total}`;
        });
        return [...samples, `${name}_sum{gate="${gate}"} ${sum}`, `${name}_count{gate="${gate}"} ${total}`];
      }),
    ]);
    const gauge = (suffix: string, help: string, value: number | undefined) =>
      text.single(`daochain_gate_${suffix}`, "gauge", help, value);
    gauge("ready", "Whether decisions can be made.", isReady ? 1 : 0);
    gauge("policy_current", "Whether the newest policy file is what holds.", isPolicyCurrent ? 1 : 0);
    gauge("head_block", "The newest block that decisions rest on.", block);
    gauge("staleness_seconds", "Seconds since the chain was asked.", staleness);
    text.single(
      "daochain_gate_lost_log_lines_total",
      "counter",
      "Log lines that could not be written.",
      this.lostLines,
    );
    return text.toString();
  }
}
