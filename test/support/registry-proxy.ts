import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A man in the middle, who sees each request before the registry does. @returns whether he has answered it himself */
type Meddle = (asked: IncomingMessage, answer: ServerResponse) => Promise<boolean> | boolean;

/** A registry between its clients and a real one, which may hold requests back or answer them otherwise. */
export class RegistryProxy implements AsyncDisposable {
  readonly #server = createServer((asked, answer) => void this.#serve(asked, answer));
  readonly #behind: string;
  meddle: Meddle = () => false;
  /** how long each piece of a blob takes, in milliseconds */
  delay = 0;

  private constructor(behind: string) {
    this.#behind = behind;
  }

  /** @param behind host:port of the real one */
  static async start(behind: string): Promise<RegistryProxy> {
    const proxy = new RegistryProxy(behind);
    await new Promise<void>((resolve) => proxy.#server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async #serve(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    answer.on("error", () => {});
    if (await this.meddle(asked, answer)) return;
    const [host, port] = this.#behind.split(":");
    const { method, url: path, headers } = asked;
    // With its own address in Host, the registry would send clients around the proxy.
    const onward = request({ host, port, method, path, headers }, (served) => {
      answer.writeHead(served.statusCode ?? 502, served.headers);
      if (this.delay > 0 && path?.includes("/blobs/")) void this.#dribble(served, answer);
      else served.pipe(answer);
    });
    onward.on("error", () => answer.destroy());
    asked.pipe(onward);
  }

  async #dribble(served: IncomingMessage, answer: ServerResponse): Promise<void> {
    for await (const piece of served) {
      await sleep(this.delay);
      answer.write(piece);
    }
    answer.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }
}
