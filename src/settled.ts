/** Many things on their way side by side, each with a fate of its own: that of one must not decide the others'. */

type Settled<T> = PromiseSettledResult<T>;

/** Does one thing after the other, and keeps what each came to. */
export async function settleEach<T, R>(
  items: readonly T[],
  task: (item: T) => R | Promise<R>,
): Promise<Settled<R>[]> {
  const results: Settled<R>[] = [];
  for (const item of items) {
    try {
      results.push({ status: "fulfilled", value: await task(item) });
    } catch (reason) {
      results.push({ status: "rejected", reason });
    }
  }
  return results;
}

/** Takes those that have come so far on, all at once; the others keep their error, and these get the task's where it fails. */
export async function settleOn<T, R>(
  items: readonly Settled<T>[],
  task: (values: readonly T[]) => Promise<readonly Settled<R>[]>,
): Promise<Settled<R>[]> {
  const values = items.flatMap((item) => (item.status === "fulfilled" ? [item.value] : []));
  if (values.length === 0) return items.filter((item) => item.status === "rejected");
  let outcomes: readonly Settled<R>[];
  try {
    outcomes = await task(values);
  } catch (reason) {
    outcomes = values.map(() => ({ status: "rejected", reason }));
  }
  const next = outcomes[Symbol.iterator]();
  return items.map((item) => (item.status === "rejected" ? item : (next.next().value as Settled<R>)));
}

/** What a thing came to. @throws its error */
export function unsettled<T>(result: Settled<T> | undefined): T {
  if (result?.status === "fulfilled") return result.value;
  throw result?.reason;
}
