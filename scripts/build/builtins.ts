import type { Rolldown } from "tsdown";

const prefix = "\0builtin:";

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
        return [
          `const builtin = process.getBuiltinModule("${name}");`,
          "export default builtin;",
          // What nobody imports is left out, and its getter not called.
          ...names.map((key) => `const own_${key} = /* @__PURE__ */ (() => builtin.${key})();`),
          `export { ${names.map((key) => `own_${key} as ${key}`).join(", ")} };`,
        ].join("\n");
      },
    },
  };
}
