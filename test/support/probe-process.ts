import { openImage } from "../../src/image/open.ts";

// Looks at an image of a daemon again and again, until it is killed: node probe-process.ts HOST IMAGE
const [, , host = "", image = ""] = process.argv;
const source = await openImage(image, { docker: { host } });
process.stdout.write("ready\n");
for (;;) await source.inspect({ depth: "runtime" });
