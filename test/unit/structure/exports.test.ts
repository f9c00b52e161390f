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
      "DaoChainError",
      "approveClaim",
      "audit",
      "bootstrap",
      "changeOrganisation",
      "connect",
      "decide",
      "defaultPolicy",
      "depths",
      "digestSigner",
      "errors",
      "externalSigner",
      "findPending",
      "formatSignedClaim",
      "gatherEvidence",
      "homeAt",
      "isDaoChainError",
      "isDigest",
      "listOrganisations",
      "openImage",
      "organisationId",
      "parseSignedClaim",
      "parseTrustPolicies",
      "placeOf",
      "privateKeySigner",
      "readComposeFile",
      "readHistory",
      "readImageList",
      "readManifests",
      "readTrustPolicies",
      "requireNetworkProfile",
      "requireOrganisation",
      "revokeDigests",
      "signBatch",
      "signImage",
      "signImageOffline",
      "signImages",
      "startEmbeddedChain",
      "stopEmbeddedChain",
      "submitClaim",
      "toDigest",
      "translatorFor",
      "verdictStatuses",
      "verifyImage",
      "verifyImages",
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

  expect(Object.keys(exports)).toEqual([".", "./internal", "./package.json"]);
  expect(built(exports["./internal"].default.replace("./", ""))).toBe("src/internal.ts");
  expect(built(exports["."].default.replace("./", ""))).toBe("src/index.ts");
  expect(built(bin.daochain)).toBe("cli/main.ts");
  expect(built(bin["docker-daochain"])).toBe("cli/docker-plugin.ts");
  const types = read("tsconfig.types.json").compilerOptions;
  expect(exports["./internal"].types).toBe(`./${types.outDir}/internal.d.ts`);
  expect(exports["."].types).toBe(`./${types.outDir}/index.d.ts`);
  expect(types.rootDir).toBe("src");
});
