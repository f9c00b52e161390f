import { fromText, toText } from "./database.ts";
import { type EventOf, type Ledger, rowsAtOnce } from "./index-writer.ts";
import { findOwner } from "./namespace-owner.ts";

/** Comes after every repository's name. */
const lastName = "\u{10ffff}".repeat(64);

/** A namespace came or went: whoever owns the repositories in it is looked for anew, pausing where one likes. */
export function* changeNamespace(
  ledger: Ledger,
  { organisation, namespace, added }: EventOf<"namespace">,
): Iterable<void> {
  ledger.changeOne(
    added
      ? "INSERT INTO namespaces (name, organisation) VALUES (?, ?)"
      : "DELETE FROM namespaces WHERE name = ? AND organisation = ?",
    namespace,
    ledger.organisation(organisation),
  );
  changeOwner(ledger, namespace);
  // In the order of bytes, nothing stands between a slash and the digit 0.
  const [first, end] = namespace === "" ? ["", lastName] : [`${namespace}/`, `${namespace}0`];
  for (let after = first; ; ) {
    const held = ledger.database.all(
      `SELECT name FROM repositories WHERE name > ? AND name < ? ORDER BY name LIMIT ${rowsAtOnce}`,
      fromText(after),
      fromText(end),
    );
    for (const { name } of held) changeOwner(ledger, toText(name));
    if (held.length < rowsAtOnce) return;
    after = toText(held.at(-1)?.["name"]);
    yield;
  }
}

function changeOwner(ledger: Ledger, repository: string): void {
  const owner = findOwner(ledger.database, repository) ?? null;
  ledger.database.run(
    "UPDATE repositories SET owner = ?, changed = ? WHERE name = ? AND owner IS NOT ?",
    owner,
    ledger.change,
    fromText(repository),
    owner,
  );
}
