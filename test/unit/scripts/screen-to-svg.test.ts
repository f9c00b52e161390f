import { describe, expect, test } from "vitest";
import { screenToSvg } from "../../../scripts/screen-to-svg.ts";

describe("a screen as SVG", () => {
  const screen =
    "\u001b[1mbold\u001b[0m plain\n\u001b[32m✓ 已验证\u001b[39m  x\n\u001b[7m> row\u001b[27m\n<&>\n";
  const svg = screenToSvg(screen, 20, "a screen");

  test("has all of its text, each piece in its look", () => {
    expect(svg).toMatch(/class="bold"[^>]*>bold</);
    expect(svg).toMatch(/class="c2"[^>]*>✓ 已验证</);
    expect(svg).toMatch(/<rect class="bar"[^>]*\/><text[^>]*class="on-bar"[^>]*>&gt; row</);
    expect(svg).toContain(">&lt;&amp;&gt;<");
  });

  test("puts each piece in its column, wide characters before it or not", () => {
    const [, from] = /x="([\d.]+)"[^>]*>x</.exec(svg) ?? [];
    // Two columns of sign and blank, six of three characters, two blanks.
    expect(Number(from)).toBeCloseTo(12 + 10 * 8.4, 1);
  });

  test("can be read on light and on dark", () => {
    expect(svg).toContain("prefers-color-scheme: dark");
    expect(svg).not.toMatch(/\u001b/);
  });
});
