import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { oracleRuntime, type RuntimeVector } from "../../../support/runtime-oracle.ts";
import { comparable, productRuntime } from "../../../support/runtime-product.ts";

const vectors: RuntimeVector[] = JSON.parse(
  readFileSync(new URL("../../../vectors/runtime.json", import.meta.url), "utf8"),
);

/** `doubt` and `loose` stand for themselves. */
function expected({ digest, why }: RuntimeVector): string | null {
  return digest ?? why;
}

describe("the runtime digest", () => {
  it.each(vectors)("agrees with the vector: $title", async (vector) => {
    const layers = vector.layers.map((layer) => Buffer.from(layer, "base64"));
    const found = comparable(await productRuntime(Buffer.from(vector.config), layers));
    expect(found.replace(/^\d+ /, "")).toBe(expected(vector));
  });

  it.each(vectors)("agrees with the vector by the second implementation: $title", (vector) => {
    const layers = vector.layers.map((layer) => gunzipSync(Buffer.from(layer, "base64")));
    expect(comparable(oracleRuntime(vector.config, layers)).replace(/^\d+ /, "")).toBe(expected(vector));
  });

  it("has vectors of many digests", () => {
    const digests = vectors.flatMap(({ digest }) => digest ?? []);
    expect(digests.length).toBeGreaterThan(8);
    expect(new Set(digests).size).toBe(digests.length);
  });
});
