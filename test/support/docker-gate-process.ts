import { serveDockerGate } from "../../src/gates/docker/serve.ts";
import { PolicyFile } from "../../src/gates/policy-file.ts";
import { homeAt } from "../../src/home.ts";
import { connect } from "../../src/network/connect.ts";

/*
 * Serves a Docker Engine's gate in a process of its own, for tests that wait for docker and for others to kill.
 *
 *     node test/support/docker-gate-process.ts HOME OPTIONS
 */
const [, , directory, options = ""] = process.argv;
const home = homeAt(directory);
const { policy, ...start } = JSON.parse(options);
const gate = await serveDockerGate({
  ...start,
  policy: typeof policy === "string" ? await PolicyFile.open(policy) : policy,
  connect: (signal) => connect(home, { signal }),
  onTrouble: (trouble) => process.stderr.write(`${trouble}\n`),
});
process.once("SIGTERM", () => void gate.close());
