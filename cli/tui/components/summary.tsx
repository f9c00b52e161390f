import type { ReactNode } from "react";
import type { Part } from "../../browser/text/paint.ts";
import { currentEntry } from "../actions/entry.ts";
import { accountSummary } from "../pages/account.tsx";
import { localSummary } from "../pages/local.tsx";
import { entrySummary } from "../pages/market.tsx";
import { type Screen, useScreen } from "../screen.ts";
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

function summary(screen: Screen): Part[] {
  const { shell } = screen;
  if (shell.view !== undefined) return [];
  if (shell.page === "local") return localSummary(screen);
  if (shell.page === "account") return accountSummary(screen);
  return entrySummary(currentEntry(shell), screen);
}
