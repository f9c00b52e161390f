/** Text from outside on one line that a terminal or a log may show: what could hide or repaint anything becomes U+FFFD. */
export function toLine(text: string, limit = 500): string {
  return text.slice(0, limit).replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, "\ufffd");
}
