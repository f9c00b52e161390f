/** One way in that a server offers (RFC 9110, section 11.6.1). */
export interface Challenge {
  /** in lower case */
  readonly scheme: string;
  /** by name in lower case */
  readonly parameters: ReadonlyMap<string, string>;
}

const LENGTH_LIMIT = 8192;
const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";

/**
 * Parses WWW-Authenticate.
 * @returns every challenge; none where the header is absent, or any part of it is malformed or ambiguous
 */
export function parseChallenges(header: string | undefined): Challenge[] {
  if (header === undefined || header.length > LENGTH_LIMIT) return [];
  const schemePattern = new RegExp(`[ \\t,]*(${token})(?: +|(?=,)|$)`, "y");
  const parameterPattern = new RegExp(
    `[ \\t,]*(${token})[ \\t]*=[ \\t]*(?:"((?:[^"\\\\]|\\\\.)*)"|(${token}))[ \\t]*(?=,|$)`,
    "y",
  );
  const challenges: Challenge[] = [];
  let at = 0;
  while (/[^ \t,]/.test(header.slice(at))) {
    schemePattern.lastIndex = at;
    const scheme = schemePattern.exec(header)?.[1];
    if (scheme === undefined) return [];
    at = schemePattern.lastIndex;
    const parameters = new Map<string, string>();
    for (;;) {
      parameterPattern.lastIndex = at;
      const [whole, name = "", quoted, bare] = parameterPattern.exec(header) ?? [];
      if (whole === undefined) break;
      at = parameterPattern.lastIndex;
      const key = name.toLowerCase();
      if (parameters.has(key)) return [];
      parameters.set(key, quoted?.replace(/\\(.)/g, "$1") ?? bare ?? "");
    }
    challenges.push({ scheme: scheme.toLowerCase(), parameters });
  }
  return challenges;
}
