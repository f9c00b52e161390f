import { rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { PolicyFile } from "../../../src/gates/policy-file.ts";
import { temporaryDirectory } from "../../support/embedded-chain.ts";
import { codeOf } from "../../support/errors.ts";

const document = (name: string): string =>
  JSON.stringify({
    version: "1.0",
    trustPolicies: [{ name, registryScopes: ["*"], signatureVerification: { level: "strict" } }],
  });

it("a policy file holds as it is, and keeps holding what it said while it is no policy", {
  timeout: 30_000,
}, async () => {
  await using directory = await temporaryDirectory();
  const path = join(directory.path, "policy.json");
  expect(await codeOf(() => PolicyFile.open(path))).toBe("POLICY_FILE_MISSING");
  await writeFile(path, "{}");
  expect(await codeOf(() => PolicyFile.open(path))).toBe("POLICY_INVALID");
  await writeFile(path, document("first"));
  const troubles: unknown[] = [];
  const file = await PolicyFile.open(path, { onTrouble: (trouble) => troubles.push(trouble) });
  const becomes = (name: string, isCurrent: boolean) =>
    expect
      .poll(() => [file.policies.all[0]?.name, file.isCurrent], { timeout: 5000 })
      .toEqual([name, isCurrent]);
  try {
    await becomes("first", true);
    await writeFile(path, document("second"));
    await becomes("second", true);
    // As an editor replaces a file, and as Kubernetes replaces a mounted one.
    await writeFile(join(directory.path, "new"), document("third"));
    await rename(join(directory.path, "new"), path);
    await becomes("third", true);
    await writeFile(join(directory.path, "target"), document("fourth"));
    await symlink("target", join(directory.path, "link"));
    await rename(join(directory.path, "link"), path);
    await becomes("fourth", true);
    expect(troubles).toEqual([]);

    await writeFile(path, document("fifth").slice(0, -3));
    await becomes("fourth", false);
    await rm(path);
    await becomes("fourth", false);
    await writeFile(path, document("sixth"));
    await becomes("sixth", true);
    expect(troubles.at(-1)).toBeUndefined();
    expect(troubles.length).toBeGreaterThan(1);
  } finally {
    file.close();
  }
});
