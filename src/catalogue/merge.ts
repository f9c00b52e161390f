/** Items that are compared before the thread may be left to others. */
const comparedAtOnce = 4000;

/** Puts fresh items into a sorted list, and takes those that are gone out of it. */
export function* merge<T extends { readonly id: number }>(
  sorted: readonly T[],
  fresh: readonly T[],
  gone: ReadonlySet<number>,
  compare: (a: T, b: T) => number,
): Generator<void, T[]> {
  let runs: T[][] = [];
  for (let at = 0; at < fresh.length; at += comparedAtOnce) {
    runs.push(fresh.slice(at, at + comparedAtOnce).sort(compare));
    yield;
  }
  while (runs.length > 1) {
    const next: T[][] = [];
    for (let at = 0; at < runs.length; at += 2)
      next.push(yield* mergeTwo(runs[at] ?? [], runs[at + 1] ?? [], compare));
    runs = next;
  }
  if (gone.size === 0 && fresh.length === 0) return [...sorted];
  const kept = gone.size === 0 ? sorted : sorted.filter(({ id }) => !gone.has(id));
  return yield* mergeTwo(kept, runs[0] ?? [], compare);
}

function* mergeTwo<T>(
  a: readonly T[],
  b: readonly T[],
  compare: (a: T, b: T) => number,
): Generator<void, T[]> {
  const merged: T[] = [];
  for (let [i, j] = [0, 0]; i < a.length || j < b.length; ) {
    const [left, right] = [a[i], b[j]];
    if (left !== undefined && (right === undefined || compare(left, right) <= 0)) {
      merged.push(left);
      i++;
    } else if (right !== undefined) {
      merged.push(right);
      j++;
    }
    if (merged.length % comparedAtOnce === 0) yield;
  }
  return merged;
}
