import { fromText, toText } from "./database.ts";
import { type EventOf, type IndexWriter, rowsAtOnce } from "./index-writer.ts";
import { findOwner } from "./namespace-owner.ts";

/** Comes after every repository's name. */
const lastName = "\u{10ffff}".repeat(64);

/** A namespace came or went: whoever owns the repositories in it is looked for anew, pausing where one likes. */
export function* changeNamespace(
  writer: IndexWriter,
  { organisation, namespace, added }: EventOf<"namespace">,
): Iterable<void> {
  writer.changeOne(
    added
      ? "INSERT INTO namespaces (name, organisation) VALUES (?, ?)"
      : "DELETE FROM namespaces WHERE name = ? AND organisation = ?",
    namespace,
    writer.organisation(organisation),
  );
  changeOwner(writer, namespace);
  // In the order of bytes, nothing stands between a slash and the digit 0.
  const [first, end] = namespace === "" ? ["", lastName] : [`${namespace}/`, `${namespace}0`];
  for (let after = first; ; ) {
    const held = writer.database.all(
      `SELECT name FROM repositories WHERE name > ? AND name < ? ORDER BY name LIMIT ${rowsAtOnce}`,
      fromText(after),
      fromText(end),
    );
    for (const { name } of held) changeOwner(writer, toText(name));
    if (held.length < rowsAtOnce) return;
    after = toText(held.at(-1)?.["name"]);
    yield;
  }
}

function changeOwner(writer: IndexWriter, repository: string): void {
  const owner = findOwner(writer.database, repository) ?? null;
  writer.database.run(
    "UPDATE repositories SET owner = ?, changed = ? WHERE name = ? AND owner IS NOT ?",
    owner,
    writer.change,
    fromText(repository),
    owner,
  );
}
