import { constants } from "node:fs";
import { access, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { type ContainerdSettings, verifierPlugin } from "./containerd-config.ts";
import { changeableBy } from "./trusted-path.ts";
import { wrapperName } from "./verifier-wrapper.ts";

/** Something that people should know of how a containerd is set up. */
export interface Finding {
  /** stable name to script against */
  readonly code: string;
  /** whether images are pulled unverified by it */
  readonly isBypass: boolean;
  readonly message: string;
}

/** Seconds that our verifier may need: its own limit, and starting Node. */
const ownTime = 9;

/**
 * What would have images pulled without the gate being asked, and what would have all pulls refused.
 * @param trusted what the gate's verifier is started by and made of, and where it asks
 */
export async function checkContainerd(
  settings: ContainerdSettings,
  trusted: readonly string[],
): Promise<Finding[]> {
  return [
    ...checkVersion(settings),
    ...checkPlugin(settings),
    ...(await checkBinDir(settings)),
    ...checkLocalPulls(settings),
    ...(await checkChangeable(settings, trusted)),
  ];
}

/** Whether containerd would run the gate's verifier. */
export async function isVerifierRun(settings: ContainerdSettings): Promise<boolean> {
  const { binDir, maxVerifiers, disabledPlugins } = settings;
  if (binDir === "" || disabledPlugins.includes(verifierPlugin) || versionOf(settings).major < 2)
    return false;
  const at = (await entriesOf(binDir)).indexOf(wrapperName);
  if (at < 0 || (maxVerifiers >= 0 && at >= maxVerifiers)) return false;
  return isExecutable(join(binDir, wrapperName));
}

export function versionOf({ version = "2.1.0" }: ContainerdSettings): { major: number; minor: number } {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return { major, minor };
}

function checkVersion(settings: ContainerdSettings): Finding[] {
  const { version } = settings;
  if (version === undefined) {
    return [
      note(
        "version-unknown",
        "containerd's program is not here, so that its version is not known: before 2.1, Kubernetes' pulls are not verified",
      ),
    ];
  }
  const { major, minor } = versionOf(settings);
  if (major < 2)
    return [bypass("version", `containerd ${version} has no image verifiers: they came with 2.0`)];
  if (major === 2 && minor < 1) {
    return [
      bypass("version", `containerd ${version} asks no verifier when Kubernetes pulls: it does from 2.1 on`),
    ];
  }
  return [];
}

function checkPlugin({ disabledPlugins, binDir, maxVerifiers, verifierTime }: ContainerdSettings): Finding[] {
  return [
    ...(disabledPlugins.includes(verifierPlugin)
      ? [bypass("verifiers-disabled", `disabled_plugins names ${verifierPlugin}: nothing is verified`)]
      : []),
    ...(binDir === "" ? [bypass("no-bin-dir", "bin_dir is empty: nothing is verified")] : []),
    ...(maxVerifiers === 0 ? [bypass("no-verifiers", "max_verifiers is 0: no verifier is run")] : []),
    ...(verifierTime < ownTime
      ? [
          note(
            "short-time",
            `per_verifier_timeout is ${verifierTime} seconds: a slow answer refuses a pull before its reason is told; ${ownTime} or more are enough`,
          ),
        ]
      : []),
  ];
}

async function checkBinDir({ binDir, maxVerifiers }: ContainerdSettings): Promise<Finding[]> {
  if (binDir === "") return [];
  const entries = await entriesOf(binDir);
  if (entries.length === 0) {
    return [
      bypass(
        "empty-bin-dir",
        `${binDir} has no verifier: containerd then pulls everything, without asking anybody`,
      ),
    ];
  }
  const findings: Finding[] = [];
  const at = entries.indexOf(wrapperName);
  if (at < 0)
    findings.push(
      bypass("not-installed", `${binDir} has other verifiers, but not the gate's (${wrapperName})`),
    );
  if (maxVerifiers > 0 && at >= maxVerifiers) {
    findings.push(
      bypass(
        "skipped",
        `containerd runs the first ${maxVerifiers} files of ${binDir} (max_verifiers); ${wrapperName} is number ${at + 1}`,
      ),
    );
  }
  for (const name of entries) {
    if (await isExecutable(join(binDir, name))) continue;
    findings.push(note("not-executable", `${join(binDir, name)} is no program: all pulls are refused`));
  }
  return findings;
}

function checkLocalPulls({ localPulls }: ContainerdSettings): Finding[] {
  return localPulls.map((setting) =>
    bypass(
      "local-pull",
      `${setting}, of io.containerd.cri.v1.images: Kubernetes' pulls are made locally, past every verifier`,
    ),
  );
}

/** Whoever can change what containerd runs as root is root, and can have it allow everything. */
async function checkChangeable(
  { binDir }: ContainerdSettings,
  trusted: readonly string[],
): Promise<Finding[]> {
  const entries = (await entriesOf(binDir)).map((name) => join(binDir, name));
  const findings = new Map<string, Finding>();
  for (const path of [...(entries.length === 0 ? [] : [binDir]), ...entries, ...trusted]) {
    const changeable = await changeableBy(path).catch(() => undefined);
    if (changeable === undefined) continue;
    findings.set(
      changeable,
      bypass(
        "changeable",
        `others than root can change ${changeable}, and with it what containerd runs or asks`,
      ),
    );
  }
  return [...findings.values()];
}

/** @returns names in the order in which containerd runs them */
async function entriesOf(directory: string): Promise<string[]> {
  const names = directory === "" ? [] : await readdir(directory).catch(() => []);
  return names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

function bypass(code: string, message: string): Finding {
  return { code, isBypass: true, message };
}

function note(code: string, message: string): Finding {
  return { code, isBypass: false, message };
}
