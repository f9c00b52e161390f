import { describe, expect, test } from "vitest";
import { styleFor } from "../../../../cli/output/style.ts";
import { formatTime, table } from "../../../../cli/output/table.ts";
import { formatVerdict } from "../../../../cli/output/verdict.ts";
import { columnsOf } from "../../../../cli/tui/text/columns.ts";
import { zh } from "../../../../cli/words/zh/index.ts";
import { defaultPolicy } from "../../../../src/policy/policy.ts";
import { decide } from "../../../../src/verdict/decide.ts";
import { verdictStatuses } from "../../../../src/verdict/verdict.ts";
import { spoken } from "../../../support/command-line.ts";
import { claim, evidenceOf, facts, subject, words } from "../../../support/evidence.ts";

const plain = { ...spoken, style: styleFor(false) };
const painted = { ...spoken, style: styleFor(true) };
const verdict = decide(evidenceOf(claim({ annotations: { commit: "abc" } })), defaultPolicy);

describe("formatVerdict", () => {
  test("says the status first, then what it rests on", () => {
    const lines = formatVerdict(verdict, plain);
    expect(lines[0]).toBe("verified    acme/api:1.0");
    expect(lines.join("\n")).toContain("commit=abc");
    expect(lines.join("\n")).toContain(verdict.claim?.id);
    for (const line of lines.slice(1)) expect(line).toMatch(/^ {2}\S/);
  });

  test("has a line for each of eight digests, and counts the others", () => {
    const subjects = Array.from({ length: 11 }, (_, i) => subject("config", i + 1));
    const many = { ...verdict, subjects };
    const lines = formatVerdict(many, plain);
    expect(lines.filter((line) => line.includes("sha256:"))).toHaveLength(8);
    expect(lines.join("\n")).toContain("3 more");
  });

  test("has its labels in the reader's language and its columns aligned, the status and the digests as they are", () => {
    const lines = formatVerdict(verdict, { ...plain, words: zh });
    expect(lines[0]).toBe("verified    acme/api:1.0");
    expect(lines).toContain("  注释      commit=abc");
    const columns = lines.slice(1).map((line) => columnsOf(/^ {2}\S+ +/.exec(line)?.[0] ?? ""));
    expect(new Set(columns)).toEqual(new Set([12]));
  });

  test("paints each status and leaves its word", () => {
    for (const status of [...Object.keys(verdictStatuses), "signed"] as const) {
      const line = formatVerdict({ ...verdict, status: status as "signed" }, painted)[0] ?? "";
      expect(line).toMatch(new RegExp(`^\u001b\\[3[123]m${status} *\u001b\\[39m `));
      expect(formatVerdict({ ...verdict, status: status as "signed" }, plain)[0]).toMatch(
        new RegExp(`^${status} `),
      );
    }
  });

  test("prints no control character, whatever image, names, reasons and annotations hold", () => {
    const evil = "x\u001b]0;owned\u0007\r\u001b[2K\u001b[1Averified  \u202egolb\u009b31m\u2028\n\u200bend";
    const signed = claim({ by: evil, annotations: { [evil]: evil } });
    const hostile = decide(
      evidenceOf(signed, {
        facts: facts({
          image: evil,
          name: { repository: evil, tag: evil, carried: false },
          subjects: [{ ...subject("config", 1), platform: evil }],
        }),
      }),
      defaultPolicy,
    );
    const lines = formatVerdict(
      {
        ...hostile,
        reasons: [words(evil), ...hostile.reasons],
        warnings: [words(evil)],
        claim: {
          id: evil,
          signers: [evil],
          threshold: 1,
          signedAt: evil,
          expiresAt: evil,
          block: 1,
          transaction: evil,
          annotations: { [evil]: evil },
        },
      },
      plain,
    );
    expect(lines.length).toBeGreaterThan(6);
    for (const line of lines) expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  });
});

describe("table", () => {
  test("aligns its columns, and leaves the last one ragged", () => {
    expect(table([["a", "bb", "c"], ["aaa", "b", "cc"], ["x"]])).toEqual(["a    bb  c", "aaa  b   cc", "x"]);
    expect(table([])).toEqual([]);
    expect(table([["a", ""]])).toEqual(["a"]);
  });

  test("aligns what is wide", () => {
    expect(
      table([
        ["镜像", "x"],
        ["a", "y"],
      ]),
    ).toEqual(["镜像  x", "a     y"]);
  });

  test("shows what is in it on one line each, harmless", () => {
    const [line, ...more] = table([["a\u001b[2J\nb", "c"]]);
    expect(more).toEqual([]);
    expect(line).toBe("a\ufffd[2J b  c");
  });
});

test("formatTime is in UTC", () => {
  expect(formatTime(1_800_000_000)).toBe("2027-01-15T08:00:00Z");
});
