import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { unpackTar } from "modern-tar";
import { describe, expect, it } from "vitest";
import { diffImage } from "../../../src/image/diff.ts";
import type { ImageFacts } from "../../../src/image/image.ts";
import { openImage } from "../../../src/image/open.ts";
import { describeOnEngines } from "../../support/engines.ts";
import { codeOf, sha256 } from "../../support/images.ts";
import { findProgram } from "../../support/programs.ts";
import { configFile, loadVictim, tamperings } from "../../support/tamper.ts";

const execute = promisify(execFile);
const program = findProgram("docker");

type Tree = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

// That tests which tamper with a layer store really do: what runs is changed, and the engine does not say so.
describe.skipIf(program === undefined)("a layer store altered", () => {
  describeOnEngines("beneath a real Docker Engine", (engine) => {
    const docker = async (...arguments_: string[]): Promise<string> =>
      (await execute(program ?? "", ["--host", engine.host, ...arguments_])).stdout.trim();

    /** What a container of the image would run, without starting one. */
    async function exported(image: string): Promise<Tree> {
      const container = await docker("create", "--network", "none", image);
      try {
        const { stdout } = await execute(program ?? "", ["--host", engine.host, "export", container], {
          encoding: "buffer",
          maxBuffer: 2 ** 24,
        });
        const entries = await unpackTar(stdout, { strict: true });
        return new Map(
          entries.map(({ header, data }) => [
            header.name,
            {
              type: header.type,
              mode: (header.mode ?? 0) & 0o7777,
              owner: `${header.uid}:${header.gid}`,
              link: header.linkname,
              xattr: Object.entries(header.pax ?? {}).filter(([name]) => name.startsWith("SCHILY.xattr.")),
              content: data && sha256(data),
            },
          ]),
        );
      } finally {
        await docker("rm", container);
      }
    }

    it.each(tamperings)("$title: shows in an export, and not in its description", async (tampering) => {
      const { name, layers } = await loadVictim(engine, program);
      const [tree, description] = [await exported(name), await docker("image", "inspect", name)];
      expect(compare(tree, await exported(name))).toEqual([]);
      await tampering.alter(layers);
      expect(compare(tree, await exported(name))).toEqual([`${tampering.change} ${tampering.path}`]);
      expect(await docker("image", "inspect", name)).toBe(description);
    });

    it.each(tamperings)("$title: is seen at the default depth, and named", async (tampering) => {
      const { name, layers } = await loadVictim(engine, program);
      const source = await openImage(`docker-daemon:${name}`, { docker: engine });
      const sound = await source.inspect({ thorough: true });
      expect(sound).toMatchObject({ depth: "runtime", corruptions: [], notes: [] });
      expect(runtimeOf(await source.inspect())).toEqual(runtimeOf(sound));
      await tampering.alter(layers);
      const altered = await source.inspect();
      expect(altered.depth).toBe("runtime");
      expect(runtimeOf(altered)).not.toEqual(runtimeOf(sound));
      const { path, change: kind } = tampering;
      expect(await source.inspect({ thorough: true })).toMatchObject({
        subjects: [],
        corruptions: [{ at: path, kind }],
      });
      expect(await diffImage(name, { docker: engine })).toMatchObject([{ path, kind }]);
    });

    it("what was not altered differs in nothing", async () => {
      const { name } = await loadVictim(engine, program);
      expect(await diffImage(name, { docker: engine })).toEqual([]);
      expect(await docker("ps", "--all", "--quiet", "--filter", `ancestor=${name}`)).toBe("");
    });

    it("an edited config makes the image vanish, or is what would run", async () => {
      const { name } = await loadVictim(engine, program);
      const sound = await (await openImage(`docker-daemon:${name}`, { docker: engine })).inspect();
      const file = await configFile(engine, await docker("image", "inspect", "--format", "{{.Id}}", name));
      const config = await readFile(file, "utf8");
      expect(config).toContain("/app/content");
      await writeFile(file, config.replace("/app/content", "/app/covered"));
      const command = docker("image", "inspect", "--format", "{{json .Config.Cmd}}", name);
      const source = await openImage(`docker-daemon:${name}`, { docker: engine });
      if (engine.name === "classic") {
        await expect(command).rejects.toThrow();
        expect(await codeOf(source.inspect())).toBe("IMAGE_NOT_FOUND");
        return;
      }
      expect(await command).toBe('["/app/covered"]');
      expect(runtimeOf(await source.inspect())).not.toEqual(runtimeOf(sound));
      expect(await source.inspect({ thorough: true })).toMatchObject({ subjects: [], corruptions: [{}] });
    });
  });
});

function runtimeOf({ subjects }: ImageFacts): string[] {
  return subjects.filter(({ kind }) => kind === "runtime").map(({ digest }) => digest);
}

/** How the second tree differs from the first, path by path. */
function compare(before: Tree, after: Tree): string[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return paths.flatMap((path) => {
    const [old, now] = [before.get(path), after.get(path)];
    if (old === undefined) return [`added ${path}`];
    if (now === undefined) return [`removed ${path}`];
    return Object.keys(old)
      .filter((key) => JSON.stringify(old[key]) !== JSON.stringify(now[key]))
      .map((key) => `${key} ${path}`);
  });
}
