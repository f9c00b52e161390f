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

/**
 * Serves JSON-RPC: what is returned is the answer's result, or the whole answer where it has an `error` or `raw`.
 * @param options.batches whether several calls in one request are taken, as most servers do; one after the other
 */
export async function serveRpc(
  answer: (method: string, params: unknown[]) => unknown | Promise<unknown>,
  options: { batches?: boolean } = {},
): Promise<string> {
  const one = async (request: { id: number; method: string; params: unknown[] }): Promise<unknown> => {
    const { id, method, params } = request;
    const result = await answer(method, params);
    const isWhole = typeof result === "object" && result !== null && "error" in result;
    return { jsonrpc: "2.0", id, ...(isWhole ? result : { result }) };
  };
  return serve(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const asked = JSON.parse(body);
    if (!Array.isArray(asked)) {
      response.end(JSON.stringify(await one(asked)));
    } else if (options.batches === false) {
      response.end('{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"no batches"}}');
    } else {
      const answers: unknown[] = [];
      for (const request of asked) answers.push(await one(request));
      // A server may answer in any order.
      response.end(JSON.stringify(answers.reverse()));
    }
  });
}
