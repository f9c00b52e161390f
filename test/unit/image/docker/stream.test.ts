import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { LocalBody } from "../../../../src/image/docker/stream.ts";
import { sha256, testDirectory } from "../../../support/images.ts";

/** What a server on a local socket answers, asked once. */
async function ask(answer: (socket: Socket) => void): Promise<{ status: number; body: LocalBody }> {
  const path = join(await testDirectory(), "s.sock");
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => answer(socket));
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => void server.close());
  return LocalBody.open(path, "/thing", new AbortController().signal);
}

async function readAll(body: LocalBody, between: () => Promise<unknown> = async () => {}): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of body) {
    const copy = Buffer.from(piece);
    await between();
    // Nothing else may come into the piece while it is used.
    expect(piece.equals(copy)).toBe(true);
    pieces.push(copy);
  }
  return Buffer.concat(pieces);
}

const head = "HTTP/1.0 200 OK\r\nContent-Type: application/x-tar\r\n\r\n";

describe("LocalBody", () => {
  it("gives all bytes in their order, however slowly they are taken", async () => {
    const bytes = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => (index * 7919) >> 3));
    const { status, body } = await ask((socket) => {
      socket.write(head);
      socket.end(bytes);
    });
    expect(status).toBe(200);
    expect(sha256(await readAll(body, () => sleep(1)))).toBe(sha256(bytes));
  });

  it("reads headers that come byte by byte, and an answer without a body", async () => {
    const { status, body } = await ask(async (socket) => {
      for (const character of "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n") {
        socket.write(character);
        await sleep(1);
      }
    });
    expect(status).toBe(404);
    expect(await readAll(body)).toHaveLength(0);
  });

  it("ends where the stated length does, and fails where the body does before", async () => {
    const stated = (length: number) =>
      ask((socket) => socket.end(`HTTP/1.0 200 OK\r\ncontent-length: ${length}\r\n\r\n12345`));
    expect((await readAll((await stated(5)).body)).toString()).toBe("12345");
    expect((await readAll((await stated(4)).body)).toString()).toBe("1234");
    await expect(readAll((await stated(6)).body)).rejects.toThrow();
  });

  it.each([
    ["not HTTP", "SSH-2.0-OpenSSH_9\r\n\r\n"],
    ["in chunks, which HTTP/1.0 does not have", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"],
    ["without end", `HTTP/1.0 200 OK\r\n${"X: y\r\n".repeat(20_000)}`],
    ["nothing", ""],
  ])("refuses an answer that is %s", async (_what, text) => {
    await expect(ask((socket) => socket.end(text))).rejects.toThrow();
  });

  it("fails with the error it is given up with, and frees its socket", async () => {
    let isClosed = false;
    const { body } = await ask((socket) => {
      socket.once("close", () => {
        isClosed = true;
      });
      socket.write(`${head}beginning`);
    });
    const reading = readAll(body, async () => {
      setTimeout(() => body.destroy(new Error("given up")), 10);
    });
    await expect(reading).rejects.toThrow("given up");
    await expect.poll(() => isClosed).toBe(true);
  });

  it("frees its socket when no more is wanted", async () => {
    let isClosed = false;
    const { body } = await ask((socket) => {
      socket.once("close", () => {
        isClosed = true;
      });
      socket.write(`${head}${"x".repeat(1_000_000)}`);
    });
    for await (const piece of body) {
      expect(piece.length).toBeGreaterThan(0);
      break;
    }
    await expect.poll(() => isClosed).toBe(true);
  });
});
