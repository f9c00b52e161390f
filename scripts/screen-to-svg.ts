import { columnsOf } from "../cli/tui/text/columns.ts";

const cell = { width: 8.4, height: 18 } as const;
const margin = 12;

interface Look {
  readonly color: number | undefined;
  readonly isBold: boolean;
  readonly isDim: boolean;
  readonly isInverse: boolean;
}

const bare: Look = { color: undefined, isBold: false, isDim: false, isInverse: false };

/** Colours that can be read on both of the backgrounds below. */
const style = `
  .screen { fill: #ffffff; stroke: #c9d1d9; }
  text { fill: #1f2328; font: 14px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; white-space: pre; }
  .c1 { fill: #c01c28; } .c2 { fill: #1a7f37; } .c5 { fill: #8250df; } .c6 { fill: #0a7a83; }
  .bold { font-weight: bold; } .dim { opacity: 0.65; }
  .bar { fill: #1f2328; } .on-bar { fill: #ffffff; }
  @media (prefers-color-scheme: dark) {
    .screen { fill: #0d1117; stroke: #30363d; }
    text { fill: #e6edf3; }
    .c1 { fill: #ff7b72; } .c2 { fill: #56d364; } .c5 { fill: #d2a8ff; } .c6 { fill: #76e3ea; }
    .bar { fill: #e6edf3; } .on-bar { fill: #0d1117; }
  }`;

/**
 * A terminal's screen as an SVG, for light and for dark pages.
 * @param screen its lines with SGR sequences, as `tmux capture-pane -e` gives them
 * @param columns of the screen
 * @param label what it shows, for those who cannot see it: letters, digits and spaces
 */
export function screenToSvg(screen: string, columns: number, label: string): string {
  const lines = screen.replace(/\n$/, "").split("\n");
  const width = Math.ceil(columns * cell.width + 2 * margin);
  const height = lines.length * cell.height + 2 * margin;
  let look = bare;
  const drawn = lines.map((line, row) => {
    let [column, parts] = [0, ""];
    for (const [, codes, text] of line.matchAll(/(?:\u001b\[([\d;]*)m)|([^\u001b]+)/g)) {
      if (text === undefined) {
        look = turn(look, codes ?? "");
        continue;
      }
      parts += piece(text, look, column, row);
      column += columnsOf(text);
    }
    return parts;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${label}">`,
    `<style>${style}\n</style>`,
    `<rect class="screen" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="6"/>`,
    ...drawn.filter((parts) => parts !== ""),
    "</svg>\n",
  ].join("\n");
}

/** Text of one look; each run between wide characters stands where its column is, whatever the font's width. */
function piece(text: string, look: Look, column: number, row: number): string {
  if (text.trim() === "" && !look.isInverse) return "";
  const x = margin + column * cell.width;
  const y = margin + row * cell.height;
  const columns = columnsOf(text);
  const classes = [
    ...(look.isInverse ? ["on-bar"] : look.color === undefined ? [] : [`c${look.color}`]),
    ...(look.isBold ? ["bold"] : []),
    ...(look.isDim ? ["dim"] : []),
  ].join(" ");
  const bar = look.isInverse
    ? `<rect class="bar" x="${round(x)}" y="${y}" width="${round(columns * cell.width)}" height="${cell.height}"/>`
    : "";
  // Blanks at its ends would be taken away.
  const shown = text.trim();
  const from = x + columnsOf(text.slice(0, text.length - text.trimStart().length)) * cell.width;
  if (shown === "") return bar;
  const attributes = `x="${round(from)}" y="${y + 13}"${classes === "" ? "" : ` class="${classes}"`}`;
  const length = `textLength="${round(columnsOf(shown) * cell.width)}" lengthAdjust="spacingAndGlyphs"`;
  return `${bar}<text ${attributes} ${length} xml:space="preserve">${escapeXml(shown)}</text>`;
}

function turn(look: Look, codes: string): Look {
  let now = look;
  for (const code of codes.split(";").map(Number)) {
    if (code === 0) now = bare;
    else if (code === 1) now = { ...now, isBold: true };
    else if (code === 2) now = { ...now, isDim: true };
    else if (code === 7) now = { ...now, isInverse: true };
    else if (code === 22) now = { ...now, isBold: false, isDim: false };
    else if (code === 27) now = { ...now, isInverse: false };
    else if (code >= 30 && code <= 37) now = { ...now, color: code - 30 };
    else if (code === 39) now = { ...now, color: undefined };
  }
  return now;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}
