/** Whether a person sits at a terminal on which the image browser can be drawn. */
export function canDraw(env: Readonly<Record<string, string | undefined>>): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true && env["TERM"] !== "dumb";
}
