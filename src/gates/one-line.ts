/** Text from outside on one line that a terminal or a log may show: what could hide or repaint anything becomes U+FFFD. */
export function toOneLine(text: string, limit = 500): string {
  const line = text.slice(0, limit);
  if (/^[ -~]*$/.test(line)) return line;
  return line.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "\ufffd");
}
