import type { TimeSlices } from "../time-slices.ts";
import { type Database, isBusy } from "./database.ts";

/** How long another process may hold the catalogue, in milliseconds, and how often it is asked. */
const busyTime = 10_000;
const busyPause = 15;

/**
 * Does a task in one transaction. Several turns of the thread may pass in it: whoever reads by another connection sees what was there before.
 * @throws SQLite's error where another process holds the file for too long; what the task throws, of which nothing remains then
 */
export async function transaction<T>(
  database: Database,
  slices: TimeSlices,
  task: () => Promise<T>,
): Promise<T> {
  const late = performance.now() + busyTime;
  for (;;) {
    try {
      database.exec("BEGIN IMMEDIATE");
      break;
    } catch (error) {
      if (!isBusy(error) || performance.now() > late) throw error;
      await slices.rest(busyPause);
    }
  }
  try {
    const result = await task();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    if (database.isInTransaction) database.exec("ROLLBACK");
    throw error;
  }
}
