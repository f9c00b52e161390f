// How long the image browser takes to answer a key: from the byte on its stdin to what it writes to the terminal, with 2,000 local images
// and 100,000 claims on the market, beside the 50 ms within which an answer feels immediate. The screens are the real ones, on streams of
// ours; what the index of 100,000 claims takes to search is measured by bench/catalogue.ts.
// Run: node bench/tui-input.ts [keys a page]
import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildBeside } from "../test/support/build.ts";

const directory = await mkdtemp(join(tmpdir(), "daochain-bench-"));
const program = await buildBeside("bench/tui-input-keys.ts", directory);
const { status } = spawnSync(process.execPath, [program, ...process.argv.slice(2)], { stdio: "inherit" });
await rm(directory, { recursive: true });
process.exitCode = status ?? 1;
