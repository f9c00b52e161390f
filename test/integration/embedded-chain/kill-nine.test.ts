import { describe, expect, test } from "vitest";
import { temporaryDirectory } from "../../support/embedded-chain.ts";
import { killWhileSigning } from "../../support/kill-while-signing.ts";

describe("kill -9 at random moments while several wallets sign", () => {
  test("loses nothing that was acknowledged", async () => {
    await using directory = await temporaryDirectory();
    const { kills, acknowledged, found, lost } = await killWhileSigning({
      directory: directory.path,
      kills: 12,
    });
    expect(kills).toBe(12);
    expect(acknowledged).toBeGreaterThan(100);
    expect(lost).toEqual([]);
    expect(found).toBe(acknowledged);
  });
});
