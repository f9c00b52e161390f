import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProcess } from "./cli.ts";
import type { TestContainerd } from "./containerd.ts";
import type { TestEngine } from "./docker-engine.ts";
import type { Child } from "./index-worlds.ts";

/** Takes of an index in a registry what is for a platform. @returns what can tell which child that was; undefined where it takes nothing */
export type Taker = (reference: string, platform: string) => Promise<((child: Child) => boolean) | undefined>;

/** containerd makes a container without files, and without a command, of what has neither. */
function byContent(content: string): ((child: Child) => boolean) | undefined {
  return content === "" ? undefined : (child: Child) => child.content === content;
}

/** Pulls, and makes a container: what is in its file. */
export function dockerTaker({ host }: TestEngine): Taker {
  const docker = (...arguments_: string[]) => runProcess("docker", ["--host", host, ...arguments_]);
  return async (reference, platform) => {
    const directory = mkdtempSync(join(tmpdir(), "daochain-taken-"));
    let container = "";
    try {
      const pulled = await docker("pull", "--quiet", "--platform", platform, reference);
      if (pulled.code !== 0) return undefined;
      const created = await docker("create", "--pull", "never", "--platform", platform, reference, "/x");
      container = created.stdout.trim();
      if (created.code !== 0) return undefined;
      const exported = join(directory, "export.tar");
      const { code, stderr } = await docker("export", "--output", exported, container);
      if (code !== 0) throw new Error(`${reference} ${platform}: ${stderr}`);
      return byContent(
        (await runProcess("tar", ["--extract", "--to-stdout", "--file", exported, "file0"])).stdout,
      );
    } finally {
      if (container !== "") await docker("rm", container);
      await docker("rmi", "--force", reference);
      rmSync(directory, { recursive: true, force: true });
    }
  };
}

/** Pulls and unpacks, as a kubelet's containerd does, and mounts what a container would have. */
export function containerdTaker(containerd: TestContainerd): Taker {
  return async (reference, platform) => {
    const directory = mkdtempSync(join(tmpdir(), "daochain-taken-"));
    const mounted = join(directory, "root");
    mkdirSync(mounted);
    let isMounted = false;
    try {
      if ((await containerd.ctr("images", "pull", "--plain-http", "--platform", platform, reference)) !== "")
        return undefined;
      const said = await containerd.ctr("images", "mount", "--platform", platform, reference, mounted);
      isMounted = said === "";
      if (!isMounted) return undefined;
      const file = join(mounted, "file0");
      return byContent(existsSync(file) ? readFileSync(file, "utf8") : "");
    } finally {
      if (isMounted) await containerd.ctr("images", "unmount", "--rm", mounted);
      await containerd.ctr("images", "rm", "--sync", reference);
      rmSync(directory, { recursive: true, force: true });
    }
  };
}

/** Copies the manifest of one platform, whatever it is of. */
export function skopeoTaker(skopeo: string): Taker {
  return async (reference, platform) => {
    const directory = mkdtempSync(join(tmpdir(), "daochain-taken-"));
    const [os = "", architecture = "", variant] = platform.split("/");
    try {
      const { code } = await runProcess(skopeo, [
        ...["--override-os", os, "--override-arch", architecture],
        ...(variant === undefined ? [] : ["--override-variant", variant]),
        ...["copy", "--quiet", "--src-tls-verify=false", `docker://${reference}`, `oci:${directory}/copy:1`],
      ]);
      if (code !== 0) return undefined;
      const read = (name: string) => JSON.parse(readFileSync(join(directory, "copy", name), "utf8"));
      const [{ digest }] = read("index.json").manifests;
      const { config } = read(`blobs/sha256/${digest.slice(7)}`);
      return (child) => child.manifest === digest || child.config === config.digest;
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  };
}
