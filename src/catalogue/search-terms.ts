/** One word of a search: it stands in a text, or is the beginning of a digest or of a claim's id. */
export interface Word {
  /** in small letters */
  readonly text: string;
  /** with which a hash would begin, as hex */
  readonly digits: string | undefined;
}

const maxWords = 16;
const maxLength = 400;
/** Digits by which a hash is looked for: fewer say nothing. */
const leastDigits = 4;

/** What a person typed as words; what is only the beginning of `sha256:` or `0x` with few digits leaves nothing out yet. */
export function parseWords(text: string): Word[] {
  return text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "")
    .slice(0, maxWords)
    .flatMap((word): Word[] => {
      const marked = /^(?:sha256:|0x)([0-9a-f]{0,64})$/.exec(word);
      const digits = marked?.[1] ?? (/^[0-9a-f]{1,64}$/.test(word) ? word : "");
      if (marked !== null && digits.length < leastDigits) return [];
      const isHash = digits.length >= leastDigits;
      return [
        {
          text: word.slice(0, maxLength),
          digits: isHash ? digits : undefined,
        },
      ];
    });
}
