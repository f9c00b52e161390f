/** Seconds that an API server waits where a webhook's configuration says nothing, and at most (Kubernetes API, `timeoutSeconds`). */
const usualTimeout = 10;
const longestTimeout = 30;
/** What is kept of it for the way there and back: a share, and milliseconds at least and at most. */
const marginShare = 0.15;
const leastMargin = 100;
const mostMargin = 1000;

const units: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  "\u00b5s": 1e-6,
  "\u03bcs": 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

/**
 * Milliseconds in which a review is to be answered.
 * @param timeout `?timeout=` of the request, a duration as Go writes it (`10s`, `1m30s`); what is none counts as the usual one
 */
export function timeToAnswer(timeout: string | null): number {
  const stated = timeout === null ? undefined : parseDuration(timeout);
  const milliseconds = Math.min(stated || usualTimeout, longestTimeout) * 1000;
  const margin = Math.min(mostMargin, Math.max(leastMargin, milliseconds * marginShare));
  return Math.max(1, milliseconds - margin);
}

/** @returns seconds; undefined where it is no duration */
function parseDuration(text: string): number | undefined {
  if (text.length > 40 || !/^(?:\d+(?:\.\d*)?(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h))+$/.test(text))
    return undefined;
  let seconds = 0;
  for (const [, number, unit = ""] of text.matchAll(/(\d+(?:\.\d*)?)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/g)) {
    seconds += Number(number) * (units[unit] ?? 0);
  }
  return seconds;
}
