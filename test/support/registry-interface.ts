import { Interface } from "ethers";
import { registryAbi } from "../../src/contract/artifact.ts";

export const registryInterface = new Interface(registryAbi);
