import type { Rolldown } from "tsdown";

const prefix = "\0builtin:";
/** Functions whose module is loaded when they are called, if ever: few commands start a process. */
const late: Readonly<Record<string, readonly string[]>> = {
  "node:child_process": ["execFile", "execFileSync", "spawn", "spawnSync"],
};

/**
 * Takes Node's own modules by name at run time, where an `import` would read each of their exports to list them: node:http has getters
 * among these that load all of undici, which takes longer than Node itself to start. `require` and `import()` stay as they are.
 * @param except source files that keep their imports: an older Node than ours must be able to run them
 */
export function builtinsByName(except: readonly string[]): Rolldown.Plugin {
  const isExcepted = (importer = ""): boolean => except.some((file) => importer.endsWith(file));
  return {
    name: "builtins-by-name",
    resolveId: {
      order: "pre",
      filter: { id: /^node:/ },
      handler(id, importer, { kind }) {
        // Its functions serve the importing file alone, so that each must have its own.
        if (id === "node:module" || kind !== "import-statement" || isExcepted(importer)) return;
        return { id: prefix + id, moduleSideEffects: false };
      },
    },
    load: {
      filter: { id: new RegExp(`^${prefix}`) },
      handler(id) {
        const name = id.slice(prefix.length);
        const names = Object.keys(process.getBuiltinModule(name) ?? {}).filter(
          (key) => /^[a-z_$][\w$]*$/i.test(key) && key !== "default",
        );
        const own = names.map((key) =>
          late[name]?.includes(key)
            ? `const own_${key} = (...all) => process.getBuiltinModule("${name}").${key}(...all);`
            : // What nobody imports is left out, and its getter not called.
              `const own_${key} = /* @__PURE__ */ (() => process.getBuiltinModule("${name}").${key})();`,
        );
        const whole =
          late[name] === undefined
            ? `process.getBuiltinModule("${name}")`
            : `{ ${names.map((key) => `get ${key}() { return process.getBuiltinModule("${name}").${key}; }`).join(", ")} }`;
        return [
          ...own,
          `const whole = /* @__PURE__ */ (() => (${whole}))();`,
          "export default whole;",
          `export { ${names.map((key) => `own_${key} as ${key}`).join(", ")} };`,
        ].join("\n");
      },
    },
  };
}
