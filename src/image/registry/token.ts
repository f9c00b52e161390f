const TOKEN_LIMIT = 64 * 1024;
/** How long a token lasts where its server does not say, in milliseconds. */
const USUAL_LIFE = 60_000;

/**
 * Reads a token server's answer (distribution token authentication; RFC 6749, section 5.1).
 * @returns the token and its life in milliseconds; undefined where there is none that fits a header
 */
export function parseToken(text: string): { text: string; life: number } | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof answer !== "object" || answer === null) return undefined;
  const { token, access_token, expires_in } = answer as Record<string, unknown>;
  const found = [token, access_token].find((one) => typeof one === "string" && one !== "");
  if (typeof found !== "string" || found.length > TOKEN_LIMIT || !/^[\x21-\x7e]+$/.test(found))
    return undefined;
  const life = typeof expires_in === "number" && expires_in > 0 ? expires_in * 1000 : USUAL_LIFE;
  return { text: found, life };
}
