import { columnsOf } from "../tui/text/columns.ts";
import { sanitizeLine } from "./sanitize.ts";

/** Rows as aligned columns, sanitised; the last column is not padded. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const clean = rows.map((row) => row.map(sanitizeLine));
  const columns = Math.max(0, ...clean.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, i) =>
    Math.max(...clean.map((row) => columnsOf(row[i] ?? ""))),
  );
  return clean.map((row) =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : padEnd(cell, widths[i] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}

/** A text filled up to so many columns of a terminal: a Chinese character takes two. */
export function padEnd(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - columnsOf(text)));
}

/** Seconds since 1970 as ISO 8601, in UTC; what lies beyond the last date there is (ECMA-262, "Time Values") is that date. */
export function formatTime(seconds: number): string {
  return new Date(Math.min(seconds * 1000, 8.64e15)).toISOString().replace(".000Z", "Z");
}
