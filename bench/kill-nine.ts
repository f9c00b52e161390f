/**
 * Kills the embedded chain's process at random moments while wallets sign, begins again each time, and looks for every
 * transaction that was acknowledged. Exits with 1 if one is lost.
 *
 *     node bench/kill-nine.ts [KILLS] [SIGNERS]
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { killWhileSigning } from "../test/support/kill-while-signing.ts";

const kills = Number(process.argv[2] ?? 100);
const signers = Number(process.argv[3] ?? 4);
const directory = await mkdtemp(join(tmpdir(), "daochain-bench-"));
try {
  const result = await killWhileSigning({
    directory,
    kills,
    signers,
    onKill: (done, acknowledged) => {
      if (done % 10 === 0) console.error(`${done} kills, ${acknowledged} acknowledged`);
    },
  });
  console.log(`signers                         ${signers}`);
  console.log(`kills                           ${result.kills}`);
  console.log(`acknowledged                    ${result.acknowledged}`);
  console.log(`found after the last replay     ${result.found}`);
  console.log(`lost                            ${result.lost.length}`);
  console.log(`blocks                          ${result.blocks}`);
  console.log(`starts that cut off a torn tail ${result.torn} (${result.tornBytes} bytes)`);
  process.exitCode = result.lost.length === 0 ? 0 : 1;
} finally {
  await rm(directory, { recursive: true, force: true });
}
