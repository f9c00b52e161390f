/**
 * What the chain costs `audit`, and `verify` of many images: images judged together, beside the same images verified one by one, at a chain on
 * this machine, at one that is some milliseconds away, and there as of a block of the past. The images are read already: what is measured is
 * asking the chain, and deciding. Nine in ten are signed.
 *
 *     node bench/audit.ts [IMAGES] [MILLISECONDS AWAY]
 */
import { setTimeout as sleep } from "node:timers/promises";
import { readBlock } from "../src/contract/contract.ts";
import type { ImageSource } from "../src/image/image.ts";
import { connect } from "../src/network/connect.ts";
import { signImages } from "../src/operations/sign.ts";
import { defaultPolicy } from "../src/policy/policy.ts";
import type { Verdict } from "../src/verdict/verdict.ts";
import { type ImageQuestion, type VerifyOptions, verifyImage, verifyImages } from "../src/verdict/verify.ts";
import { Consortium, signerOf } from "../test/support/consortium.ts";
import { RegistryProxy } from "../test/support/registry-proxy.ts";

const count = Number(process.argv[2] ?? 500);
const away = Number(process.argv[3] ?? 20);

const chain = await Consortium.start();
const traffic = { requests: 0, delay: 0 };
const proxy = await RegistryProxy.start(new URL(chain.url).host);
/** Between the client and the chain: counts, and keeps each request waiting as a distance would. */
proxy.meddle = async () => {
  traffic.requests++;
  if (traffic.delay > 0) await sleep(traffic.delay);
  return false;
};

try {
  const acme = await chain.admit("acme");
  const images = Array.from({ length: count }, (_, i) =>
    chain.image(`docker.io/acme/app-${i % 50}`, `1.${i}`),
  );
  const signed = images.filter((_, i) => i % 10 !== 0);
  const results = await signImages(chain.connection, signerOf("acme"), acme, signed);
  if (results.some(({ status }) => status === "rejected")) throw new Error("not everything was signed");
  const questions = images.map((facts): ImageQuestion => {
    const source: ImageSource = {
      image: facts.image,
      transport: facts.transport,
      inspect: async () => facts,
    };
    return { image: facts.image, open: async () => source };
  });
  const connection = await connect(chain.home, { rpcUrl: `http://${proxy.address}` });

  const { number: block } = await readBlock(connection.rpc);
  const oneByOne = async ({ at }: Pick<VerifyOptions, "at">): Promise<Verdict[]> => {
    const verdicts: Verdict[] = [];
    for (const { image, open } of questions)
      verdicts.push(await verifyImage(image, open, async () => connection, defaultPolicy, { at }));
    return verdicts;
  };
  const together = ({ at }: Pick<VerifyOptions, "at">): Promise<Verdict[]> =>
    verifyImages(questions, async () => connection, defaultPolicy, { at });

  console.log(`${count} images, ${signed.length} of them signed, Node ${process.version}`);
  // The first round only warms what is to be warm.
  await together({});
  const rounds: readonly [name: string, delay: number, options: Pick<VerifyOptions, "at">][] = [
    ["a chain on this machine", 0, {}],
    [`a chain ${away} ms away`, away, {}],
    [`a chain ${away} ms away, as of a past block`, away, { at: { block } }],
  ];
  for (const [name, delay, options] of rounds) {
    traffic.delay = delay;
    const measured: { ms: number; requests: number; statuses: string }[] = [];
    for (const task of [oneByOne, together]) {
      traffic.requests = 0;
      const begin = performance.now();
      const verdicts = await task(options);
      const ms = performance.now() - begin;
      const statuses = verdicts.map(({ status }) => status).join();
      measured.push({ ms, requests: traffic.requests, statuses });
    }
    const [alone, all] = measured;
    if (alone === undefined || all === undefined) throw new Error("nothing was measured");
    if (alone.statuses !== all.statuses) throw new Error("the verdicts differ");
    const line = (name: string, { ms, requests }: { ms: number; requests: number }): void =>
      console.log(`  ${name.padEnd(12)} ${ms.toFixed(0).padStart(7)} ms   ${requests} requests`);
    console.log(name);
    line("one by one", alone);
    line("together", all);
    console.log(
      `  together takes ${(alone.ms / all.ms).toFixed(1)} times less time, and ${(alone.requests / all.requests).toFixed(0)} times fewer requests`,
    );
  }
  connection.rpc.close();
} finally {
  await proxy[Symbol.asyncDispose]();
  await chain.stop();
}
