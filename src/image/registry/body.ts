import type { Readable } from "node:stream";
import type { DaoChainError } from "../../errors.ts";
import { say } from "../../messages/message.ts";
import { registryFailed, toBodyFailure } from "./failure.ts";
import type { RegistryTiming } from "./options.ts";
import type { HttpAnswer } from "./transport.ts";

/**
 * Passes an answer's body on, piece by piece, until it ends or `take` has enough. A server that dribbles is given up: sending a byte now
 * and then must not hold anybody forever.
 * @param take the next bytes; what it returns is awaited, false ends it
 * @throws Transient where the body breaks off, REGISTRY_FAILED where it dribbles, and what `take` throws
 */
export async function readBody(
  answer: HttpAnswer,
  host: string,
  timing: RegistryTiming,
  take: (piece: Buffer) => Promise<void> | false | undefined,
): Promise<void> {
  const { body } = answer;
  const least = (timing.minimumRate * timing.rateWindow) / 1000;
  let received = 0;
  let before = 0;
  let slow: DaoChainError | undefined;
  const timer = setInterval(() => {
    if (received - before < least) {
      slow = registryFailed(host, say("registry-slow", { rate: timing.minimumRate }), {
        advice: say("advice-other-network"),
      });
      body.destroy(slow);
    }
    before = received;
  }, timing.rateWindow);
  try {
    const pieces = body[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    for (;;) {
      const next = await pieces.next().catch((error: unknown) => {
        throw slow ?? toBodyFailure(error, host);
      });
      if (next.done === true) return;
      received += next.value.length;
      const taken = take(next.value);
      if (taken === false) return;
      if (taken !== undefined) await taken;
    }
  } finally {
    clearInterval(timer);
    body.destroy();
  }
}

/**
 * Reads a whole small document.
 * @param limit in bytes
 * @returns undefined where it is larger
 * @throws Transient, REGISTRY_FAILED
 */
export async function readDocument(
  answer: HttpAnswer,
  host: string,
  timing: RegistryTiming,
  limit: number,
): Promise<Buffer | undefined> {
  const pieces: Buffer[] = [];
  let size = 0;
  const late = registryFailed(host, say("registry-document-slow"));
  const timer = setTimeout(() => answer.body.destroy(late), timing.document);
  try {
    await readBody(answer, host, timing, (piece) => {
      size += piece.length;
      if (size > limit) return false;
      pieces.push(piece);
      return undefined;
    });
  } finally {
    clearTimeout(timer);
  }
  return size > limit ? undefined : Buffer.concat(pieces);
}

/** Takes a body that nobody wants off its connection, or the connection down where that would take long. */
export async function discard(answer: HttpAnswer): Promise<void> {
  const body: Readable & { dump?: (options: { limit: number }) => Promise<unknown> } = answer.body;
  const length = Number(answer.headers["content-length"] ?? Number.NaN);
  if (length <= 4096 && body.dump !== undefined) {
    const timer = setTimeout(() => body.destroy(), 1000);
    await body.dump({ limit: 4096 }).catch(() => {});
    clearTimeout(timer);
  } else body.destroy();
}
