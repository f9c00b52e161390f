import type { ReactNode } from "react";
import type { HistoryEntry } from "../../../src/internal.ts";
import { short } from "../../browser/text/format.ts";
import type { Part } from "../../browser/text/part.ts";
import type { Words } from "../../words/browser/browser-words.ts";
import { useScreen } from "../screen.ts";
import { columnsOf, cut } from "../text/columns.ts";
import { Line } from "./line.tsx";

/** What others have done on the chain, until a person has seen it; or that there is no chain, until there is one. */
export function EventLine(): ReactNode {
  const { shell, words, columns } = useScreen();
  const [newest] = shell.unseen;
  if (newest === undefined) {
    return (
      <Line
        parts={[
          { text: "! ", tone: "care", bold: true },
          { text: words.noChain, bold: true },
        ]}
      />
    );
  }
  const how = words.events(shell.unseen.length);
  const room = columns - columnsOf(how) - 4;
  const text = cut(
    eventParts(newest, words)
      .map((part) => part.text)
      .join(""),
    room,
  );
  return (
    <Line
      parts={[
        { text: "! ", tone: "bad", bold: true },
        { text, bold: true },
        { text: " ".repeat(Math.max(1, room - columnsOf(text) + 1)) },
        { text: how, tone: "quiet" },
      ]}
    />
  );
}

/** One event on the chain, in a line: what was done, to what, why, and by whom. Of digests and claims, their beginning will do. */
export function eventParts({ act, subject, reason, by }: HistoryEntry, words: Words): Part[] {
  const isRevocation = /^revoked|void/.test(act);
  return [
    { text: words.acts[act], bold: true, tone: isRevocation ? "bad" : undefined },
    { text: ` ${subject.replace(/(?:sha256:|0x)[0-9a-f]{40,}/gi, short)}` },
    { text: reason === null ? "" : `: ${reason}` },
    { text: by === null ? "" : ` (${short(by)})`, tone: "quiet" },
  ];
}
