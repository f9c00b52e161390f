import type { VerdictStatus } from "../../src/internal.ts";

/** Colours, or none. No meaning rests on colour alone: the words say it too. */
export interface Style {
  readonly isColored: boolean;
  bold(text: string): string;
  dim(text: string): string;
  status(status: VerdictStatus | "signed", text?: string): string;
}

export function styleFor(colored: boolean): Style {
  const paint =
    (open: number, close: number) =>
    (text: string): string =>
      colored ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  const [green, yellow, red] = [paint(32, 39), paint(33, 39), paint(31, 39)];
  return {
    isColored: colored,
    bold: paint(1, 22),
    dim: paint(2, 22),
    status: (status, text = status) => {
      if (status === "verified" || status === "signed") return green(text);
      return status === "unsigned" || status === "pending" || status === "inconclusive"
        ? yellow(text)
        : red(text);
    },
  };
}
