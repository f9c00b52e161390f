import type { ReactNode } from "react";
import { useScreen } from "../screen.ts";
import { summary } from "../views/summaries.ts";
import { Line } from "./line.tsx";

/** What there is to say of the row under the cursor; or what the last key led to, where that is to be told. */
export function Summary(): ReactNode {
  const screen = useScreen();
  const { notice } = screen.shell;
  if (notice === undefined) return <Line parts={summary(screen)} />;
  return (
    <Line
      parts={[
        { text: " ! ", bold: true, tone: "care" },
        { text: notice.message, bold: true },
        { text: notice.hint === undefined ? "" : ` ${notice.hint}` },
      ]}
    />
  );
}
