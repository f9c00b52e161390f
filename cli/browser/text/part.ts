/** What a piece of a line means; how that looks is for whoever draws it. No meaning rests on it: words and symbols say the same. */
export type Tone = "good" | "bad" | "care" | "quiet" | "accent";

export interface Part {
  readonly text: string;
  readonly tone?: Tone | undefined;
  readonly bold?: boolean | undefined;
}
