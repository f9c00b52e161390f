import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkContainerd, isVerifierRun } from "../../../cli/install/containerd-checks.ts";
import {
  type ContainerdSettings,
  readContainerdSettings,
  toSettings,
} from "../../../cli/install/containerd-config.ts";
import { changeableBy } from "../../../cli/install/trusted-path.ts";
import { wrapperText } from "../../../cli/install/verifier-wrapper.ts";
import { temporaryDirectory } from "../../support/embedded-chain.ts";
import { codeOf } from "../../support/errors.ts";

const isRoot = process.getuid?.() === 0;
let directory: string;
let remove: () => PromiseLike<void>;

beforeEach(async () => {
  const made = await temporaryDirectory();
  directory = made.path;
  remove = () => made[Symbol.asyncDispose]();
});
afterEach(() => remove());

const write = (name: string, text: string, mode = 0o644): string => {
  const path = join(directory, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
};

describe("containerd's settings", () => {
  it("are its defaults where nothing is said", () => {
    expect(toSettings({}, "2.1.9")).toEqual({
      version: "2.1.9",
      disabledPlugins: [],
      binDir: "/opt/containerd/image-verifier/bin",
      maxVerifiers: 10,
      verifierTime: 10,
      localPulls: [],
    });
  });

  it("are read from its files where its program is not here, with what these import", async () => {
    const config = write(
      "config.toml",
      `version = 3\nimports = ["conf.d/*.toml", "more.toml"]\n[plugins."io.containerd.image-verifier.v1.bindir"]\nbin_dir = "/first"\nper_verifier_timeout = "1m30s"\n`,
    );
    write("conf.d/b.toml", `[plugins."io.containerd.image-verifier.v1.bindir"]\nbin_dir = "/third"\n`);
    write(
      "conf.d/a.toml",
      `imports = ["../config.toml"]\n[plugins."io.containerd.image-verifier.v1.bindir"]\nbin_dir = "/second"\nmax_verifiers = -1\n`,
    );
    write("conf.d/c.txt", "not TOML");
    write(
      "more.toml",
      `disabled_plugins = ["io.containerd.image-verifier.v1.bindir"]\n[plugins."io.containerd.grpc.v1.cri"]\nmax_concurrent_downloads = 7\n`,
    );
    expect(await readContainerdSettings({ containerd: "/none", config })).toEqual({
      version: undefined,
      disabledPlugins: ["io.containerd.image-verifier.v1.bindir"],
      binDir: "/third",
      maxVerifiers: -1,
      verifierTime: 90,
      localPulls: ["max_concurrent_downloads = 7"],
    });
  });

  it("are told by its program where it is here", async () => {
    const containerd = write(
      "containerd",
      `#!/bin/sh\ncase "$*" in\n--version) echo containerd github.com/k3s-io/containerd/v2 v2.2.1-k3s1 abc ;;\n"--config /x config dump") echo 'disabled_plugins = ["x"]' ;;\n*) exit 1 ;;\nesac\n`,
      0o755,
    );
    expect(await readContainerdSettings({ containerd, config: "/x" })).toMatchObject({
      version: "2.2.1-k3s1",
      disabledPlugins: ["x"],
    });
    expect(await codeOf(() => readContainerdSettings({ containerd, config: "/y" }))).toBe(
      "CONTAINERD_CONFIG_REFUSED",
    );
  });

  it("that cannot be read are none", async () => {
    const read = (text: string): Promise<string> =>
      codeOf(() => readContainerdSettings({ containerd: "/none", config: write("config.toml", text) }));
    const table = `[plugins."io.containerd.image-verifier.v1.bindir"]\n`;
    for (const [text, code] of [
      ["not TOML", "CONTAINERD_CONFIG_NOT_TOML"],
      [`${table}bin_dir = 1`, "CONTAINERD_SETTINGS_INVALID"],
      [`${table}bin_dir = "verifiers"`, "CONTAINERD_BIN_DIR_RELATIVE"],
      [`${table}max_verifiers = "ten"`, "CONTAINERD_SETTINGS_INVALID"],
      [`${table}per_verifier_timeout = "ten seconds"`, "CONTAINERD_SETTINGS_INVALID"],
      [`imports = ["/etc/*/config.toml"]`, "CONTAINERD_IMPORT_UNKNOWN"],
    ] as const)
      expect([text, await read(text)]).toEqual([text, code]);
    expect(await codeOf(() => readContainerdSettings({ containerd: "/none", config: "/none" }))).toBe(
      "CONTAINERD_NOT_FOUND",
    );
  });
});

describe.skipIf(!isRoot)("what would have images pulled without the gate", () => {
  const settings = (more: Partial<ContainerdSettings> = {}): ContainerdSettings => ({
    ...toSettings({}, "2.1.9"),
    binDir: join(directory, "bin"),
    ...more,
  });
  const codes = async (more: Partial<ContainerdSettings> = {}, programs: string[] = []): Promise<string[]> =>
    (await checkContainerd(settings(more), programs)).map(({ code, isBypass }) =>
      isBypass ? code : `(${code})`,
    );

  it("is nothing where all is as it should be", async () => {
    write("bin/daochain", "#!/bin/sh\n", 0o755);
    expect(await codes()).toEqual([]);
    expect(await isVerifierRun(settings())).toBe(true);
  });

  it("is found", async () => {
    expect(await codes()).toEqual(["empty-bin-dir"]);
    expect(await codes({ binDir: "" })).toEqual(["no-bin-dir"]);
    write("bin/other", "#!/bin/sh\n", 0o755);
    expect(await codes()).toEqual(["not-installed"]);
    write("bin/daochain", "#!/bin/sh\n", 0o755);
    expect(await codes({ version: "1.7.27" })).toEqual(["version"]);
    expect(await codes({ version: "2.0.5" })).toEqual(["version"]);
    expect(await codes({ version: undefined })).toEqual(["(version-unknown)"]);
    expect(await codes({ disabledPlugins: ["io.containerd.image-verifier.v1.bindir"] })).toEqual([
      "verifiers-disabled",
    ]);
    expect(await codes({ verifierTime: 2 })).toEqual(["(short-time)"]);
    expect(await codes({ localPulls: ["use_local_image_pull = true", "registry.mirrors"] })).toEqual([
      "local-pull",
      "local-pull",
    ]);
    write("bin/aaa", "#!/bin/sh\n", 0o755);
    expect(await codes({ maxVerifiers: 1 })).toEqual(["skipped"]);
    expect(await codes({ maxVerifiers: 2 })).toEqual([]);
    expect(await codes({ maxVerifiers: -1 })).toEqual([]);
    for (const more of [{ maxVerifiers: 1 }, { maxVerifiers: 0 }, { version: "1.7.0" }, { binDir: "" }])
      expect([more, await isVerifierRun(settings(more))]).toEqual([more, false]);
    mkdirSync(join(directory, "bin", "directory"));
    expect(await codes()).toEqual(["(not-executable)"]);
  });

  it("is what others than root can change", async () => {
    const wrapper = write("bin/daochain", "#!/bin/sh\n", 0o755);
    const program = write("lib/program", "", 0o755);
    symlinkSync("lib", join(directory, "link"));
    expect(await codes({}, [program, join(directory, "link", "program")])).toEqual([]);
    chmodSync(wrapper, 0o775);
    expect(await codes()).toEqual(["changeable"]);
    chmodSync(wrapper, 0o755);
    chmodSync(join(directory, "lib"), 0o777);
    expect(await changeableBy(program)).toBe(join(directory, "lib"));
    expect(await codes({}, [join(directory, "link", "program")])).toEqual(["changeable"]);
    // Of a directory like /tmp, others cannot take what is root's.
    chmodSync(join(directory, "lib"), 0o1777);
    expect(await codes({}, [program])).toEqual([]);
    chownSync(program, 1000, 1000);
    expect(await codes({}, [program])).toEqual(["changeable"]);
  });
});

describe("the program that containerd runs", () => {
  it("starts the verifier whatever its paths and containerd's environment", () => {
    const path = `${directory}/it's "quoted" $HOME`;
    mkdirSync(path);
    const shown = join(path, "show");
    writeFileSync(shown, `#!/bin/sh\necho "env: $NODE_OPTIONS$LD_LIBRARY_PATH"\nprintf '<%s>' "$@"\n`);
    chmodSync(shown, 0o755);
    const wrapper = write("wrapper", wrapperText(shown, "/a b.js", "/run/x's.sock"), 0o755);
    const env = { NODE_OPTIONS: "--require /evil.js", LD_LIBRARY_PATH: "/evil" };
    expect(execFileSync(wrapper, ["-name", "a b"], { env, encoding: "utf8" })).toBe(
      "env: \n</a b.js><--socket></run/x's.sock><-name><a b>",
    );
    expect(() => wrapperText("/a\nb", "/x", "/y")).toThrow("line break");
  });
});
