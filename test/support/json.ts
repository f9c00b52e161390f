/** A value as `--json` prints it: messages are sentences in English. */
export function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
