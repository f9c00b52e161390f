/** What Prometheus reads (https://prometheus.io/docs/instrumenting/exposition_formats/), family by family. */
export class MetricsText {
  readonly #lines: string[] = [];

  /** @param samples lines, each the name with its labels and a value */
  family(
    name: string,
    type: "counter" | "gauge" | "histogram",
    help: string,
    samples: readonly string[],
  ): this {
    this.#lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples);
    return this;
  }

  /** A family of one sample; of none where the value is not known. */
  single(name: string, type: "counter" | "gauge", help: string, value: number | undefined): this {
    return this.family(name, type, help, value === undefined ? [] : [`${name} ${value}`]);
  }

  toString(): string {
    return `${this.#lines.join("\n")}\n`;
  }
}
