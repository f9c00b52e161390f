import { spawn } from "node:child_process";
import { Agent } from "node:http";
import { Duplex } from "node:stream";
import type { DockerEndpoint } from "./endpoint.ts";

/**
 * Connections to a daemon on another machine, each through `ssh HOST docker system dial-stdio`, as the docker command makes them:
 * the user's own ssh checks the host's key and knows the user's configuration. dockerode's own ssh client checks no host's key.
 */
export class SshAgent extends Agent {
  readonly #arguments: readonly string[];

  constructor({ host, port, username }: DockerEndpoint) {
    super();
    this.#arguments = [
      "-o",
      "BatchMode=yes",
      ...(username === undefined ? [] : ["-l", username]),
      ...(port === undefined ? [] : ["-p", port]),
      "--",
      host ?? "",
      "docker",
      "system",
      "dial-stdio",
    ];
  }

  override createConnection(): Duplex {
    const child = spawn("ssh", this.#arguments, { stdio: ["pipe", "pipe", "pipe"] });
    const connection = Duplex.from({ writable: child.stdin, readable: child.stdout });
    let said = "";
    child.stderr.on("data", (bytes: Buffer) => {
      said = `${said}${bytes.toString("utf8")}`.slice(-500);
    });
    child.once("error", (error) => connection.destroy(error));
    child.once("exit", (code) => {
      if (code !== 0) connection.destroy(new Error(`ssh ended with status ${code}: ${said.trim()}`));
    });
    connection.once("close", () => child.kill());
    return connection;
  }
}
