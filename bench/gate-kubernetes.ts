/**
 * Reviews a second at the admission webhook, over kept connections as an API server has them, about pods of 200 images in turn: at the gate,
 * at a webhook on the same server
 * that reads each review and says yes, and at one of a few lines on node's own server. In turns, so that all see the same machine. The client
 * runs in a process of its own. Needs docker-registry.
 *
 *     node bench/gate-kubernetes.ts [SECONDS] [CONNECTIONS]
 */
import { fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { Agent, createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { AdmissionServer } from "../src/gates/kubernetes/server.ts";
import { toReview } from "../test/support/api-server.ts";
import { KubernetesWorld } from "../test/support/kubernetes-gate.ts";

const images = 200;
const goals = { share: 0.7, p99: 20 };
const seconds = Number(process.argv[2] ?? 5);
const connections = Number(process.argv[3] ?? 16);
const rounds = 4;

interface Load {
  readonly port: number;
  readonly authority: string;
  readonly bodies: readonly string[];
  readonly seconds: number;
  readonly connections: number;
}
interface Outcome {
  readonly rate: number;
  readonly times: readonly number[];
  readonly allowed: number;
}

/** Asks as many at a time as there are connections. */
async function load({ port, authority, bodies, connections, seconds }: Load): Promise<Outcome> {
  const agent = new Agent({
    keepAlive: true,
    ca: authority,
    servername: "daochain-gate.daochain.svc",
    maxSockets: connections,
  });
  const times: number[] = [];
  let allowed = 0;
  let next = 0;
  const ask = (body: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const call = request(
        {
          host: "127.0.0.1",
          port,
          agent,
          path: "/validate?timeout=10s",
          method: "POST",
          headers: { "content-type": "application/json", "content-length": Buffer.byteLength(body) },
        },
        (answer) => {
          let text = "";
          answer.setEncoding("utf8").on("data", (piece: string) => {
            text += piece;
          });
          answer.on("end", () => resolve(text));
        },
      );
      call.on("error", reject);
      call.end(body);
    });
  // The first few warm what is to be warm.
  await Promise.all(bodies.map(ask));
  const begun = performance.now();
  const end = begun + seconds * 1000;
  const worker = async (): Promise<void> => {
    while (performance.now() < end) {
      const start = performance.now();
      const answer = await ask(bodies[next++ % bodies.length] ?? "");
      times.push(performance.now() - start);
      if (answer.includes('"allowed":true')) allowed++;
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  const taken = (performance.now() - begun) / 1000;
  agent.destroy();
  return { rate: times.length / taken, times, allowed };
}

if (process.send !== undefined) {
  process.once("message", (given) => {
    void load(given as Load).then((outcome) => {
      process.send?.(outcome, () => process.disconnect());
    });
  });
} else {
  const inProcess = (given: Load): Promise<Outcome> =>
    new Promise((resolve, reject) => {
      const child = fork(fileURLToPath(import.meta.url));
      child.once("message", (outcome) => resolve(outcome as Outcome));
      child.once("error", reject);
      child.send(given);
    });
  const percentile = (values: readonly number[], share: number): number =>
    values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;
  const world = await KubernetesWorld.start();
  const certificate = world.authority.issue("idle", "DNS:daochain-gate.daochain.svc");
  const idle = new AdmissionServer(
    {
      judge: async () => ({ allowed: true, warnings: [], patch: [] }),
      metrics: () => "",
      isReady: () => true,
      answered: () => {},
    },
    { cert: readFileSync(certificate.certificate, "utf8"), key: readFileSync(certificate.key, "utf8") },
  );
  const files = {
    cert: readFileSync(certificate.certificate),
    key: readFileSync(certificate.key),
  };
  const bare = createServer(files, (question, answer) => {
    const pieces: Buffer[] = [];
    question.on("data", (piece) => pieces.push(piece));
    question.on("end", () => {
      const { apiVersion, kind, request: asked } = JSON.parse(Buffer.concat(pieces).toString());
      const said = JSON.stringify({ apiVersion, kind, response: { uid: asked.uid, allowed: true } });
      answer.writeHead(200, { "content-type": "application/json" }).end(said);
    });
  });
  try {
    await new Promise<void>((resolve) => bare.listen(0, "127.0.0.1", resolve));
    const barePort = (bare.address() as AddressInfo).port;
    const { port } = await idle.listen("127.0.0.1", 0);
    const pinned: string[] = [];
    const named: string[] = [];
    for (let at = 0; at < images; at++) {
      const { image, digest } = await world.push(`acme/app${at}:1`);
      named.push(image);
      pinned.push(`${image}@${digest}`);
    }
    await world.serve({ tagCache: 5 });
    await world.sign(...named);
    const pod = readFileSync(new URL("gate-kubernetes-pod.json", import.meta.url), "utf8");
    const bodiesOf = (names: readonly string[]): string[] =>
      names.map((image) => JSON.stringify(toReview({ object: JSON.parse(pod.replaceAll("IMAGE", image)) })));
    const bodies = bodiesOf(pinned);
    const outcomes: Record<string, Outcome[]> = {
      "a webhook that says yes": [],
      "one of a few lines": [],
      "the gate": [],
      "the gate, tags": [],
    };
    for (let round = 0; round < rounds; round++) {
      const shared = { authority: world.authority.pem, seconds, connections };
      outcomes["a webhook that says yes"]?.push(await inProcess({ ...shared, port, bodies }));
      outcomes["one of a few lines"]?.push(await inProcess({ ...shared, port: barePort, bodies }));
      outcomes["the gate"]?.push(await inProcess({ ...shared, port: world.gate.port, bodies }));
      outcomes["the gate, tags"]?.push(
        await inProcess({ ...shared, port: world.gate.port, bodies: bodiesOf(named) }),
      );
    }
    console.log(
      `${images} images, ${connections} connections, ${rounds} x ${seconds} s, reviews of ${Buffer.byteLength(bodies[0] ?? "")} bytes, Node ${process.version}`,
    );
    const rates: number[] = [];
    for (const [name, several] of Object.entries(outcomes)) {
      const times = several.flatMap((outcome) => outcome.times);
      const rate = several.reduce((sum, outcome) => sum + outcome.rate, 0) / rounds;
      rates.push(rate);
      const isWhole = several.every((outcome) => outcome.allowed === outcome.times.length);
      console.log(
        `${name.padEnd(24)} ${rate.toFixed(0).padStart(6)}/s   p50 ${percentile(times, 0.5).toFixed(2)} ms   p99 ${percentile(times, 0.99).toFixed(2)} ms${isWhole ? "" : "   SOME WERE REFUSED"}`,
      );
    }
    const [yes = 1, few = 1, gate = 0] = rates;
    console.log(
      `the gate / saying yes    ${(gate / yes).toFixed(2)}   (goal: at least ${goals.share}; p99 at most ${goals.p99} ms)\nthe gate / a few lines   ${(gate / few).toFixed(2)}`,
    );
  } finally {
    bare.closeAllConnections();
    bare.close();
    await idle.close();
    await world[Symbol.asyncDispose]();
  }
}
