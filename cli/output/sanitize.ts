/**
 * Text from outside (labels, names, reasons, RPC answers) as a terminal may show it: control characters, escape sequences'
 * introducers, bidirectional overrides, invisible marks and lone surrogates become U+FFFD, so that nothing can hide or
 * repaint a verdict.
 */
export function sanitize(text: string): string {
  return text.replace(/(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "\ufffd");
}

/** The same on one line. */
export function sanitizeLine(text: string): string {
  return sanitize(text).replace(/[\n\t]+/g, " ");
}

/** A value as indented JSON that a terminal may show: the same characters are escaped, which changes nothing for a reader of JSON. */
export function toJson(value: unknown): string {
  return escapeControls(JSON.stringify(value, null, 2));
}

/** The same on one line, for what comes one after the other without an end. */
export function toJsonLine(value: unknown): string {
  return escapeControls(JSON.stringify(value));
}

function escapeControls(json: string): string {
  return json.replace(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (text) =>
    text
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}
