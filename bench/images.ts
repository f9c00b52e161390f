/**
 * Verifying large images, each way beside what it cannot do without or beside a peer, in turn on the same machine: whole processes, with a
 * chain, signed claims, engines of both stores and a registry of the bench's own. Then whether time and memory grow with an image as they must.
 * As root, with dockerd, docker-registry, openssl and the modern engine (scripts/modern-engine.sh make); about 20 GB of disk.
 *
 *     node bench/images.ts [--quick] [--runs=N] [--write]     (npm run build first)
 *
 * --quick takes the smallest image only and three runs; --write puts the tables and the plot into docs/.
 */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openImage } from "../src/image/open.ts";
import { generate, type Plan } from "./images/generate.ts";
import { type Contender, cli, type Measured, measure, median, runNode, runShell } from "./images/measure.ts";
import { type Placed, Places } from "./images/places.ts";
import { plot } from "./images/plot.ts";

const isQuick = process.argv.includes("--quick");
const runs = Number(
  process.argv.find((argument) => argument.startsWith("--runs="))?.slice(7) ?? (isQuick ? 3 : 5),
);
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const sizes = [
  { label: "50 MB", bytes: 50e6, files: 1650 },
  { label: "500 MB", bytes: 500e6, files: 16_500 },
  { label: "2 GB", bytes: 2e9, files: 67_000 },
].slice(0, isQuick ? 1 : 3);
const stores = ["classic", "containerd"] as const;

/** What stands beside what, by the names of contenders; the ratio that is wanted, for images of 500 MB and more. */
const rows: readonly { what: string; beside: string; goal: string }[] = [
  ...stores.flatMap((store) => [
    {
      what: `verify, ${store} store`,
      beside: `docker create, export, rm, ${store} store`,
      goal: "at most 1.10",
    },
    { what: `verify, ${store} store`, beside: `docker save, openssl dgst, ${store} store`, goal: "below 1" },
    {
      what: `verify --depth content, ${store} store`,
      beside: `docker save, ${store} store`,
      goal: "at most 1.2",
    },
  ]),
  {
    what: "verify --depth content, gzip, containerd store",
    beside: "docker save, gzip, containerd store",
    goal: "at most 1.2",
  },
  { what: "verify, OCI layout", beside: "hash of 2016", goal: "at most 0.1" },
  { what: "verify, OCI layout, gzip", beside: "hash of 2016", goal: "at most 0.1" },
  { what: "verify --depth content, registry, gzip", beside: "hash of 2016", goal: "at most 0.1" },
];

function contendersFor(places: Places, placed: Placed): Contender[] {
  const { name } = placed;
  const verify = (
    title: string,
    reference: string,
    engine = places.engines[0],
    ...more: string[]
  ): Contender => ({
    name: title,
    run: () => runNode([cli, "verify", "--quiet", ...more, reference], places.environment(engine)),
  });
  const shell = (title: string, line: string, engine = places.engines[0]): Contender => ({
    name: title,
    run: () => runShell(line, places.environment(engine)),
  });
  return [
    ...places.engines.flatMap((engine) => [
      shell(`docker create, export, rm, ${engine.name} store`, exportOf(name), engine),
      verify(`verify, ${engine.name} store`, name, engine),
      shell(`docker save, ${engine.name} store`, `docker save ${name} >/dev/null`, engine),
      verify(`verify --depth content, ${engine.name} store`, name, engine, "--depth", "content"),
      shell(
        `docker save, openssl dgst, ${engine.name} store`,
        `docker save ${name} | openssl dgst -sha256`,
        engine,
      ),
    ]),
    shell(
      "docker save, gzip, containerd store",
      `docker save ${placed.gzipName} >/dev/null`,
      places.engines[1],
    ),
    verify(
      "verify --depth content, gzip, containerd store",
      placed.gzipName,
      places.engines[1],
      "--depth",
      "content",
    ),
    shell("hash of 2016", `docker save ${name} | "${process.execPath}" "${here("images/hash-2016.ts")}"`),
    verify("verify, OCI layout", placed.plain),
    verify("verify, OCI layout, gzip", placed.gzip),
    verify("verify --depth content, registry, gzip", placed.registry, undefined, "--depth", "content"),
  ];
}

/** Its password's hash takes longer than a small image: it is here for its memory. */
function signing(places: Places, { name }: Placed): Contender {
  const output = join(places.directory, "claim.json");
  return {
    name: "sign, classic store",
    run: () => runNode([cli, "sign", "--quiet", "--output", output, name], places.environment()),
  };
}

function exportOf(name: string): string {
  return `c=$(docker create ${name} /none); docker export "$c" >/dev/null; docker rm "$c"`;
}

const output: string[] = [];
const say = (line = ""): void => {
  output.push(line);
  console.log(line);
};

/** Ratios and peaks, a column for each size. */
function tell(measured: readonly ReadonlyMap<string, Measured>[]): void {
  const of = (one: ReadonlyMap<string, Measured>, name: string): Measured => {
    const found = one.get(name);
    if (found === undefined) throw new Error(`${name} was not measured`);
    return found;
  };
  const line = (...cells: readonly string[]): void => say(`| ${cells.join(" | ")} |`);
  const labels = sizes.map(({ label }) => label);
  line("whole process", "beside", ...labels, "goal from 500 MB on");
  line("---", "---", ...labels.map(() => "--:"), "---");
  for (const { what, beside, goal } of rows) {
    const ratios = measured.map((one) => of(one, what).milliseconds / of(one, beside).milliseconds);
    line(what, beside, ...ratios.map((ratio) => ratio.toFixed(ratio < 0.2 ? 3 : 2)), goal);
  }
  say();
  line("median seconds; peak memory in MB", ...labels);
  line("---", ...labels.map(() => "--:"));
  for (const name of measured[0]?.keys() ?? []) {
    const cells = measured.map((one) => {
      const { milliseconds, megabytes } = of(one, name);
      return `${(milliseconds / 1000).toFixed(2)}${megabytes > 0 ? `; ${megabytes.toFixed(0)}` : ""}`;
    });
    line(name, ...cells);
  }
}

/** Four images in one command, one after the other, and the engine's own limit. */
async function several(places: Places): Promise<void> {
  const names = [1, 2, 3, 4].map((number) => `bench/several-${number}:1`);
  const [bytes, files] = isQuick ? [20e6, 650] : [200e6, 6500];
  for (const [seed, name] of names.entries())
    await places.placeSmall({ name, bytes, files, layers: 4, seed: 100 + seed });
  const env = places.environment();
  const four = await measure(
    [
      { name: "together", run: () => runNode([cli, "verify", "--quiet", ...names], env) },
      {
        name: "in turn",
        run: async () => {
          let milliseconds = 0;
          for (const name of names)
            milliseconds += (await runNode([cli, "verify", "--quiet", name], env)).milliseconds;
          return { milliseconds };
        },
      },
      {
        name: "exports",
        run: () => runShell(`${names.map((name) => `(${exportOf(name)}) &`).join(" ")} wait`, env),
      },
    ],
    runs,
  );
  const ratio = (a: string, b: string): string =>
    ((four.get(a)?.milliseconds ?? 0) / (four.get(b)?.milliseconds ?? 0)).toFixed(2);
  say(`| four images of ${bytes / 1e6} MB, classic store | ratio |`);
  say("| --- | --: |");
  say(`| verify of all four, beside four in turn | ${ratio("together", "in turn")} |`);
  say(`| the same, beside four docker create, export, rm at once | ${ratio("together", "exports")} |`);
}

/** A second look at an unchanged image does as much as the first. */
async function again(places: Places, { name }: Placed): Promise<void> {
  const source = await openImage(name, { docker: { host: places.engines[0]?.host } });
  const first = await source.inspect();
  const second = await source.inspect();
  const count = (bytes: number): string => bytes.toLocaleString("en");
  say(
    `A first look at ${name} in the daemon read ${count(first.bytes)} bytes, a second one ${count(second.bytes)}.`,
  );
}

/** The processor's time and the memory that a thorough look takes, by bytes and by files. */
async function growth(places: Places): Promise<string> {
  const scale = isQuick ? 0.1 : 1;
  const steps = [0.125, 0.25, 0.5, 0.75, 1].map((part) => part * scale);
  const read = async (plan: Plan): Promise<{ seconds: number; megabytes: number; plan: Plan }> => {
    const directory = join(places.directory, "growth");
    await generate(directory, plan);
    const samples = [];
    for (let run = 0; run < 3; run++)
      samples.push(await runNode([here("images/read.ts"), `oci:${directory}`], places.environment()));
    await rm(directory, { recursive: true });
    const processor = samples.map(({ output = "" }) => JSON.parse(output).processor / 1000);
    const seconds = median(processor);
    console.error(`  ${plan.bytes / 1e6} MB, ${plan.files} files: ${seconds.toFixed(2)} s`);
    return { seconds, megabytes: Math.max(...samples.map(({ megabytes = 0 }) => megabytes)), plan };
  };
  const common = { name: "bench/growth:1", layers: 6, seed: 7 };
  const byBytes = [];
  for (const step of steps)
    byBytes.push(await read({ ...common, bytes: 2e9 * step, files: Math.round(20_000 * scale) }));
  const byFiles = [];
  for (const step of steps)
    byFiles.push(await read({ ...common, bytes: 250e6 * scale, files: Math.round(80_000 * step) }));
  const panel = (title: string, across: string, up: string, points: { x: number; y: number }[]) => ({
    title,
    across,
    up,
    points,
  });
  const [megabytes, thousands] = [
    ({ plan }: { plan: Plan }) => plan.bytes / 1e6,
    ({ plan }: { plan: Plan }) => plan.files / 1000,
  ];
  return plot([
    panel(
      `Time by bytes, ${byBytes[0]?.plan.files.toLocaleString("en")} files`,
      "MB of the image",
      "seconds of the processor",
      byBytes.map((one) => ({ x: megabytes(one), y: one.seconds })),
    ),
    panel(
      `Time by files, ${(byFiles[0]?.plan.bytes ?? 0) / 1e6} MB`,
      "thousands of files",
      "seconds of the processor",
      byFiles.map((one) => ({ x: thousands(one), y: one.seconds })),
    ),
    panel(
      "Peak memory by bytes",
      "MB of the image",
      "MB of memory",
      byBytes.map((one) => ({ x: megabytes(one), y: one.megabytes })),
    ),
    panel(
      "Peak memory by files",
      "thousands of files",
      "MB of memory",
      byFiles.map((one) => ({ x: thousands(one), y: one.megabytes })),
    ),
  ]);
}

await using places = await Places.start();
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void places[Symbol.asyncDispose]().finally(() => process.exit(1)));
const measured: ReadonlyMap<string, Measured>[] = [];
let first: Placed | undefined;
for (const { label, bytes, files } of sizes) {
  console.error(`an image of ${label}`);
  const name = `bench/of-${bytes / 1e6}:1`;
  const placed = await places.place({ name, bytes, files, layers: 6, seed: files });
  first ??= placed;
  const taken = await measure(contendersFor(places, placed), runs);
  const signed = await measure([signing(places, placed)], 1);
  measured.push(new Map([...taken, ...signed]));
  console.error(
    `  ${[...taken].map(([title, { milliseconds }]) => `${title}: ${(milliseconds / 1000).toFixed(2)} s`).join("; ")}`,
  );
}
const [load = 0] = loadavg();
say(
  `Medians of ${runs} runs in turn; ${cpus().length} processors, load at the end ${load.toFixed(1)}, Node ${process.version}. Images of ${sizes
    .map(({ label, files }) => `${label} and ${files.toLocaleString("en")} files`)
    .join(", ")}.`,
);
say();
tell(measured);
say();
console.error("four images at once");
await several(places);
say();
if (first !== undefined) await again(places, first);
console.error("growth");
const drawing = await growth(places);
if (process.argv.includes("--write")) {
  const page = here("../docs/performance.md");
  const text = await readFile(page, "utf8");
  const table = `<!-- table -->\n${output.join("\n")}\n<!-- /table -->`;
  await writeFile(
    page,
    text.replace(/<!-- table -->[\s\S]*<!-- \/table -->/, () => table),
  );
  await mkdir(here("../docs/images"), { recursive: true });
  await writeFile(here("../docs/images/growth.svg"), drawing);
}
