import { say } from "./message.ts";
import type { Value } from "./template.ts";

/** Values one after the other, as a part of a sentence. @param more how many there are besides */
export function joined(values: readonly Value[], more = 0): Value {
  const listed = values
    .slice(1)
    .reduce<Value>((one, other) => say("joined", { one, other }), values[0] ?? "");
  return more > 0 ? say("joined-more", { listed, count: more }) : listed;
}
