import { connect } from "../../src/chain/network.ts";
import { serveDockerGate } from "../../src/enforcement/docker/serve.ts";
import { homeAt } from "../../src/home.ts";

/*
 * Serves a Docker Engine's gate in a process of its own, for tests that wait for docker and for others to kill.
 *
 *     node test/support/docker-gate-process.ts HOME OPTIONS
 */
const [, , directory, options = ""] = process.argv;
const home = homeAt(directory);
const gate = await serveDockerGate({
  ...JSON.parse(options),
  connect: (signal) => connect(home, { signal }),
  onTrouble: (trouble) => process.stderr.write(`${trouble}\n`),
});
process.once("SIGTERM", () => void gate.close());
