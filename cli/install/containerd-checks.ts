import { constants } from "node:fs";
import { access, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Words } from "../words/words.ts";
import { type ContainerdSettings, verifierPlugin } from "./containerd-config.ts";
import { changeableBy } from "./trusted-path.ts";
import { wrapperName } from "./verifier-wrapper.ts";

type FindingWords = Words["gate"]["findings"];

/** Something that people should know of how a containerd is set up. */
export interface Finding {
  /** stable name to script against */
  readonly code: string;
  /** whether images are pulled unverified by it */
  readonly isBypass: boolean;
  /** what it is, in a language */
  readonly say: (words: FindingWords) => string;
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
    return [note("version-unknown", (words) => words.versionUnknown)];
  }
  const { major, minor } = versionOf(settings);
  if (major < 2) return [bypass("version", (words) => words.noVerifiers(version))];
  if (major === 2 && minor < 1) {
    return [bypass("version", (words) => words.noVerifiersForKubernetes(version))];
  }
  return [];
}

function checkPlugin({ disabledPlugins, binDir, maxVerifiers, verifierTime }: ContainerdSettings): Finding[] {
  return [
    ...(disabledPlugins.includes(verifierPlugin)
      ? [bypass("verifiers-disabled", (words) => words.disabled(verifierPlugin))]
      : []),
    ...(binDir === "" ? [bypass("no-bin-dir", (words) => words.noBinDir)] : []),
    ...(maxVerifiers === 0 ? [bypass("no-verifiers", (words) => words.maxVerifiers)] : []),
    ...(verifierTime < ownTime
      ? [note("short-time", (words) => words.shortTime(verifierTime, ownTime))]
      : []),
  ];
}

async function checkBinDir({ binDir, maxVerifiers }: ContainerdSettings): Promise<Finding[]> {
  if (binDir === "") return [];
  const entries = await entriesOf(binDir);
  if (entries.length === 0) {
    return [bypass("empty-bin-dir", (words) => words.emptyBinDir(binDir))];
  }
  const findings: Finding[] = [];
  const at = entries.indexOf(wrapperName);
  if (at < 0) findings.push(bypass("not-installed", (words) => words.notInstalled(binDir, wrapperName)));
  if (maxVerifiers > 0 && at >= maxVerifiers) {
    findings.push(bypass("skipped", (words) => words.skipped(maxVerifiers, binDir, wrapperName, at + 1)));
  }
  for (const name of entries) {
    if (await isExecutable(join(binDir, name))) continue;
    findings.push(note("not-executable", (words) => words.notExecutable(join(binDir, name))));
  }
  return findings;
}

function checkLocalPulls({ localPulls }: ContainerdSettings): Finding[] {
  return localPulls.map((setting) => bypass("local-pull", (words) => words.localPull(setting)));
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
      bypass("changeable", (words) => words.changeable(changeable)),
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

function bypass(code: string, say: Finding["say"]): Finding {
  return { code, isBypass: true, say };
}

function note(code: string, say: Finding["say"]): Finding {
  return { code, isBypass: false, say };
}
