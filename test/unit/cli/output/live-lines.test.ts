import { describe, expect, test } from "vitest";
import { LiveLines, type Terminal } from "../../../../cli/output/live-lines.ts";
import { Screen } from "../../../support/screen.ts";

describe("lines that are redrawn in place", () => {
  const at = (columns: number, rows: number) => {
    const screen = new Screen(columns, rows);
    const terminal = { isTTY: true, columns, rows, write: (text: string) => screen.write(text) };
    return { screen, terminal, live: new LiveLines(terminal as Terminal) };
  };

  test("a frame takes the place of the one before it, whether it is longer or shorter", () => {
    const { screen, live } = at(40, 10);
    screen.write("$ before\r\n");
    live.draw(["one, which is long", "two"]);
    live.draw(["1", "2", "3"]);
    expect(screen.lines).toEqual(["$ before", "1", "2", "3"]);
    live.draw(["only"]);
    expect(screen.lines).toEqual(["$ before", "only"]);
    live.clear();
    expect(screen.lines).toEqual(["$ before"]);
  });

  test("what is printed meanwhile stays above", () => {
    const { screen, live } = at(40, 10);
    live.draw(["a", "b"]);
    live.print("said\r");
    live.draw(["c"]);
    expect(screen.lines).toEqual(["said", "c"]);
  });

  test("a frame is never higher than the terminal, nor a line wider", () => {
    const { screen, live } = at(20, 4);
    screen.write("$ before\r\n");
    for (const word of ["first", "second", "third"]) {
      live.draw(Array.from({ length: 9 }, (_, index) => `${word} ${index} ${"x".repeat(30)}`));
    }
    expect(screen.lines).toHaveLength(4);
    expect(screen.lines[0]).toBe("$ before");
    expect(screen.lines[1]).toMatch(/^third 0 x+…$/);
    live.clear();
    expect(screen.lines).toEqual(["$ before"]);
  });

  test("a terminal that does not know its size is taken for one of 80 by 24", () => {
    const { live } = at(0, 0);
    expect([live.width, live.height]).toEqual([79, 23]);
  });

  test("wide characters do not make a line wrap", () => {
    const { live, terminal } = at(20, 5);
    let written = "";
    terminal.write = (text) => {
      written += text;
      return true;
    };
    live.draw(["漢".repeat(30)]);
    expect(written.match(/漢/g)).toHaveLength(9);
  });

  test("a terminal that has become narrower has broken the lines: all of them are drawn over", () => {
    const { live, terminal } = at(40, 10);
    live.draw(["x".repeat(35), "y".repeat(35)]);
    terminal.columns = 20;
    let written = "";
    terminal.write = (text) => {
      written += text;
      return true;
    };
    live.draw(["short"]);
    expect(written).toContain("\r\u001b[3Ashort");
  });
});
