import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as library from "../../../src/index.ts";
import configuration from "../../../tsdown.config.ts";
import { root } from "../../support/imports.ts";

test("the library exports what it says, and nothing by accident", () => {
  expect(Object.keys(library).sort()).toMatchInlineSnapshot(`
    [
      "AccountStore",
      "Catalogue",
      "DaoChainError",
      "ImageSigning",
      "Message",
      "PolicyFile",
      "Translator",
      "TrustPolicies",
      "aboutImage",
      "admitOrganisation",
      "apiOfPod",
      "approveClaim",
      "audit",
      "backUp",
      "bootstrap",
      "buildTinyImage",
      "canHit",
      "cancelled",
      "changeOrganisation",
      "changeSettings",
      "claimId",
      "clockSkew",
      "connect",
      "decide",
      "defaultPolicy",
      "depths",
      "diffImage",
      "digestKinds",
      "digestSigner",
      "dockerEnvironment",
      "draftClaim",
      "draftClaims",
      "errors",
      "externalSigner",
      "failure",
      "findImages",
      "findPending",
      "findRevocable",
      "findRunning",
      "followClaim",
      "formatSignedClaim",
      "gatherEvidence",
      "homeAt",
      "inParallel",
      "isDaoChainError",
      "isDigest",
      "isHit",
      "isPasswordLongEnough",
      "kindOf",
      "leastPassword",
      "listContainers",
      "listDaemonImages",
      "listDaemonLayers",
      "listOrganisations",
      "listSignerAccounts",
      "makePrivateDirectory",
      "openImage",
      "openReadOnlyCatalogue",
      "organisationId",
      "parseDuration",
      "parseImageReference",
      "parseSignedClaim",
      "parseTrustPolicies",
      "pingDocker",
      "placeOf",
      "privateKeySigner",
      "pullImage",
      "pushImage",
      "readBlock",
      "readClaim",
      "readCompose",
      "readComposeFile",
      "readEmbeddedChain",
      "readEngine",
      "readGovernor",
      "readHistory",
      "readImageList",
      "readManifestText",
      "readManifests",
      "readNetworkProfile",
      "readRollbacks",
      "readSettings",
      "readSmallFile",
      "readTrustPolicies",
      "reasonOf",
      "registryCredentials",
      "removeImage",
      "requireNetworkProfile",
      "requireOrganisation",
      "resolveManifest",
      "restore",
      "restorePrefix",
      "revokeClaim",
      "revokeDigests",
      "say",
      "serveContainerdGate",
      "serveDockerGate",
      "serveKubernetesGate",
      "signBatch",
      "signImage",
      "signImageOffline",
      "signImages",
      "signable",
      "startAttachedChain",
      "startEmbeddedChain",
      "stopEmbeddedChain",
      "submitClaim",
      "takeLock",
      "toAddress",
      "toDigest",
      "toPointer",
      "toSignerUrl",
      "translatorFor",
      "typedDataHash",
      "unjudgedWays",
      "verdictStatuses",
      "verifyImage",
      "verifyImages",
      "writeFileAtomic",
      "writeOciLayout",
    ]
  `);
});

test("the package's exports and its commands are what the build makes", () => {
  const read = (file: string) => JSON.parse(readFileSync(join(root, file), "utf8"));
  const { exports, bin } = read("package.json");
  const { entry, outDir } = configuration as { entry: Record<string, string>; outDir: string };
  const built = (output: string): string | undefined =>
    Object.entries(entry).find(([name]) => output === `${outDir}/${name}.js`)?.[1];

  expect(Object.keys(exports)).toEqual([".", "./package.json"]);
  expect(built(exports["."].default.replace("./", ""))).toBe("src/index.ts");
  expect(built(bin.daochain)).toBe("cli/main.ts");
  expect(built(bin["docker-daochain"])).toBe("cli/docker-plugin.ts");
  const types = read("tsconfig.types.json").compilerOptions;
  expect(exports["."].types).toBe(`./${types.outDir}/index.d.ts`);
  expect(types.rootDir).toBe("src");
});
