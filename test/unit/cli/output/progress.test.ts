import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ProgressDisplay } from "../../../../cli/output/progress.ts";
import { zh } from "../../../../cli/words/zh/index.ts";
import { spoken } from "../../../support/command-line.ts";
import { Screen } from "../../../support/screen.ts";

const MB = 1_000_000;

describe("progress", () => {
  let screen: Screen;
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
    screen = new Screen(80, 8);
    vi.spyOn(process.stderr, "write").mockImplementation((text) =>
      screen.write(String(text).replace(/(?<!\r)\n/g, "\r\n")),
    );
    vi.stubEnv("TERM", "xterm");
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
    terminal(undefined);
  });
  const terminal = (size: { columns: number; rows: number } | undefined): void => {
    Object.assign(process.stderr, { isTTY: size !== undefined, columns: size?.columns, rows: size?.rows });
  };

  describe("on a terminal", () => {
    beforeEach(() => terminal({ columns: 80, rows: 8 }));

    test("nothing is shown of what takes less than a second", () => {
      const progress = new ProgressDisplay({ ...spoken, quiet: false, json: false });
      progress.update("acme/api:1", { bytes: 5, total: 10 });
      vi.advanceTimersByTime(900);
      progress.done("acme/api:1");
      vi.advanceTimersByTime(5000);
      expect(screen.lines).toEqual([]);
    });

    test("nothing is shown of what is told elsewhere", () => {
      const told: string[] = [];
      const progress = new ProgressDisplay({
        quiet: false,
        json: false,
        words: spoken.words,
        progress: (what) => told.push(what),
      });
      progress.words("chain", "replaying block 3 of 9");
      vi.advanceTimersByTime(5000);
      progress.update("chain", { bytes: 5, total: 10 });
      vi.advanceTimersByTime(5000);
      progress.clear();
      expect(told).toEqual(["replaying block 3 of 9"]);
      expect(screen.lines).toEqual([]);
    });

    test("the time that is left is told where the total is known, and only there", () => {
      const progress = new ProgressDisplay({ ...spoken, quiet: false, json: true });
      for (let at = 0; at < 4; at++) {
        progress.update("known", { bytes: at * MB, total: 10 * MB });
        progress.update("unknown", { bytes: at * MB, total: undefined });
        vi.advanceTimersByTime(500);
      }
      expect(screen.lines[0]).toBe("known: 3.0 MB of 10.0 MB, 1.5 MB/s, 4.7 s left");
      expect(screen.lines[1]).toBe("unknown: 3.0 MB, 1.5 MB/s");
    });

    test("speaks the reader's language", () => {
      const progress = new ProgressDisplay({ ...spoken, words: zh, quiet: false, json: false });
      for (let at = 0; at < 4; at++) {
        progress.update("acme/api:1", { bytes: at * MB, total: 10 * MB });
        vi.advanceTimersByTime(500);
      }
      expect(screen.lines[0]).toBe("acme/api:1: 3.0 MB / 10.0 MB，1.5 MB/s，还剩 4.7 秒");
    });

    test("each running layer has a line, those that are through are counted in the line above", () => {
      const progress = new ProgressDisplay({ ...spoken, quiet: false, json: false });
      const layer = (digit: string, bytes: number, total: number | undefined) =>
        progress.update("acme/api:1", {
          bytes: 1 * MB,
          total: undefined,
          part: { name: `sha256:${digit.repeat(64)}`, bytes, total },
        });
      layer("a", MB, MB);
      layer("b", MB, 2 * MB);
      layer("c", MB, undefined);
      vi.advanceTimersByTime(2000);
      expect(screen.lines).toEqual([
        "acme/api:1: 1 of 3 layers, 1.0 MB, 500 kB/s",
        "  bbbbbbbbbbbb [##########          ] 1.0 MB of 2.0 MB, 500 kB/s, 2.0 s left",
        "  cccccccccccc 1.0 MB, 500 kB/s",
      ]);
      layer("b", 2 * MB, 2 * MB);
      vi.advanceTimersByTime(200);
      expect(screen.lines).toHaveLength(2);
      progress.done("acme/api:1");
      expect(screen.lines).toEqual([]);
    });

    test("many layers take no more lines than the terminal has, in a terminal that changes its size too", () => {
      const progress = new ProgressDisplay({ ...spoken, quiet: false, json: false });
      screen.write("$ daochain\r\n");
      for (let at = 0; at < 50; at++) {
        progress.update("acme/api:1", {
          bytes: at,
          total: 100,
          part: { name: `layer${at}`, bytes: 1, total: 9 },
        });
      }
      vi.advanceTimersByTime(2000);
      expect(screen.lines).toHaveLength(8);
      expect(screen.lines[0]).toBe("$ daochain");
      terminal({ columns: 80, rows: 4 });
      screen.resize(4);
      vi.advanceTimersByTime(200);
      expect(screen.lines).toHaveLength(3);
      expect(screen.lines[0]).toMatch(/^acme/);
      progress.clear();
      expect(screen.lines).toEqual([]);
    });

    test("control characters of a layer's or an image's name are not written", () => {
      const progress = new ProgressDisplay({ ...spoken, quiet: false, json: false });
      const part = { name: "\u001b[2J\u0007evil\u202e", bytes: 1, total: 9 };
      progress.update("acme\u001b]0;x\u0007\r\n", { bytes: 1, total: 9, part });
      vi.advanceTimersByTime(2000);
      expect(screen.lines).toHaveLength(2);
      expect(screen.lines[1]).toContain("evil");
    });

    test("parts without end are not kept", () => {
      const progress = new ProgressDisplay({ ...spoken, quiet: false, json: false });
      for (let at = 0; at < 5000; at++) {
        progress.update("acme/api:1", { bytes: 1, total: 9, part: { name: `p${at}`, bytes: 9, total: 9 } });
      }
      vi.advanceTimersByTime(2000);
      expect(screen.lines[0]).toContain("1000 of 1000 layers");
    });
  });

  describe("without a terminal", () => {
    beforeEach(() => terminal(undefined));
    const slow = (audience: { quiet: boolean; json: boolean }, time: number): string[] => {
      const progress = new ProgressDisplay({ ...spoken, ...audience });
      progress.update("acme/api:1", { bytes: 0, total: 9 * MB });
      vi.advanceTimersByTime(time);
      progress.update("acme/api:1", { bytes: 9 * MB, total: 9 * MB });
      expect(screen.lines).toEqual([]);
      progress.words("acme/api:1", "waiting for the chain");
      vi.advanceTimersByTime(60_000);
      progress.done("acme/api:1");
      return screen.lines;
    };

    test("one line tells of an image that took over a second, at its end", () => {
      expect(slow({ quiet: false, json: false }, 3000)).toEqual(["acme/api:1: 9.0 MB in 3.0 s (3.0 MB/s)"]);
    });

    test("nothing tells of one that was quick, of a quiet call, or of one whose output is for a program", () => {
      expect(slow({ quiet: false, json: false }, 900)).toEqual([]);
      expect(slow({ quiet: true, json: false }, 3000)).toEqual([]);
      expect(slow({ quiet: false, json: true }, 3000)).toEqual([]);
    });
  });
});
