import { Box } from "ink";
import type { ReactNode } from "react";
import { useScreen } from "../screen.ts";
import { wrap } from "../text/columns.ts";
import { Line } from "./line.tsx";

/** Says why there is nothing where there could be something. */
export function Empty({
  texts,
  height,
}: {
  readonly texts: readonly (string | undefined)[];
  readonly height: number;
}): ReactNode {
  const { columns } = useScreen();
  const lines = texts
    .flatMap((text) => (text === undefined ? [] : wrap(text, columns - 4)))
    .slice(0, height - 1);
  return (
    <Box flexDirection="column" height={height} flexShrink={0}>
      <Line parts={[]} />
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line of the screen is its place on it
        <Line key={index} parts={[{ text: `  ${line}`, tone: "quiet" }]} />
      ))}
    </Box>
  );
}
