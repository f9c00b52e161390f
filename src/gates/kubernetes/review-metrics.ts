import type { WebhookKind } from "./gate.ts";

export type ReviewOutcome = "allowed" | "refused" | "failed";

/** Upper bounds of the histogram's buckets, in seconds: up to what an API server waits. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Counts of reviews, as Prometheus reads them (https://prometheus.io/docs/instrumenting/exposition_formats/). */
export class ReviewMetrics {
  readonly #reviews = new Map<string, number>();
  readonly #durations = new Map<WebhookKind, { readonly counts: number[]; sum: number }>();

  /** @param seconds that it took from its first byte to its answer */
  count(webhook: WebhookKind, outcome: ReviewOutcome, seconds: number): void {
    const labels = `webhook="${webhook}",outcome="${outcome}"`;
    this.#reviews.set(labels, (this.#reviews.get(labels) ?? 0) + 1);
    const duration = this.#durations.get(webhook) ?? {
      counts: new Array<number>(buckets.length + 1).fill(0),
      sum: 0,
    };
    const at = buckets.findIndex((bound) => seconds <= bound);
    const index = at < 0 ? buckets.length : at;
    duration.counts[index] = (duration.counts[index] ?? 0) + 1;
    duration.sum += seconds;
    this.#durations.set(webhook, duration);
  }

  /** @param certificateEnds when the certificate that is served ends, in seconds since 1970 */
  format(certificateEnds: number | undefined): string {
    const lines: string[] = [];
    const family = (name: string, type: string, help: string, samples: readonly string[]): void => {
      if (samples.length > 0) lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples);
    };
    const counter = "daochain_gate_reviews_total";
    family(counter, "counter", "Reviews that were answered.", [
      ...[...this.#reviews].map(([labels, count]) => `${counter}{${labels}} ${count}`),
    ]);
    const name = "daochain_gate_review_seconds";
    family(name, "histogram", "How long reviews took, with their way through this process.", [
      ...[...this.#durations].flatMap(([webhook, { counts, sum }]) => {
        let total = 0;
        const label = `webhook="${webhook}"`;
        const samples = counts.map((count, at) => {
          total += count;
          return `${name}_bucket{${label},le="${buckets[at] ?? "+Inf"}"} ${total}`;
        });
        return [...samples, `${name}_sum{${label}} ${sum}`, `${name}_count{${label}} ${total}`];
      }),
    ]);
    const ends = "daochain_gate_certificate_ends_seconds";
    family(ends, "gauge", "When the certificate that is served ends, in seconds since 1970.", [
      ...(certificateEnds === undefined ? [] : [`${ends} ${certificateEnds}`]),
    ]);
    return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
  }
}
