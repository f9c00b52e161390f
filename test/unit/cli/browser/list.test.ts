import { describe, expect, test } from "vitest";
import { ArrayRows, List } from "../../../../cli/browser/state/list.ts";

/** Rows by name; those that begin with # are headings. */
function rowsOf(...names: string[]): ArrayRows<string> {
  return new ArrayRows(names, (name) => (name.startsWith("#") ? undefined : name));
}

const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => `${index}`);

function listOf(...names: string[]): List<string> {
  const list = new List(rowsOf(...names));
  list.resize(5);
  return list;
}

const shown = (list: List<string>): string =>
  list
    .window()
    .map(({ row }) => row)
    .join(" ");

describe("a cursor in a list", () => {
  test("goes up and down, by pages, and to both ends, and never out of it", () => {
    const list = listOf(...numbers(20));
    list.move(-1);
    expect(list.current).toBe("0");
    list.move(6);
    expect([list.current, shown(list)]).toEqual(["6", "2 3 4 5 6"]);
    list.page(1);
    expect(list.current).toBe("11");
    list.page(-0.5);
    expect(list.current).toBe("9");
    list.bottom();
    expect([list.current, shown(list)]).toEqual(["19", "15 16 17 18 19"]);
    list.page(1);
    expect(list.current).toBe("19");
    list.top();
    expect([list.current, shown(list)]).toEqual(["0", "0 1 2 3 4"]);
  });

  test("stays on its row when rows come, go and move", () => {
    const list = listOf(...numbers(20));
    list.move(8);
    list.rows = rowsOf("new", "newer", ...numbers(20));
    list.settle();
    expect(list.current).toBe("8");
    list.rows = rowsOf(...numbers(20).reverse());
    list.settle();
    expect(list.current).toBe("8");
    expect(shown(list)).toContain("8");
  });

  test("stays in its place when its row is gone", () => {
    const list = listOf(...numbers(20));
    list.move(8);
    list.rows = rowsOf(...numbers(20).filter((name) => name !== "8"));
    list.settle();
    expect(list.current).toBe("9");
    list.rows = rowsOf("a", "b");
    list.settle();
    expect(list.current).toBe("b");
    list.rows = rowsOf();
    list.settle();
    expect([list.current, shown(list)]).toEqual([undefined, ""]);
    list.move(1);
    list.bottom();
    expect(list.current).toBeUndefined();
  });

  test("shows what is new at the top to whoever is there", () => {
    const list = listOf(...numbers(20));
    list.rows = rowsOf("new", ...numbers(20));
    list.settle();
    expect([list.current, shown(list)]).toEqual(["0", "new 0 1 2 3"]);
  });

  test("passes over headings, and shows those above the first row", () => {
    const list = listOf("#", "a", "#", "b", "c", "d", "e", "f");
    expect([list.current, shown(list)]).toEqual(["a", "# a # b c"]);
    list.move(1);
    expect(list.current).toBe("b");
    list.move(-1);
    expect(list.current).toBe("a");
    list.bottom();
    list.top();
    expect([list.current, shown(list)]).toEqual(["a", "# a # b c"]);
  });

  test("is nowhere where there are headings alone", () => {
    const list = listOf("#", "#");
    list.move(1);
    expect(list.current).toBeUndefined();
  });

  test("is in view whatever the height", () => {
    const list = listOf(...numbers(100));
    list.move(50);
    for (const height of [30, 3, 1, 17, 200]) {
      list.resize(height);
      expect(shown(list).split(" ")).toContain("50");
    }
  });
});
