import { openImage } from "../../src/image/open.ts";

// Looks at an image of a daemon again and again, until it is killed: node probe-process.ts HOST IMAGE
const [, , host = "", image = ""] = process.argv;
const source = await openImage(image, { docker: { host } });
// The first takes longer: code is loaded for it.
for (;;) {
  await source.inspect({ depth: "runtime" });
  process.stdout.write("once more\n");
}
