import type { Rolldown } from "tsdown";

const prefix = "\0stand-in:";

const absent = (name: string): string =>
  `module.exports = new Proxy({}, { get: () => () => { throw new Error("This build of dockerode has no ${name}."); } });`;

/**
 * What dockerode loads before it is asked anything, and how it stands in the build. dockerode only carries our calls to the Docker Engine:
 * nothing of ours makes it build an image (BuildKit sessions, build contexts) or reach a host by its own ssh client, which checks no host
 * key (src/image/docker/ssh.ts does that). Those parts are most of its weight, and throw where they are used. TLS is loaded when a daemon
 * is reached by it, and streams are Node's own. Its debugging notes, which hold a client's TLS key, are neither made nor printed.
 */
const standIns: Readonly<Record<string, string>> = {
  "@balena/dockerignore": absent("build contexts"),
  "@grpc/grpc-js": absent("BuildKit sessions"),
  "@grpc/proto-loader": absent("BuildKit sessions"),
  protobufjs: absent("BuildKit sessions"),
  "tar-fs": absent("build contexts"),
  ssh2: absent("ssh client"),
  debug: "module.exports = () => () => {};",
  util: `const util = process.getBuiltinModule("node:util"); module.exports = { inherits: util.inherits, inspect: Object.assign(() => "", { custom: util.inspect.custom }) };`,
  https: `exports.request = (...all) => process.getBuiltinModule("node:https").request(...all);`,
  "readable-stream": `module.exports = process.getBuiltinModule("node:stream");`,
};

/** Bundles dockerode without what we never use of it. */
export function dockerodeInPart(): Rolldown.Plugin {
  return {
    name: "dockerode-in-part",
    resolveId: {
      order: "pre",
      filter: { id: Object.keys(standIns).map((name) => new RegExp(`^${name}$`)) },
      handler(id, importer = "") {
        if (!/[\\/]node_modules[\\/](?:dockerode|docker-modem)[\\/]/.test(importer)) return undefined;
        return prefix + id;
      },
    },
    load: {
      filter: { id: new RegExp(`^${prefix}`) },
      handler: (id) => standIns[id.slice(prefix.length)],
    },
  };
}

/**
 * Bundles Ink without what it has for those who develop with it: React's developer tools, and the page that shows an error's source, which
 * nothing reaches, since the browser leaves the terminal first (cli/tui/app.tsx).
 */
export function inkInPart(): Rolldown.Plugin {
  return {
    name: "ink-in-part",
    resolveId: {
      order: "pre",
      filter: { id: /^\.\/(?:devtools|ErrorOverview)\.js$/ },
      handler(_id, importer = "") {
        return /[\\/]node_modules[\\/]ink[\\/]/.test(importer) ? `${prefix}ink` : undefined;
      },
    },
    load: { filter: { id: new RegExp(`^${prefix}ink$`) }, handler: () => "export default () => null;" },
  };
}
