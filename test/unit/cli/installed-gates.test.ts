import { chmod, mkdir, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findGates } from "../../../cli/install/installed-gates.ts";
import { testDirectory } from "../../support/images.ts";

describe("the gates of a machine", () => {
  let directory: string;
  let server: Server | undefined;
  beforeEach(async () => {
    directory = await testDirectory();
    await mkdir(directory, { recursive: true });
  });
  afterEach(() => server?.close());

  const place = () => ({
    kind: "docker" as const,
    unit: join(directory, "gate.service"),
    socket: join(directory, "gate.sock"),
  });
  const serve = (status: number): Promise<void> =>
    new Promise((resolve) => {
      server = createServer((_request, response) => response.writeHead(status).end());
      server.listen(place().socket, resolve);
    });

  test("are none where there is neither unit nor socket", async () => {
    expect(await findGates([place()])).toEqual([]);
  });

  test.each([
    [200, "ready"],
    [503, "not-ready"],
  ] as const)("that answer with %i are %s", async (status, state) => {
    await serve(status);
    expect(await findGates([place()])).toEqual([
      { kind: "docker", unit: null, socket: place().socket, state },
    ]);
  });

  test("that are installed and do not answer are silent", async () => {
    const { unit, socket } = place();
    await writeFile(unit, "");
    expect(await findGates([place()])).toEqual([{ kind: "docker", unit, socket: null, state: "silent" }]);
    await writeFile(socket, "");
    expect(await findGates([place()])).toEqual([{ kind: "docker", unit, socket, state: "silent" }]);
  });

  test.skipIf(process.getuid?.() === 0)("that this user may not ask are closed", async () => {
    await serve(200);
    await chmod(place().socket, 0);
    expect(await findGates([place()])).toMatchObject([{ state: "closed" }]);
  });
});
