import { describe, expect, it } from "vitest";
import { formatAnswer, refusal } from "../../../src/gates/kubernetes/answer.ts";
import { timeToAnswer } from "../../../src/gates/kubernetes/deadline.ts";
import { readAnswer, toReview } from "../../support/api-server.ts";

const review = toReview({ object: { kind: "Pod" }, uid: 'odd "uid"' });
const read = (text: string, mutates = false) =>
  readAnswer({ status: 200, type: "application/json", body: Buffer.from(text) }, review, mutates);

describe("an answer to a review", () => {
  it("is one that an API server takes, with or without a patch", () => {
    const patch = [{ op: "replace", path: "/kind", value: "Other" }] as const;
    const plain = formatAnswer('odd "uid"', { allowed: true, warnings: [], patch: [] });
    expect(read(plain)).toMatchObject({ allowed: true, patched: false });
    expect(read(plain, true)).toMatchObject({ allowed: true, patched: false });
    const patched = formatAnswer('odd "uid"', { allowed: true, warnings: [], patch });
    expect(read(patched, true)).toMatchObject({ allowed: true, object: { kind: "Other" } });
    expect(() => read(patched)).toThrow();
  });

  it("says no on one line that a terminal may show", () => {
    const { allowed, message, code } = read(formatAnswer('odd "uid"', refusal("no\u001b[2J\nno", 503)));
    expect({ allowed, code }).toEqual({ allowed: false, code: 503 });
    expect(message).toBe("no\ufffd[2J\ufffdno");
    expect(read(formatAnswer('odd "uid"', refusal("x".repeat(100_000)))).message.length).toBeLessThan(5000);
  });

  it("has no more warnings than are passed on, and none twice", () => {
    const warnings = Array.from({ length: 100 }, (_, at) => `${at} ${"\u{1f600}x\u001b".repeat(200)}`);
    const some = read(formatAnswer('odd "uid"', { allowed: true, warnings, patch: [] })).warnings;
    expect(some.length).toBeGreaterThan(4);
    expect(some.every((text) => text.endsWith("..."))).toBe(true);
    const twice = formatAnswer('odd "uid"', { allowed: true, warnings: ["a", "a"], patch: [] });
    expect(read(twice).warnings).toEqual(["a"]);
  });
});

describe("the time for an answer", () => {
  it("is what the API server waits, less the way back", () => {
    expect(timeToAnswer("10s")).toBe(9000);
    expect(timeToAnswer("1s")).toBe(850);
    expect(timeToAnswer("1.5s")).toBe(1275);
    expect(timeToAnswer("500ms")).toBe(400);
    expect(timeToAnswer("30s")).toBe(29_000);
    expect(timeToAnswer("1m30s")).toBe(29_000);
    expect(timeToAnswer("1000h")).toBe(29_000);
    expect(timeToAnswer("1ns")).toBe(1);
  });

  it("is the usual one where nothing sensible is said", () => {
    for (const text of [null, "", "10", "s", "-1s", "1e9s", "NaNs", "0s", "10s ", "1s".repeat(100)]) {
      expect(timeToAnswer(text)).toBe(9000);
    }
  });
});
