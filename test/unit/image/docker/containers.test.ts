import { createServer } from "node:http";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { listContainers } from "../../../../src/image/docker/containers.ts";
import { testDirectory } from "../../../support/images.ts";

it("leaves out a container that is removed between the list and the look at it", async () => {
  const ids = ["a", "b"].map((hex) => hex.repeat(64));
  const image = `sha256:${"c".repeat(64)}`;
  const path = join(await testDirectory(), "d.sock");
  const server = createServer(({ url = "" }, response) => {
    const found = (body: unknown) => response.end(JSON.stringify(body));
    if (url.endsWith("/_ping")) response.end("OK");
    else if (url.includes("/containers/json"))
      found(ids.map((Id) => ({ Id, Names: [`/${Id[0]}`], State: "running" })));
    else if (url.includes(`/containers/${ids[0]}/json`))
      found({ Id: ids[0], Image: image, Config: { Image: "acme/api:1" }, State: { Status: "running" } });
    else response.writeHead(404).end(JSON.stringify({ message: "No such container" }));
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const listed = await listContainers({ host: `unix://${path}` });
  expect(listed).toMatchObject([
    { id: ids[0], image, calledImage: "acme/api:1", name: "a", state: "running" },
  ]);
});
