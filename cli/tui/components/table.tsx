import { Box } from "ink";
import type { ReactNode } from "react";
import type { List } from "../../browser/state/list.ts";
import type { Part } from "../../browser/text/part.ts";
import { Line } from "./line.tsx";

/** Rows of a list that are in view, and only those: however many there are, a screen is drawn. */
export function Table<Row>({
  head,
  list,
  height,
  draw,
}: {
  /** headings of the columns */
  readonly head: readonly Part[];
  readonly list: List<Row>;
  /** lines, with the headings' */
  readonly height: number;
  readonly draw: (row: Row) => readonly Part[];
}): ReactNode {
  list.resize(height - 1);
  return (
    <Box flexDirection="column" height={height} flexShrink={0}>
      <Line parts={[{ text: "  " }, ...head.map((part) => ({ ...part, tone: "quiet" as const }))]} />
      {list.window().map(({ row, index }) => {
        const isCursor = index === list.index && list.current !== undefined;
        return (
          <Line
            key={index - list.offset}
            isCursor={isCursor}
            parts={[{ text: isCursor ? ">" : " " }, ...draw(row)]}
          />
        );
      })}
    </Box>
  );
}
