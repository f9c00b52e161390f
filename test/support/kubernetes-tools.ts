import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("../../scripts/kubernetes-tools.sh", import.meta.url));

/** Helm, and Kubernetes' own admission code; undefined where they were not built (scripts/kubernetes-tools.sh make). */
export const kubernetesTools: { readonly helm: string; readonly oracle: string } | undefined = (() => {
  try {
    const directory = execFileSync(script, ["path"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return { helm: join(directory.trim(), "helm"), oracle: join(directory.trim(), "kubernetes-oracle") };
  } catch (cause) {
    if (!(process.env["DAOCHAIN_REQUIRE"] ?? "").split(",").includes("kubernetes-tools")) return undefined;
    throw new Error("kubernetes-tools are required and are not there", { cause });
  }
})();
