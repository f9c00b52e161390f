import { connect } from "node:net";
import { expect, it } from "vitest";
import { MetricsServer } from "../../src/metrics-server.ts";
import { codeOf } from "../support/errors.ts";
import { freePort } from "../support/registry-server.ts";

it("metrics and readiness are served at an address, and nothing else is", async () => {
  const status = { isReady: false };
  const address = `127.0.0.1:${await freePort()}`;
  const server = await MetricsServer.listen(address, { metrics: () => "a 1\n", status });
  const ask = async (path: string, method = "GET") => {
    const answer = await fetch(`http://${address}${path}`, { method });
    return [answer.status, await answer.text()];
  };
  try {
    expect(await ask("/metrics")).toEqual([200, "a 1\n"]);
    expect(await ask("/ready")).toEqual([503, '{"ready":false}']);
    status.isReady = true;
    expect(await ask("/ready")).toEqual([200, '{"ready":true}']);
    expect((await ask("/metrics", "POST"))[0]).toBe(404);
    expect((await ask("/AuthZPlugin.AuthZReq"))[0]).toBe(404);
    // Somebody who says nothing that can be understood keeps nobody else from asking.
    const stranger = connect(Number(address.split(":")[1]), "127.0.0.1");
    stranger.on("error", () => {});
    stranger.write("what?\r\n\r\n");
    expect((await ask("/metrics"))[0]).toBe(200);
    stranger.destroy();
    expect(await codeOf(() => MetricsServer.listen(address, { metrics: () => "", status }))).toBe(
      "METRICS_NOT_SERVED",
    );
  } finally {
    await server.close();
  }
});

it.each(["", "9464", "localhost", "127.0.0.1:99999", "http://127.0.0.1:9464", "a:b:1", "[::1]"])(
  "%j is no address",
  async (address) => {
    const shown = { metrics: () => "", status: { isReady: true } };
    expect(await codeOf(() => MetricsServer.listen(address, shown))).toBe("METRICS_ADDRESS_INVALID");
  },
);
