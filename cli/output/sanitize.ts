/**
 * Text from outside (labels, names, reasons, RPC answers) as a terminal may show it: control characters, escape sequences'
 * introducers, bidirectional overrides and invisible marks become U+FFFD, so that nothing can hide or repaint a verdict.
 */
export function sanitize(text: string): string {
  return text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g,
    "\ufffd",
  );
}

/** The same on one line. */
export function sanitizeLine(text: string): string {
  return sanitize(text).replace(/[\n\t]+/g, " ");
}
