import { connect } from "node:net";
import * as library from "../../src/internal.ts";

/** docker's own flags (docker/cli, cli/flags/options.go) by name and letter: what they are called here, and whether they take a value. */
const dockerFlags: ReadonlyMap<string, readonly [name: string, takesValue: boolean]> = new Map([
  ["config", ["config", true]],
  ["context", ["context", true]],
  ["c", ["context", true]],
  ["debug", ["debug", false]],
  ["D", ["debug", false]],
  ["host", ["host", true]],
  ["H", ["host", true]],
  ["log-level", ["log-level", true]],
  ["l", ["log-level", true]],
  ["tls", ["tls", false]],
  ["tlscacert", ["tlscacert", true]],
  ["tlscert", ["tlscert", true]],
  ["tlskey", ["tlskey", true]],
  ["tlsverify", ["tlsverify", false]],
]);

/**
 * Makes of what docker hands to its plugin what DaoChain would have been given by itself: docker's flags, which it leaves to its plugins
 * to understand, become the environment variables of the same meaning, and the plugin's name goes.
 * @param words docker's arguments, such as `-H ADDRESS daochain verify IMAGE`
 * @param env where the flags are put
 * @returns the arguments for DaoChain's own command line
 * @throws DOCKER_FLAG_WITHOUT_VALUE, SEVERAL_DAEMONS for what docker refuses too; TLS_FILES_ONE_BY_ONE, TLS_UNVERIFIED for what would leave open
 *   who answers for the daemon
 */
export function prepareAsPlugin(words: readonly string[], env: Record<string, string | undefined>): string[] {
  const given: (readonly [name: string, value: string])[] = [];
  let at = 0;
  for (; words[at]?.startsWith("-") && words[at] !== "--"; at++) {
    const word = words[at] ?? "";
    const isLong = word.startsWith("--");
    const [, key = "", attached] = (isLong ? /^--([^=]*)(?:=(.*))?$/s : /^-(.)=?(.+)?$/s).exec(word) ?? [];
    const [name, takesValue] = dockerFlags.get(key) ?? [];
    // Anything else is ours: docker has none of it before a plugin's name.
    if (name === undefined) break;
    const value = attached ?? (takesValue ? words[++at] : "true");
    if (value === undefined) throw library.failure("DOCKER_FLAG_WITHOUT_VALUE", { flag: word });
    given.push([name, value]);
  }
  apply(given, env);
  const [first, second, ...rest] = words.slice(at);
  if (first === "help" && second === pluginName) return rest.length === 0 ? ["--help"] : ["help", ...rest];
  return first === pluginName ? words.slice(at + 1) : words.slice(at);
}

const pluginName = "daochain";

function apply(
  given: readonly (readonly [name: string, value: string])[],
  env: Record<string, string | undefined>,
): void {
  const valueOfFlag = (wanted: string) => given.findLast(([name]) => name === wanted)?.[1];
  const isOn = (name: string) => /^(?:1|t|true)$/i.test(valueOfFlag(name) ?? "");
  const config = valueOfFlag("config");
  if (config !== undefined) env["DOCKER_CONFIG"] = config;

  const hosts = given.filter(([name]) => name === "host").map(([, value]) => value);
  const context = valueOfFlag("context");
  if (hosts.length > 1 || (hosts.length > 0 && context !== undefined)) {
    throw library.failure("SEVERAL_DAEMONS");
  }
  if (hosts[0] !== undefined) env["DOCKER_HOST"] = hosts[0];
  if (context !== undefined) {
    env["DOCKER_CONTEXT"] = context;
    delete env["DOCKER_HOST"];
  }
  if (["tlscacert", "tlscert", "tlskey"].some((name) => valueOfFlag(name) !== undefined)) {
    throw library.failure("TLS_FILES_ONE_BY_ONE");
  }
  if (isOn("tlsverify")) env["DOCKER_TLS_VERIFY"] = "1";
  else if (isOn("tls")) {
    throw library.failure("TLS_UNVERIFIED");
  } else if (valueOfFlag("tlsverify") !== undefined) delete env["DOCKER_TLS_VERIFY"];
}

/**
 * Has docker say when it was told to end: it keeps a socket open to its plugin until then (docker/cli, cli-plugins/socket). On a terminal it
 * does not, since what is typed there reaches the plugin by itself.
 */
export function watchDocker(env: Record<string, string | undefined>, onStop: () => void): void {
  const address = env["DOCKER_CLI_PLUGIN_SOCKET"] ?? "";
  if (address === "") return;
  const socket = connect(address.replace(/^@/, "\0"));
  let isConnected = false;
  socket.once("connect", () => {
    isConnected = true;
  });
  socket.on("error", () => {});
  socket.once("close", () => {
    if (isConnected) onStop();
  });
  socket.resume();
  socket.unref();
}
