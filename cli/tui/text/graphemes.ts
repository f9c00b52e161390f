let segmenter: Intl.Segmenter | undefined;

/** A text as a person counts its characters. */
export function graphemes(text: string): string[] {
  // It takes a while to make, and the first paint needs none.
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}
