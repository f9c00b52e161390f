import { Box } from "ink";
import type { ReactNode } from "react";
import { useScreen } from "../screen.ts";
import { wrap } from "../text/columns.ts";
import { Line } from "./line.tsx";

/** Says why there is nothing where there could be something. */
export function Empty({ text, height }: { readonly text: string; readonly height: number }): ReactNode {
  const { columns } = useScreen();
  const lines = wrap(text, columns - 4);
  return (
    <Box flexDirection="column" height={height} flexShrink={0}>
      <Line parts={[]} />
      {lines.map((line) => (
        <Line key={line} parts={[{ text: `  ${line}`, tone: "quiet" }]} />
      ))}
    </Box>
  );
}
