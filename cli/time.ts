import { parseDuration } from "../src/index.ts";

/**
 * A moment as people write it, in seconds since 1970: a date or time in ISO 8601 (UTC where no zone is given), or a span from now such as 90d.
 * @param direction 1 for spans ahead of now, -1 for spans back
 * @returns undefined where the text is no moment
 */
export function parseMoment(text: string, direction: 1 | -1): number | undefined {
  const now = Math.floor(Date.now() / 1000);
  const span = parseDuration(text);
  if (span !== undefined) return now + direction * span;
  const iso = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/.exec(text);
  if (iso === null) return undefined;
  const seconds = Math.floor(
    Date.parse(iso[1] === undefined || iso[4] !== undefined ? text : `${text}Z`) / 1000,
  );
  return Number.isSafeInteger(seconds) ? seconds : undefined;
}
