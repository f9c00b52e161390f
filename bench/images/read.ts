/**
 * Reads one image as deep as signing does, and prints what that took: the processor's milliseconds and the bytes read.
 *
 *     node bench/images/read.ts REFERENCE
 */
import { setFlagsFromString } from "node:v8";
import { openImage } from "../../src/image/open.ts";

// As the command line does.
setFlagsFromString("--semi-space-growth-factor=1");
const source = await openImage(process.argv[2] ?? "");
const before = process.cpuUsage();
const { bytes, corruptions } = await source.inspect({ thorough: true });
const { user, system } = process.cpuUsage(before);
if (corruptions.length > 0) throw new Error(JSON.stringify(corruptions[0]));
console.log(JSON.stringify({ processor: (user + system) / 1000, bytes }));
