import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { inTurn } from "../../../src/contract/account-lock.ts";
import { makePrivateDirectory } from "../../../src/files.ts";
import { takeLock } from "../../../src/process-lock.ts";
import { temporaryDirectory } from "../../support/embedded-chain.ts";
import { codeOf } from "../../support/errors.ts";

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeEach(async () => {
  directory = await temporaryDirectory();
});
afterEach(() => directory[Symbol.asyncDispose]());

const address = "0x008AeEda4D805471dF9b2A5B0f38A0C3bCBA786b";
const account = { chainId: 2016, address };

/** Runs tasks by several accounts at once. @returns how many of them ran together at most */
async function together(locks: string | undefined, accounts: readonly (typeof account)[]): Promise<number> {
  let [now, most] = [0, 0];
  await Promise.all(
    accounts.map((one) =>
      inTurn(locks, one, undefined, async () => {
        most = Math.max(most, ++now);
        await sleep(5);
        now--;
      }),
    ),
  );
  return most;
}

describe("turns of one account", () => {
  test.each(["with", "without"])("are taken one after the other, %s a directory", async (how) => {
    const locks = how === "with" ? join(directory.path, "locks") : undefined;
    expect(await together(locks, new Array(8).fill(account))).toBe(1);
    expect(await together(locks, [account, { ...account, address: address.toLowerCase() }])).toBe(1);
  });

  test("do not wait for other accounts, nor for the same one on another chain", async () => {
    const other = "0x1111111111111111111111111111111111111111";
    const accounts = [account, { ...account, address: other }, { ...account, chainId: 1 }];
    expect(await together(undefined, accounts)).toBe(3);
  });

  test("go on after a task that failed", async () => {
    const failed = inTurn(directory.path, account, undefined, () => Promise.reject(new Error("no")));
    const next = inTurn(directory.path, account, undefined, async () => "done");
    await expect(failed).rejects.toThrow("no");
    expect(await next).toBe("done");
  });

  test("wait for another process that has its turn, and can be given up", async () => {
    const file = join(directory.path, `2016-${address.toLowerCase()}.lock`);
    const lock = takeLock(file);
    let ran = false;
    const waiting = inTurn(directory.path, account, undefined, async () => {
      ran = true;
    });
    const abort = new AbortController();
    const cancelled = codeOf(() => inTurn(directory.path, { ...account }, abort.signal, async () => {}));
    await sleep(50);
    expect(ran).toBe(false);
    lock?.release();
    await waiting;
    expect(ran).toBe(true);

    const again = takeLock(file);
    abort.abort();
    expect(await cancelled).toBe("CANCELLED");
    again?.release();
  });

  test("are taken without a lock where there is no place for one", async () => {
    const file = join(directory.path, "file");
    await writeFile(file, "");
    expect(await inTurn(file, account, undefined, async () => "done")).toBe("done");
    const locks = join(directory.path, "locks");
    await makePrivateDirectory(join(locks, `2016-${address.toLowerCase()}.lock`));
    expect(await inTurn(locks, account, undefined, async () => "done")).toBe("done");
  });
});
