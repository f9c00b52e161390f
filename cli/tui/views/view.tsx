import type { ReactNode } from "react";
import type { Part } from "../../browser/text/part.ts";
import { Lines } from "../components/line.tsx";
import { type Screen, useScreen } from "../screen.ts";
import type { View } from "../state/view.ts";
import { entryLines } from "./entry.ts";
import { eventLines } from "./events.ts";
import { helpLines } from "./help.ts";
import { imageLines } from "./image.ts";
import { tasksLines } from "./tasks.ts";

/** A text that lies over the page, as much of it as fits. */
export function ViewLines({ view, height }: { readonly view: View; readonly height: number }): ReactNode {
  const lines = linesOf(view, useScreen(), height);
  const from = view.scroll.fit(lines.length, height);
  return <Lines lines={lines.slice(from, from + height)} height={height} />;
}

function linesOf(view: View, screen: Screen, height: number): Part[][] {
  switch (view.kind) {
    case "help":
      return helpLines(view.about, screen);
    case "events":
      return eventLines(screen);
    case "tasks":
      return tasksLines(view, screen, height);
    case "entry":
      return entryLines(view.entry, view.history, screen);
    case "image":
      return imageLines(view, screen);
  }
}
