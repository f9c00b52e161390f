import { Readable } from "node:stream";
import { DaoChainError, failure } from "../../../src/errors.ts";
import { readPullQuestion, toPulledFacts } from "../../../src/gates/containerd/verify-request.ts";
import type { DockerClient } from "../../../src/image/docker/client.ts";
import { describe } from "../../../src/image/docker/describe.ts";
import { readTransferMessages } from "../../../src/image/docker/transfer-messages.ts";
import { parseImageConfig } from "../../../src/image/examination.ts";
import {
  formatNamedReference,
  parseImageReference,
  parseNamedReference,
} from "../../../src/image/reference.ts";
import { parseChallenges } from "../../../src/image/registry/challenge.ts";
import { registryCredentials } from "../../../src/image/registry/credentials.ts";
import { parseToken } from "../../../src/image/registry/token.ts";
import { canonicalConfiguration } from "../../../src/image/rootfs/configuration.ts";
import { parseStrictJson } from "../../../src/json.ts";
import type { Value } from "../../../src/messages/template.ts";
import { configurationLine, refuseTwice } from "../runtime-oracle-config.ts";
import { mutateBytes, mutateJson } from "./mutations.ts";
import { type FuzzTarget, target, Violation } from "./target.ts";

const digest = `sha256:${"5".repeat(64)}`;
const toSamples = (...values: unknown[]) => values.map((value) => Buffer.from(JSON.stringify(value)));

const configuration = {
  Cmd: ["/bin/sh"],
  Entrypoint: ["/e", "-x"],
  Env: ["PATH=/bin", "A=\u00e4"],
  ExposedPorts: { "80/tcp": {}, "53/udp": {} },
  Healthcheck: { Test: ["CMD", "x"], Interval: 30e9, Timeout: 1, Retries: 3, StartPeriod: 2 },
  Labels: { a: "1", b: "" },
  StopSignal: "SIGTERM",
  User: "1000",
  Volumes: { "/data": {} },
  WorkingDir: "/srv",
};
const configs = toSamples(
  {
    architecture: "amd64",
    os: "linux",
    config: configuration,
    rootfs: { type: "layers", diff_ids: [digest, digest] },
  },
  {
    architecture: "arm",
    variant: "v7",
    os: "linux",
    rootfs: { type: "layers", diff_ids: [] },
    history: [{ created: "x" }],
  },
);

const strictJson = target({
  name: "strict JSON",
  make: (random) => mutateJson(random.pick(configs), random, configs),
  run(input) {
    const value = parseStrictJson(input, "document");
    if (JSON.stringify(value) !== JSON.stringify(JSON.parse(input.toString())))
      throw new Violation("It reads otherwise.");
    refuseTwice(input.toString());
    return true;
  },
});

const imageConfig = target({
  name: "image config",
  make: (random) => mutateJson(random.pick(configs), random, configs),
  run(input) {
    const { configuration: line } = parseImageConfig(input);
    const { config } = JSON.parse(input.toString()) as { config?: unknown };
    if (line !== configurationLine(config))
      throw new Violation("The second implementation has another form.");
    return true;
  },
});

const descriptors = toSamples(
  { mediaType: "application/vnd.oci.image.manifest.v1+json", digest, size: 512 },
  {
    mediaType: "application/vnd.docker.distribution.manifest.list.v2+json",
    digest,
    size: 1,
    annotations: { a: "b" },
    platform: { os: "linux", architecture: "amd64" },
  },
);

const pull = target({
  name: "what containerd is about to pull",
  make: (random) => {
    const descriptor = mutateJson(random.pick(descriptors), random, descriptors);
    const questions = toSamples({
      name: random.pick(["docker.io/acme/api:1", `localhost:5000/acme/api@${digest}`]),
      digest,
      stdinMediaType: "application/vnd.oci.descriptor.v1+json",
      stdin: descriptor.toString("base64"),
    });
    return random.chance(0.5)
      ? Buffer.concat(questions)
      : mutateJson(random.pick(questions), random, questions);
  },
  run(input) {
    const question = readPullQuestion(input);
    if (question === undefined) return false;
    const { subjects, name } = toPulledFacts(question);
    // As an engine written in Go reads it: names in any letters, the last of equals.
    const read = (document: object, wanted: string): unknown =>
      Object.entries(document)
        .filter(([key]) => key.toLowerCase() === wanted)
        .at(-1)?.[1];
    const described = read(JSON.parse(Buffer.from(question.stdin).toString()), "digest");
    const asked = read(JSON.parse(input.toString()), "digest");
    if (subjects.length !== 1 || subjects[0]?.digest !== described || described !== asked)
      throw new Violation("It judges another image than is pulled.");
    if (name?.carried !== true) throw new Violation("It has no name.");
    return true;
  },
});

const references = [
  ...[
    "alpine",
    "acme/api:1.4.2",
    "docker.io/library/alpine:3.20",
    "localhost:5000/a/b__c-d.e:T",
    "[::1]:5000/x",
  ],
  ...[
    `acme/api@${digest}`,
    "docker://acme/api",
    "docker-archive:a.tar:acme/api:1",
    "oci:dir:tag",
    "oci-archive:f",
  ],
  ...["docker-daemon:acme/api:1", "5".repeat(64), digest, "REGISTRY.example/x", "index.docker.io/x"],
].map((text) => Buffer.from(text));

const reference = target({
  name: "image references",
  make: (random) => mutateBytes(random.pick(references), random, references).toString(),
  run(text) {
    const parsed = parseImageReference(text);
    if ("named" in parsed && parsed.named !== undefined) {
      const again = parseNamedReference(formatNamedReference(parsed.named));
      if (JSON.stringify(again) !== JSON.stringify(parsed.named))
        throw new Violation("Written again it names another image.");
    }
    return true;
  },
});

const challenges = [
  'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull"',
  'Basic realm="a \\"quoted\\" one", Bearer realm=x,error="insufficient_scope"',
  "Negotiate, Basic, Bearer  a = b",
].map((text) => Buffer.from(text));

const challenge = target({
  name: "WWW-Authenticate",
  make: (random) => mutateBytes(random.pick(challenges), random, challenges).toString("latin1"),
  run(header) {
    const found = parseChallenges(header);
    for (const { scheme, parameters } of found) {
      const names = [scheme, ...parameters.keys()];
      if (names.some((name) => !/^[!-~]+$/.test(name) || name !== name.toLowerCase()))
        throw new Violation("A name is none that HTTP has.");
    }
    return found.length > 0;
  },
});

const tokens = toSamples(
  { token: "abc.def-ghi", access_token: "abc", expires_in: 300, issued_at: "2026-01-01T00:00:00Z" },
  { access_token: "x".repeat(2000), expires_in: 1e9 },
);

const token = target({
  name: "token answers",
  make: (random) => mutateJson(random.pick(tokens), random, tokens).toString(),
  run(text) {
    const found = parseToken(text);
    if (found === undefined) return false;
    if (!/^[\x21-\x7e]+$/.test(found.text) || !(found.life > 0)) throw new Violation("It fits no header.");
    return true;
  },
});

const auth = Buffer.from("user:pass:word").toString("base64");
const dockerConfigs = toSamples(
  { auths: { "registry.acme.io:5000": { auth }, "https://index.docker.io/v1/": { identitytoken: "t" } } },
  {
    auths: { "https://registry.acme.io:5000/v2/": { username: "u", password: "p" } },
    credHelpers: {},
    HttpHeaders: {},
  },
);

const credentials = target({
  name: "Docker's credentials",
  make: (random) => mutateJson(random.pick(dockerConfigs), random, dockerConfigs).toString(),
  async run(text) {
    const environment = { DOCKER_AUTH_CONFIG: text, DOCKER_CONFIG: "/nonexistent", HOME: "/nonexistent" };
    const found = await registryCredentials("registry.acme.io:5000", { environment });
    if (found === undefined) return false;
    const texts = [found.username, found.password, found.identityToken ?? ""];
    if (texts.some((part) => typeof part !== "string")) throw new Violation("A credential is no text.");
    return true;
  },
});

const failed = (what: Value) => failure("DOCKER_FAILED", { host: "here", what });
const fakeClient = (json: () => unknown): DockerClient =>
  ({
    host: "unix:///none",
    failure: failed,
    broken: (cause: unknown) => (cause instanceof DaoChainError ? cause : failed("broke off")),
    call: async () => ({ status: 200, json: json(), message: "" }),
  }) as unknown as DockerClient;

const descriptions = toSamples(
  {
    Id: digest,
    RepoTags: ["acme/api:1", "acme/api:2"],
    Os: "linux",
    Architecture: "amd64",
    Size: 1000,
    Config: configuration,
    GraphDriver: { Name: "overlay2", Data: null },
  },
  {
    Id: digest,
    RepoTags: null,
    Os: "",
    Architecture: "",
    Size: 0,
    Descriptor: { mediaType: "application/vnd.oci.image.index.v1+json", digest, size: 5 },
  },
);

const description = target({
  name: "Docker's descriptions",
  make: (random) => mutateJson(random.pick(descriptions), random, descriptions),
  async run(input) {
    const client = fakeClient(() => parseStrictJson(input, "description"));
    const named = parseNamedReference("acme/api:1");
    const query = formatNamedReference(named);
    const asked = { transport: "docker-daemon", explicit: true, query, named, maybeId: false } as const;
    const { id, kind, config } = await describe(client, "acme/api:1", asked, {});
    const said = JSON.parse(input.toString()) as {
      Id: string;
      Config?: unknown;
      Descriptor?: { digest?: string } | null;
    };
    if (id !== said.Id) throw new Violation("It has another ID than the daemon says.");
    if ((kind === "index" || kind === "manifest") && said.Descriptor?.digest !== id)
      throw new Violation("Its kind is that of another digest.");
    if (canonicalConfiguration(config) !== configurationLine(said.Config))
      throw new Violation("Another configuration.");
    return true;
  },
});

const messages = [
  { status: "Pulling fs layer", progressDetail: {}, id: "abc" },
  { status: "Downloading", progressDetail: { current: 5, total: 10 }, id: "abc" },
  { status: `1: digest: ${digest} size: 5` },
  { progressDetail: {}, aux: { Tag: "1", Digest: digest, Size: 5 } },
  { errorDetail: { message: "denied" }, error: "denied" },
];
const transfers = [messages, messages.slice(1, 3)].map((lines) =>
  Buffer.from(lines.map((line) => `${JSON.stringify(line)}\r\n`).join("")),
);

const transfer = target({
  name: "Docker's messages",
  make(random) {
    if (random.chance(0.5)) return mutateBytes(random.pick(transfers), random, transfers);
    const lines = random
      .pick(transfers)
      .toString()
      .trim()
      .split("\r\n")
      .map((line) => Buffer.from(line));
    return Buffer.from(lines.map((line) => `${mutateJson(line, random, lines)}\n`).join(""));
  },
  async run(input, random) {
    const step = 1 + random.below(200);
    const pieces = Array.from({ length: Math.ceil(input.length / step) }, (_, at) =>
      input.subarray(at * step, (at + 1) * step),
    );
    const answer = { status: 200, body: Readable.from(pieces), touch: () => {} };
    await readTransferMessages(
      fakeClient(() => undefined),
      answer,
      ({ status, current, error, digest: named }) => {
        if (typeof status !== "string" || (error !== undefined && typeof error !== "string"))
          throw new Violation("No text.");
        if (current !== undefined && !(current >= 0)) throw new Violation("It counts to less than nothing.");
        if (named !== undefined && !/^sha256:[0-9a-f]{64}$/.test(named))
          throw new Violation("It names no digest.");
      },
    );
    return true;
  },
});

export const documentTargets: readonly FuzzTarget[] = [
  ...[strictJson, pull, imageConfig, reference, challenge, token, credentials, description, transfer],
];
