import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import type { Digest } from "../../digest/digest.ts";
import { DaoChainError } from "../../errors.ts";
import { member, sizeMember, stringMember, stringsMember, toObject } from "../../json.ts";
import { type Message, say } from "../../messages/message.ts";
import { Budget } from "../blob.ts";
import type { InspectOptions } from "../image.ts";
import { Flattening } from "../rootfs/flatten.ts";
import { LayerReader } from "../rootfs/layer.ts";
import type { TreeNode } from "../rootfs/tree.ts";
import { CALL_TIME, type DockerClient, IDLE_TIME } from "./client.ts";

/** marks a container as one of ours, with who made it */
const label = "io.daochain.probe";
const prefix = "daochain-probe-";
const command = "/daochain-never-starts-this";
/** Seconds after which a probe is removed whoever made it: no export takes so long. */
const PROBE_AGE = 6 * 60 * 60;
/** what may follow an export's end, in bytes: tar fills up its last record */
const TRAIL_LIMIT = 1024 * 1024;
const what = "answer of the Docker daemon";

/** Which image a container is made from, as the daemon described it. */
export interface ProbedImage {
  readonly id: Digest;
  /** os/architecture[/variant], where the image has several platforms */
  readonly platform: string | undefined;
  /** paths that would become volumes */
  readonly volumes: readonly string[];
}

/**
 * The root file system that a container of the image would start with: a container is made, never started, exported and removed.
 * It has no network, and no volumes are made for it.
 * @returns what was found, and what is to be said of the removal: the daemon takes its time for it, and there is something to do meanwhile
 * @throws DOCKER_UNREACHABLE, DOCKER_FAILED, IMAGE_LIMIT_EXCEEDED, CANCELLED
 */
export async function probeImage(
  client: DockerClient,
  probed: ProbedImage,
  options: InspectOptions,
): Promise<{ root: TreeNode; bytes: number; removal: Promise<Message[]> }> {
  await sweep(client, options.signal);
  const container = await create(client, probed);
  // Without the signal: after Ctrl-C it is to be removed all the more.
  const exported = await readExport(client, container, options).catch(async (error) => {
    await remove(client, container);
    throw error;
  });
  const removal = remove(client, container).then((left) =>
    left === undefined ? [] : [say("removal-failed", { error: left })],
  );
  return { ...exported, removal };
}

async function create(client: DockerClient, { id, platform, volumes }: ProbedImage): Promise<string> {
  // With a command of our own an image without one will do. The engine would make a missing working directory.
  const document = {
    Image: id,
    Entrypoint: [command],
    Cmd: [],
    WorkingDir: "/",
    NetworkDisabled: true,
    Healthcheck: { Test: ["NONE"] },
    StopSignal: "SIGTERM",
    Labels: { [label]: owner() },
    HostConfig: {
      NetworkMode: "none",
      LogConfig: { Type: "none" },
      Mounts: volumes.map((path) => ({ Type: "tmpfs", Target: path })),
    },
  };
  const { status, json, message } = await client.call("/containers/create", {
    method: "POST",
    query: {
      name: `${prefix}${randomBytes(6).toString("hex")}`,
      ...(platform === undefined ? {} : { platform }),
    },
    document,
    // Not to be broken off: what was made without our knowing its ID could not be removed.
    time: CALL_TIME + IDLE_TIME,
  });
  const container = status === 201 ? stringMember(toObject(json, what), "Id", what) : undefined;
  if (container !== undefined && /^[0-9a-f]{64}$/.test(container)) return container;
  throw client.refusal(say("do-make-container", { id }), status, message, say("advice-depth-content"));
}

async function readExport(
  client: DockerClient,
  container: string,
  options: InspectOptions,
): Promise<{ root: TreeNode; bytes: number }> {
  const { signal, onProgress } = options;
  const answer = await client.stream(`/containers/${container}/export`, {
    signal,
    time: CALL_TIME + IDLE_TIME,
  });
  if (answer.status !== 200) {
    const message = await client.readMessage(answer);
    throw client.refusal(say("do-export-container"), answer.status, message);
  }
  const budget = new Budget();
  const tree = new Flattening({ whiteouts: false });
  tree.startLayer();
  const reader = new LayerReader(budget, (entry) => tree.add(entry));
  let bytes = 0;
  let trail = 0;
  try {
    for await (const chunk of answer.body) {
      answer.touch();
      if (reader.isEnded) trail += chunk.length;
      if (trail > TRAIL_LIMIT) throw client.failure(say("engine-export-endless"));
      budget.spendUncompressed(chunk.length);
      bytes += chunk.length;
      onProgress?.({ bytes, total: undefined });
      reader.write(chunk);
    }
  } catch (error) {
    throw client.broken(error);
  } finally {
    answer.body.destroy();
  }
  const damage = reader.finish() ?? (reader.isEnded ? undefined : "it ends too early");
  const { root, doubts } = tree.finish();
  const wrong = damage ?? doubts[0];
  if (wrong !== undefined) throw client.failure(say("engine-export-unreadable", { reason: wrong }));
  return { root, bytes };
}

/** @returns why it could not be removed */
async function remove(client: DockerClient, container: string): Promise<DaoChainError | undefined> {
  try {
    const { status, message } = await client.call(`/containers/${container}`, {
      method: "DELETE",
      query: { force: "1", v: "1" },
      time: CALL_TIME + IDLE_TIME,
    });
    if (status < 400 || status === 404) return undefined;
    return client.refusal(say("do-remove-container", { container }), status, message);
  } catch (error) {
    return client.broken(error);
  }
}

/** Removes what a process left behind that was killed. */
async function sweep(client: DockerClient, signal: AbortSignal | undefined): Promise<void> {
  const filters = JSON.stringify({ label: [label], status: ["created"] });
  const { status, json } = await client.call("/containers/json", { query: { all: "1", filters }, signal });
  if (status !== 200 || !Array.isArray(json)) return;
  for (const item of json.slice(0, 1000)) {
    const id = abandonedProbe(item);
    if (id !== undefined) await remove(client, id);
  }
}

/** An image can bring our label, and with it any container of that image: only what could not run anyway is ours to remove. */
function abandonedProbe(item: unknown): string | undefined {
  try {
    const container = toObject(item, what);
    const id = stringMember(container, "Id", what);
    const labels = toObject(member(container, "Labels", what) ?? {}, what);
    const by = Object.hasOwn(labels, label) ? labels[label] : undefined;
    const isOurs =
      stringMember(container, "State", what) === "created" &&
      stringMember(container, "Command", what) === command &&
      stringsMember(container, "Names", what, 100).some((name) => name.startsWith(`/${prefix}`));
    if (!isOurs || id === undefined || !/^[0-9a-f]{64}$/.test(id) || typeof by !== "string") return undefined;
    const age = Date.now() / 1000 - sizeMember(container, "Created", what);
    return age > PROBE_AGE || isAbandoned(by) ? id : undefined;
  } catch (error) {
    // What a foreign container says of itself is not to keep anybody from looking at an image.
    if (error instanceof DaoChainError) return undefined;
    throw error;
  }
}

function owner(): string {
  return `${hostname()}/${process.pid}`;
}

/** Whether it was made on this machine, by a process that is no more. */
function isAbandoned(by: string): boolean {
  const slash = by.lastIndexOf("/");
  const pid = Number(by.slice(slash + 1));
  if (by.slice(0, slash) !== hostname() || !Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}
