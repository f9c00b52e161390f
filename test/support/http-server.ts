import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A server on the loopback interface for one test. @returns its URL, without a slash at the end */
export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Serves JSON-RPC: what is returned is the answer's result, or the whole answer where it has an `error` or `raw`. */
export async function serveRpc(
  answer: (method: string, params: unknown[]) => unknown | Promise<unknown>,
): Promise<string> {
  return serve(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const { id, method, params } = JSON.parse(body);
    const result = await answer(method, params);
    const isWhole = typeof result === "object" && result !== null && "error" in result;
    response.end(JSON.stringify({ jsonrpc: "2.0", id, ...(isWhole ? result : { result }) }));
  });
}
