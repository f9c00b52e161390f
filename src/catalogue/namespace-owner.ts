import type { Database } from "./database.ts";

/** The owner of the longest namespace that holds a repository: it ends where a component does. */
export function findOwner(database: Database, repository: string): number | undefined {
  for (let end = repository.length; ; end = repository.lastIndexOf("/", end - 1)) {
    const prefix = repository.slice(0, Math.max(end, 0));
    const owner = database.get("SELECT organisation FROM namespaces WHERE name = ?", prefix);
    if (owner !== undefined) return Number(owner["organisation"]);
    if (end <= 0) return undefined;
  }
}
