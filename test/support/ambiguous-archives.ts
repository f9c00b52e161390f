import { packTar } from "modern-tar";
import {
  containerdExport,
  dockerLegacy,
  dockerModern,
  named,
  putIndex,
  putLegacy,
  putSaved,
  repositories,
} from "./archives.ts";
import { type Files, json, ociLayout, putImage, putTable, sha256, type TestImage, tar } from "./images.ts";

type Transport = "docker-archive" | "oci-archive";

/** An archive of which engines, or readers, would make different images. */
export interface AmbiguousArchive {
  readonly bytes: Uint8Array;
  /** under which it could be taken for an image */
  readonly transports: readonly Transport[];
  /** what chooses the image, where there are several */
  readonly suffix?: Readonly<Record<Transport, string>>;
}

const both = ["docker-archive", "oci-archive"] as const;
const name = "docker.io/acme/app:1.0";
const blob = (bytes: Uint8Array) => `blobs/sha256/${sha256(bytes).slice(7)}`;

/** Entries in their order, so that one name may stand there twice. */
async function entries(
  list: readonly (readonly [
    name: string,
    content: Uint8Array | { readonly symlink: string } | { readonly link: string },
  ])[],
): Promise<Uint8Array> {
  return packTar(
    list.map(([name, content]) => {
      if (content instanceof Uint8Array) return { header: { name, size: content.length }, body: content };
      const [type, linkname] =
        "symlink" in content ? (["symlink", content.symlink] as const) : (["link", content.link] as const);
      return { header: { name, size: 0, type, linkname } };
    }),
  );
}

const bytesOf = (files: Files) =>
  [...files].map(([name, content]) =>
    typeof content === "string" ? ([name, { symlink: content }] as const) : ([name, content] as const),
  );

/** One image by one table, another by the other. */
export function twoTables(saved: TestImage, laid: TestImage): Files {
  const files: Files = new Map();
  putTable(files, [named(putImage(files, laid), name)]);
  return putSaved(files, [{ image: saved }]);
}

/** A layout, and an image by the tables of Docker before 1.10, which takes every directory for a layer: that of the blobs too. */
export function layoutAndLegacy(laid: TestImage, legacy: TestImage): Files {
  const files = putLegacy(new Map(), legacy, ["acme/app:1.0"]);
  putTable(files, [named(putImage(files, laid), name)]);
  files.set("blobs/json", json({ id: "b".repeat(64), architecture: "amd64", os: "linux", config: {} }));
  return files.set("blobs/layer.tar", legacy.layers[0] ?? Buffer.alloc(1024));
}

/** Every kind of archive that is two images, by what it does. */
export async function ambiguousArchives(
  good: TestImage,
  evil: TestImage,
): Promise<Record<string, AmbiguousArchive>> {
  const archives: Record<string, AmbiguousArchive> = {};
  const add = async (
    title: string,
    files: Files | Uint8Array,
    transports: readonly Transport[] = both,
  ): Promise<void> => {
    archives[title] = { bytes: files instanceof Uint8Array ? files : await tar(files), transports };
  };

  await add("an index.json with another image", twoTables(good, evil));
  await add("a manifest.json with another image", twoTables(evil, good));
  await add("the tables before the blobs", new Map([...twoTables(evil, good)].reverse()));

  const besideLaid: Files = new Map();
  putTable(besideLaid, [named(putImage(besideLaid, good), name), putImage(besideLaid, evil)]);
  await add("an index.json with one image more", putSaved(besideLaid, [{ image: good }]), ["docker-archive"]);
  const besideSaved = dockerModern(good);
  putSaved(besideSaved, [{ image: good }, { image: evil, tags: null }]);
  await add("a manifest.json with one image more", besideSaved, ["oci-archive"]);

  const swapped: Files = new Map();
  putTable(swapped, [
    named(putImage(swapped, evil), name),
    named(putImage(swapped, good), "docker.io/acme/app:2.0"),
  ]);
  putSaved(swapped, [{ image: good }, { image: evil, tags: ["acme/app:2.0"] }]);
  archives["names that the tables give to different images"] = {
    bytes: await tar(swapped),
    transports: both,
    suffix: { "docker-archive": ":acme/app:1.0", "oci-archive": ":1.0" },
  };

  const hidden: Files = new Map();
  const index = putIndex(hidden, [good]);
  putTable(hidden, [named(index, name)]);
  await add("a manifest.json with an image that is not under the index", putSaved(hidden, [{ image: evil }]));

  const twiceSaved = putSaved(new Map(), [{ image: good }, { image: evil }]);
  await add("a manifest.json that names two images alike", twiceSaved, ["docker-archive"]);
  const twiceLaid: Files = new Map();
  putTable(
    twiceLaid,
    [good, evil].map((image) => named(putImage(twiceLaid, image), name)),
  );
  await add("an index.json that names two images alike", twiceLaid, ["oci-archive"]);

  const folded = dockerLegacy(good);
  const lines = JSON.parse(Buffer.from(folded.get("manifest.json") ?? "").toString());
  folded.set("evil.json", evil.config);
  folded.set("manifest.json", json([{ ...lines[0], config: "evil.json" }]));
  await add("a manifest.json with one key in two cases", folded, ["docker-archive"]);
  const twoLines = putSaved(new Map(), [{ image: good }]);
  const [line] = JSON.parse(Buffer.from(twoLines.get("manifest.json") ?? "").toString());
  const others = evil.layers.map((layer) => blob(layer));
  for (const layer of evil.layers) twoLines.set(blob(layer), layer);
  twoLines.set("manifest.json", json([line, { ...line, Layers: others }]));
  await add("a manifest.json with one image of different layers", twoLines, ["docker-archive"]);

  const legacyLayers = putLegacy(dockerLegacy(good), evil, ["acme/app:1.0"]);
  await add("repositories with other layers", legacyLayers, ["docker-archive"]);
  await add(
    "repositories with other layers, in a layout",
    putLegacy(dockerModern(good), evil, ["acme/app:1.0"]),
  );
  const fewer = putLegacy(dockerLegacy(good), { ...good, layers: good.layers.slice(1) }, ["acme/app:1.0"]);
  await add("repositories with fewer layers", fewer, ["docker-archive"]);
  const commanded = JSON.parse(Buffer.from(good.config).toString());
  commanded.config.Cmd = ["/bin/evil"];
  const legacyConfig = putLegacy(dockerLegacy(good), { ...good, config: json(commanded) }, ["acme/app:1.0"]);
  await add("repositories with another command", legacyConfig, ["docker-archive"]);
  const legacyName = dockerLegacy(good).set("repositories", repositories(["acme/other:1"], "0".repeat(64)));
  await add("repositories with another name", legacyName, ["docker-archive"]);
  await add(
    "a layout with repositories and no manifest.json",
    putLegacy(ociLayout(good), evil, ["acme/app:1.0"]),
    ["oci-archive"],
  );
  await add(
    "a layout with a layer's description and no manifest.json",
    putLegacy(ociLayout(good), evil, undefined),
    ["oci-archive"],
  );

  await add("a layout that Docker of old loads another image from", layoutAndLegacy(good, evil), [
    "oci-archive",
  ]);

  const unmarked = dockerModern(good);
  unmarked.delete("oci-layout");
  await add("an index.json without oci-layout", unmarked);
  await add("an oci-layout without a version", twoTables(evil, good).set("oci-layout", json({})));

  const [goodTable, evilTable] = [good, evil].map((image) =>
    Buffer.from(putSaved(new Map(), [{ image }]).get("manifest.json") ?? ""),
  );
  const blobs = bytesOf(putSaved(new Map(), [{ image: good }, { image: evil }])).filter(
    ([name]) => name !== "manifest.json",
  );
  for (const second of ["manifest.json", "./manifest.json", "x/../manifest.json", "manifest.json/"])
    await add(
      `two tables, the second as ${second}`,
      await entries([
        ["manifest.json", goodTable ?? evil.config],
        ...blobs,
        [second, evilTable ?? evil.config],
      ]),
      ["docker-archive"],
    );
  const laid = containerdExport([good]);
  const evilIndex = Buffer.from(containerdExport([evil]).get("index.json") ?? "");
  await add(
    "two index.json",
    await entries([
      ...bytesOf(laid),
      ...bytesOf(containerdExport([evil])).filter(([name]) => name.startsWith("blobs/")),
      ["index.json", evilIndex],
    ]),
  );
  await add(
    "a table, and a link in its place",
    await entries([
      ["manifest.json", goodTable ?? evil.config],
      ...blobs,
      ["other.json", evilTable ?? evil.config],
      ["manifest.json", { symlink: "other.json" }],
    ]),
    ["docker-archive"],
  );
  await add(
    "a linked table with another image",
    await entries([
      ...bytesOf(ociLayout(good)),
      ...blobs,
      ["other.json", evilTable ?? evil.config],
      ["manifest.json", { symlink: "other.json" }],
    ]),
    ["oci-archive"],
  );
  await add(
    "a table written through a link",
    await entries([
      ["manifest.json", goodTable ?? evil.config],
      ...blobs,
      ["x", { symlink: "." }],
      ["x/manifest.json", evilTable ?? evil.config],
    ]),
    ["docker-archive"],
  );

  // A config of no telling name, under which Docker finds another than who reads the archive as it comes.
  const table = json([{ Config: "d/c", RepoTags: ["acme/app:1.0"], Layers: good.layers.map(blob) }]);
  const config = (name: string, image: TestImage) => [name, image.config] as const;
  const odd = {
    ...evil,
    config: json({
      ...JSON.parse(Buffer.from(evil.config).toString()),
      rootfs: JSON.parse(Buffer.from(good.config).toString()).rootfs,
    }),
  };
  await add(
    "a config in a directory that is a link",
    await entries([
      ["manifest.json", table],
      ...blobs,
      config("d/c", good),
      config("e/c", odd),
      ["d", { symlink: "e" }],
    ]),
    ["docker-archive"],
  );
  await add(
    "a config behind a link that goes down and up",
    await entries([
      ["manifest.json", table],
      ...blobs,
      config("c", good),
      config("e/c", odd),
      ["e/f/g", Buffer.from("")],
      ["x", { symlink: "e/f" }],
      ["d/c", { symlink: "../x/../c" }],
    ]),
    ["docker-archive"],
  );
  await add(
    "a config that is a hard link to a symbolic one",
    await entries([
      ["manifest.json", table],
      ...blobs,
      config("c", good),
      config("d/f", odd),
      config("f", good),
      ["l", { symlink: "f" }],
      ["d/c", { link: "l" }],
    ]),
    ["docker-archive"],
  );
  return archives;
}
