/** One panel: what is measured against what it grows with. */
export interface Panel {
  readonly title: string;
  /** units of both axes */
  readonly across: string;
  readonly up: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

const [width, height] = [400, 250];
const [left, top, right, bottom] = [60, 34, 20, 42];

/** Panels side by side, two in a row, readable on light and dark ground. */
export function plot(panels: readonly Panel[]): string {
  const rows = Math.ceil(panels.length / 2);
  const style = `text{font:12px sans-serif;fill:#333}.title{font-weight:bold}.axis{stroke:#888}.line{stroke:#2a6fdb;fill:none;stroke-width:1.5}
.dot{fill:#2a6fdb}@media(prefers-color-scheme:dark){text{fill:#ddd}.line{stroke:#7fb0ff}.dot{fill:#7fb0ff}}`;
  const drawn = panels.map((panel, index) => {
    const at = `translate(${(index % 2) * width} ${Math.floor(index / 2) * height})`;
    return `<g transform="${at}">${drawPanel(panel)}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${2 * width} ${rows * height}" role="img" aria-label="${panels.map(({ title }) => title).join("; ")}">
<style>${style}</style>
${drawn.join("\n")}
</svg>
`;
}

function drawPanel({ title, across, up, points }: Panel): string {
  const most = { x: ceiling(points.map(({ x }) => x)), y: ceiling(points.map(({ y }) => y)) };
  const x = (value: number) => round(left + (value / most.x) * (width - left - right));
  const y = (value: number) => round(height - bottom - (value / most.y) * (height - top - bottom));
  const line = points.map((point, index) => `${index === 0 ? "M" : "L"}${x(point.x)} ${y(point.y)}`).join("");
  const dots = points.map((point) => `<circle class="dot" cx="${x(point.x)}" cy="${y(point.y)}" r="3"/>`);
  const axis = `<path class="axis" fill="none" d="M${left} ${y(most.y)}V${y(0)}H${x(most.x)}"/>`;
  const texts = [
    `<text class="title" x="${left}" y="20">${title}</text>`,
    `<text x="${x(most.x)}" y="${y(0) + 32}" text-anchor="end">${across}</text>`,
    ...[0, most.x / 2, most.x].map(
      (value) => `<text x="${x(value)}" y="${y(0) + 16}" text-anchor="middle">${label(value)}</text>`,
    ),
    ...[0, most.y / 2, most.y].map(
      (value) => `<text x="${left - 6}" y="${y(value) + 4}" text-anchor="end">${label(value)}</text>`,
    ),
    `<text x="${left + 6}" y="${y(most.y) + 4}">${up}</text>`,
  ];
  return [axis, `<path class="line" d="${line}"/>`, ...dots, ...texts].join("");
}

/** The least of 1, 2, 4 or 8 times a power of ten that is not below any. */
function ceiling(values: readonly number[]): number {
  const most = Math.max(...values);
  const power = 10 ** Math.floor(Math.log10(most));
  return power * ([1, 2, 4, 8].find((factor) => factor * power >= most) ?? 10);
}

function label(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: 2 });
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
