import { Box, Text } from "ink";
import type { ReactNode } from "react";
import type { Part } from "../../browser/text/part.ts";
import { useScreen } from "../screen.ts";
import { columnsOf, cut } from "../text/columns.ts";
import type { Paint } from "../text/paint.ts";

/**
 * Makes a line of the screen. Whatever is shown passes here, and is made plain here: this is the one place that gives Ink text, so that
 * nothing from an image, an engine or a chain can reach the terminal as anything but text of a known width.
 */
function compose(parts: readonly Part[], width: number, isCursor: boolean, paint: Paint): string {
  let [line, left] = ["", width];
  for (const part of parts) {
    if (left <= 0) break;
    const text = cut(part.text, left);
    left -= columnsOf(text);
    line += paint.part(isCursor ? { text, bold: part.bold } : { ...part, text });
  }
  if (isCursor) return paint.cursor(line + " ".repeat(Math.max(0, left)));
  // An empty text would have no height.
  return line === "" ? " " : line;
}

/** One line, as wide as the screen at most. */
export function Line({
  parts,
  isCursor = false,
}: {
  readonly parts: readonly Part[];
  readonly isCursor?: boolean;
}): ReactNode {
  const { columns, paint } = useScreen();
  return <Text wrap="truncate-end">{compose(parts, columns, isCursor, paint)}</Text>;
}

/** Lines one below the other, filled up to a height. */
export function Lines({
  lines,
  height,
}: {
  readonly lines: readonly (readonly Part[])[];
  readonly height?: number;
}): ReactNode {
  const shown = height === undefined ? lines : lines.slice(0, height);
  return (
    <Box flexDirection="column" height={height ?? shown.length} flexShrink={0}>
      {shown.map((parts, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line of the screen is its place on it
        <Line key={index} parts={parts} />
      ))}
    </Box>
  );
}
