/** A name, given as bytes with one character each, for a message. */
export function show(path: string): string {
  const text = path.length > 200 ? `${path.slice(0, 200)}...` : path;
  return JSON.stringify(Buffer.from(text, "latin1").toString("utf8"));
}
