import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeOciLayout } from "../../../../src/image/oci/write-layout.ts";
import { openImage } from "../../../../src/image/open.ts";
import { codeOf, testDirectory } from "../../../support/images.ts";

describe("writeOciLayout", () => {
  const files = { "app/hello": "hello", [`${"long/".repeat(40)}name`]: "x" };

  it.each(["none", "gzip"] as const)(
    "writes an image that is read again, compression %s",
    async (compression) => {
      const directory = join(await testDirectory(), "not", "there", "app");
      const written = await writeOciLayout({ directory, tag: "1.0", files, compression });
      const facts = await (await openImage(`oci:${directory}:1.0`)).inspect();
      expect(facts).toMatchObject({
        name: { repository: "localhost/app", tag: "1.0", carried: false },
        corruptions: [],
        subjects: [
          { kind: "manifest", digest: written.manifest },
          { kind: "config", digest: written.config },
          { kind: "runtime" },
        ],
      });
    },
  );

  it("gives equal digests for equal files, whatever the compression and name", async () => {
    const directory = await testDirectory();
    const at = (name: string) => ({ directory: join(directory, name), tag: name, files });
    const first = await writeOciLayout(at("a"));
    expect(await writeOciLayout(at("b"))).toEqual(first);
    const gzip = await writeOciLayout({ ...at("c"), compression: "gzip" });
    expect(gzip.config).toBe(first.config);
    expect(gzip.manifest).not.toBe(first.manifest);
    expect((await writeOciLayout({ ...at("d"), files: { "app/hello": "other" } })).config).not.toBe(
      first.config,
    );
  });

  it("carries the name that an annotation gives it", async () => {
    const directory = join(await testDirectory(), "app");
    const annotations = { "io.containerd.image.name": "docker.io/acme/api:2" };
    await writeOciLayout({ directory, tag: "2", files, annotations });
    const facts = await (await openImage(`oci:${directory}`)).inspect();
    expect(facts.name).toEqual({ repository: "docker.io/acme/api", tag: "2", carried: true });
  });

  it("replaces a layout, and nothing else", async () => {
    const parent = await testDirectory();
    const directory = join(parent, "app");
    await writeOciLayout({ directory, tag: "1.0", files });
    const second = await writeOciLayout({ directory, tag: "1.0", files: { other: "" } });
    expect((await (await openImage(`oci:${directory}`)).inspect()).subjects[0]?.digest).toBe(second.manifest);
    await mkdir(join(parent, "home"));
    await writeFile(join(parent, "home", "precious"), "");
    expect(await codeOf(writeOciLayout({ directory: join(parent, "home"), tag: "1", files }))).toBe(
      "LAYOUT_NOT_REPLACED",
    );
    expect(
      await codeOf(writeOciLayout({ directory: join(parent, "home", "precious", "x"), tag: "1", files })),
    ).toBe("LAYOUT_UNWRITABLE");
    expect(await readdir(parent)).toEqual(["app", "home"]);
    expect(await readdir(join(parent, "home"))).toEqual(["precious"]);
  });
});
