import { isDaoChainError } from "../../src/errors.ts";
import { type BlobFacts, type BlobOptions, BlobReader, Budget } from "../../src/image/blob.ts";
import { checkLayers, Examination, parseImageConfig } from "../../src/image/examination.ts";
import type { OracleRuntime } from "./runtime-oracle.ts";

/** What the product makes of layers, in the oracle's words; of loose directories as many empty names as there are. */
export async function productRuntime(
  config: Uint8Array,
  layers: readonly Uint8Array[],
  budget: Budget = new Budget(),
): Promise<OracleRuntime> {
  try {
    const imageConfig = parseImageConfig(config);
    const blobs: { at: string; blob: BlobFacts }[] = [];
    for (const [index, layer] of layers.entries()) {
      blobs.push({
        at: `layer ${index + 1}`,
        blob: await readBlob(layer, budget, { content: true, tree: true }),
      });
    }
    const examination = new Examination(imageConfig.platform);
    checkLayers(examination, blobs, imageConfig);
    const [corruption] = examination.corruptions;
    if (corruption !== undefined) return { doubt: `${corruption.detail}` };
    examination.addTree(blobs, imageConfig);
    const { tree } = examination;
    if (tree === undefined) return { doubt: "no tree" };
    const [doubt] = tree.doubts;
    if (doubt !== undefined) return { doubt };
    if (tree.loose > 0) return { loose: new Array(tree.loose).fill("") };
    const facts = examination.facts("image", "oci", { name: undefined, depth: "content", bytes: 0 });
    const [subject] = facts.subjects;
    return subject === undefined ? { doubt: "no digest" } : { digest: subject.digest };
  } catch (error) {
    if (isDaoChainError(error)) return { doubt: `${error.code}: ${error.message}` };
    throw error;
  }
}

/** Reads bytes as files are read: through one piece of memory, so that whoever holds on to a piece sees the next one in it. */
export async function readBlob(bytes: Uint8Array, budget: Budget, options?: BlobOptions): Promise<BlobFacts> {
  const reader = new BlobReader(budget, options);
  const memory = Buffer.alloc(1999);
  for (let at = 0; at < bytes.length; at += memory.length) {
    const piece = bytes.subarray(at, at + memory.length);
    memory.set(piece);
    await reader.write(memory.subarray(0, piece.length));
  }
  return reader.end();
}

/** The kind of an answer, with what must be the same in both implementations. */
export function comparable(runtime: OracleRuntime): string {
  if ("digest" in runtime) return runtime.digest;
  return "doubt" in runtime ? "doubt" : `${runtime.loose.length} loose`;
}
