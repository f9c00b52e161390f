import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeAnnotations, hashAnnotations, parseAnnotations } from "../../../src/claim/annotations.ts";
import { isDaoChainError } from "../../../src/errors.ts";

// Whoever signs a claim chooses these bytes: any text is either canonical annotations or refused by code.
const texts = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.json(),
  fc.dictionary(fc.string(), fc.string()).map((value) => JSON.stringify(value)),
  fc
    .dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.constant(null)))
    .map((value) => JSON.stringify(value)),
);

test("text from a claim's event is canonical annotations or refused", () => {
  let accepted = 0;
  fc.assert(
    fc.property(texts, (json) => {
      try {
        expect(encodeAnnotations(parseAnnotations(json, hashAnnotations(json)))).toBe(json);
        accepted++;
      } catch (error) {
        if (!isDaoChainError(error, "ANNOTATIONS_INVALID")) throw error;
      }
    }),
    { numRuns: 5000 },
  );
  expect(accepted).toBeGreaterThan(0);
});
