import { describe, expect, test } from "vitest";
import { LineEdit } from "../../../../cli/tui/state/line-edit.ts";

/** A line after some keys; `|` is where the cursor is. */
function typed(text: string, ...keys: string[]): string {
  const edit = new LineEdit(text);
  for (const key of keys) if (!edit.key(key)) edit.insert(key);
  return `${edit.before}|${edit.after}`;
}

describe("a line that is typed", () => {
  test.each([
    ["abc", ["left"], "ab|c"],
    ["abc", ["home", "x"], "x|abc"],
    ["abc", ["C-a", "right", "x"], "ax|bc"],
    ["abc", ["C-a", "C-e", "x"], "abcx|"],
    ["one two", ["C-w"], "one |"],
    ["one two  ", ["C-w"], "one |"],
    ["one two", ["left", "left", "C-u"], "|wo"],
    ["one two", ["home", "right", "C-k"], "o|"],
    ["abc", ["home", "delete"], "|bc"],
    ["abc", ["home", "C-d"], "|bc"],
    ["abc", ["home", "left", "backspace"], "|abc"],
    ["abc", ["right", "delete"], "abc|"],
  ] as const)("%j and %j", (text, keys, expected) => {
    expect(typed(text, ...keys)).toBe(expected);
  });

  test.each(["镜像", "a🐳", "ae\u0301", "a👩‍👩‍👧", "a🇨🇳"])("loses a whole character of %j", (text) => {
    const edit = new LineEdit(text);
    edit.key("backspace");
    expect([...new Intl.Segmenter().segment(edit.text)]).toHaveLength(1);
    expect(edit.text).not.toMatch(/\p{Cs}/u);
  });

  test("takes a mark to the character before it", () => {
    expect(typed("e", "\u0301", "backspace")).toBe("|");
  });

  test("takes what is pasted on one line, without control characters", () => {
    expect(typed("", "one\ntwo\r\n")).toBe("one two|");
    expect(typed("", "a\u001b[2Jb\u0007\u009b")).toBe("a[2Jb|");
  });

  test("has a bound", () => {
    const edit = new LineEdit("", 10);
    edit.insert("x".repeat(1000));
    edit.insert("y".repeat(1000));
    expect(edit.text.length).toBeLessThanOrEqual(11);
  });
});
