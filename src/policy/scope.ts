/** Characters of a scope. */
const maxLength = 300;

/** Whether a text is a scope: a repository in which `*` stands for a part of a component and `**` for components, or `*` alone. */
export function isScope(scope: string): boolean {
  if (scope === "*") return true;
  return (
    scope.length <= maxLength &&
    !scope.includes("***") &&
    /^[a-z0-9*][a-z0-9._:*[\]-]*(\/[a-z0-9._*-]+)+$/.test(scope)
  );
}

/** How much a scope says: one without stars the most, then by how many characters it fixes; `*` nothing. */
export function specificity(scope: string): number {
  if (scope === "*") return -1;
  return scope.includes("*") ? scope.replaceAll("*", "").length : maxLength + scope.length;
}

/** Whether a scope holds a canonical repository, or an image that has none (undefined). */
export function scopeMatcher(scope: string): (repository: string | undefined) => boolean {
  if (scope === "*") return () => true;
  const pieces = scope.split(/(\*+)/);
  return (repository) => repository !== undefined && reach(pieces, repository).has(repository.length);
}

/** Where in the text one may be after all pieces. A regular expression would try each way there, of which a name can be made to have millions. */
function reach(pieces: readonly string[], text: string): ReadonlySet<number> {
  let places: ReadonlySet<number> = new Set([0]);
  for (const piece of pieces) {
    const next = new Set<number>();
    for (const place of places) {
      if (!piece.startsWith("*")) {
        if (text.startsWith(piece, place)) next.add(place + piece.length);
        continue;
      }
      for (let at = place; at <= text.length && !next.has(at); at++) {
        next.add(at);
        if (piece === "*" && text[at] === "/") break;
      }
    }
    places = next;
  }
  return places;
}
