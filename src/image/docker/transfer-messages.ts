import { type Digest, isDigest } from "../../digest/digest.ts";
import { DaoChainError } from "../../errors.ts";
import { say } from "../../messages/message.ts";
import type { Progress } from "../image.ts";
import type { Answer, DockerClient } from "./client.ts";

/** Longer than any message is, and more bytes of messages than any transfer has. */
const LINE_LIMIT = 64 * 1024;
const TOTAL_LIMIT = 256 * 1024 * 1024;
const PARTS_LIMIT = 2000;

/** One message of the daemon about a transfer; what is not of the type it should be is left out. */
export interface TransferMessage {
  /** the layer that it is about */
  readonly id: string | undefined;
  readonly status: string;
  /** in bytes; undefined where it counts something else */
  readonly current: number | undefined;
  readonly total: number | undefined;
  /** what went wrong: the transfer has failed */
  readonly error: string | undefined;
  /** what the tag names in the registry now */
  readonly digest: Digest | undefined;
}

/**
 * Reads the stream of messages, one JSON object a line, of a pull or a push.
 * @throws DOCKER_FAILED where the stream breaks off or is none, CANCELLED, and what `take` throws
 */
export async function readTransferMessages(
  client: DockerClient,
  { body, touch }: Answer,
  take: (message: TransferMessage) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  let [rest, total] = ["", 0];
  const takeLine = (line: string): void => {
    if (line.trim() !== "") take(parseMessage(client, line));
  };
  try {
    for await (const piece of body) {
      touch();
      total += piece.length;
      if (total > TOTAL_LIMIT) throw client.failure(say("engine-messages-too-large", { limit: TOTAL_LIMIT }));
      const lines = `${rest}${decoder.decode(piece, { stream: true })}`.split("\n");
      rest = lines.pop() ?? "";
      if (rest.length > LINE_LIMIT)
        throw client.failure(say("engine-message-too-large", { limit: LINE_LIMIT }));
      for (const line of lines) takeLine(line);
    }
    takeLine(rest);
  } catch (error) {
    throw error instanceof DaoChainError ? error : client.broken(error);
  } finally {
    body.destroy();
  }
}

function parseMessage(client: DockerClient, line: string): TransferMessage {
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch (cause) {
    throw client.failure(say("engine-message-not-json"), { cause });
  }
  const detail = get(message, "progressDetail");
  const isInBytes = get(detail, "units") === undefined;
  const count = (name: string): number | undefined => {
    const value = get(detail, name);
    return isInBytes && typeof value === "number" && value >= 0 && Number.isFinite(value) ? value : undefined;
  };
  const status = text(get(message, "status"));
  // Engines with containerd's store say it in words alone.
  const named =
    get(get(message, "aux"), "Digest") ??
    /^\S+: digest: (sha256:[0-9a-f]{64}) size: /.exec(status ?? "")?.[1];
  return {
    id: text(get(message, "id")),
    status: status ?? "",
    current: count("current"),
    total: count("total"),
    error: text(get(get(message, "errorDetail"), "message")) ?? text(get(message, "error")),
    digest: isDigest(named) ? named : undefined,
  };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value.slice(0, 2000) : undefined;
}

function get(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

interface Part {
  bytes: number;
  total: number | undefined;
}

/** Makes of the daemon's messages what is told of a transfer's progress: the bytes that went over the wire, layer by layer. */
export class TransferProgress {
  readonly #report: ((progress: Progress) => void) | undefined;
  /** layers that have to go over the wire */
  readonly #parts = new Map<string, Part>();

  constructor(report: ((progress: Progress) => void) | undefined) {
    this.#report = report;
  }

  take({ id, status, current, total }: TransferMessage): void {
    if (id === undefined || this.#report === undefined) return;
    if (/^(?:Downloading|Pushing)$/.test(status)) this.#moved(id, current ?? 0, total);
    else if (/^(?:Download complete|Pushed|Verifying Checksum)$/.test(status)) this.#through(id);
    else if (/^(?:Pulling fs layer|Preparing|Waiting)$/.test(status)) this.#add(id);
    else if (/^(?:Already exists|Layer already exists|Mounted from .*)$/.test(status)) this.#parts.delete(id);
    else if (status === "Extracting" && current !== undefined) this.#unpacked(id, current, total);
  }

  #add(id: string): Part | undefined {
    let part = this.#parts.get(id);
    if (part === undefined && this.#parts.size < PARTS_LIMIT) {
      part = { bytes: 0, total: undefined };
      this.#parts.set(id, part);
    }
    return part;
  }

  #moved(id: string, bytes: number, total: number | undefined): void {
    const part = this.#add(id);
    if (part === undefined) return;
    // A push's total is an estimate, and may be too low.
    part.bytes = bytes;
    part.total = total === undefined ? undefined : Math.max(bytes, total);
    this.#tell(id, part);
  }

  #through(id: string): void {
    const part = this.#parts.get(id);
    if (part === undefined) return;
    part.bytes = part.total ?? part.bytes;
    part.total = part.bytes;
    this.#tell(id, part);
  }

  /** Unpacking is a part of its own, whose bytes have been counted. */
  #unpacked(id: string, bytes: number, total: number | undefined): void {
    this.#tell(`unpack ${id}`, { bytes, total });
  }

  #tell(name: string, part: Part): void {
    let [bytes, total]: [number, number | undefined] = [0, 0];
    for (const one of this.#parts.values()) {
      bytes += one.bytes;
      total = total === undefined || one.total === undefined ? undefined : total + one.total;
    }
    this.#report?.({ bytes, total, part: { name, ...part } });
  }
}
