import type { ErrorTable } from "../../errors.ts";

/** What an archive, a layout, a layer or an image's document can be that is not understood, or would be understood in two ways. */
export const archiveErrors = {
  ARCHIVE_COMPRESSION_UNSUPPORTED: {
    outcome: "inconclusive",
    message: "{image} is compressed with something other than gzip or zstd.",
  },
  ARCHIVE_NOT_OF_DOCKER: {
    outcome: "inconclusive",
    message: "{image} is not an archive of docker save: it has no manifest.json, or one that is not JSON.",
    hint: "An OCI layout in one file is named oci-archive:FILE; archives older than Docker 1.10 must be loaded and saved again.",
  },
  ARCHIVE_TABLE_INVALID: {
    outcome: "inconclusive",
    message: "{image} is refused: its manifest.json {reason}.",
    hint: "Save the image again; the tool that wrote this archive is at fault.",
  },
  ARCHIVE_OF_TWO_IMAGES: {
    outcome: "inconclusive",
    message: "{image} is refused, since engines would load different images from it: {reason}.",
    hint: "Save the image again, and load no archive that was refused.",
  },
  ARCHIVE_AMBIGUOUS: {
    outcome: "inconclusive",
    message: "The archive is refused, since engines would read it differently: {reason}.",
    hint: "Save the image again; the tool that wrote this archive is at fault.",
  },
  IMAGE_AMBIGUOUS: { outcome: "usage", message: "{image} could be any of {count|image|images}." },
  LAYOUT_NOT_A_DIRECTORY: {
    outcome: "inconclusive",
    message: "{image} cannot be read: {path} is not a directory.",
    hint: "A layout in one file is named oci-archive:FILE.",
  },
  LAYOUT_INCOMPLETE: {
    outcome: "inconclusive",
    message: "{image} is not an OCI layout: it has no {file}.",
    hint: "An archive that docker save wrote is named docker-archive:FILE.",
  },
  LAYOUT_VERSION_UNSUPPORTED: {
    outcome: "inconclusive",
    message: "{image} is an OCI layout of a version other than 1.0.0.",
  },
  LAYOUT_NOT_REPLACED: {
    outcome: "usage",
    message: "{directory} is not empty and not an OCI layout, so it is not replaced.",
    hint: "Name an empty directory, or one that does not exist.",
  },
  LAYOUT_UNWRITABLE: {
    outcome: "inconclusive",
    message: "The OCI layout {directory} cannot be written: {reason}.",
  },
  IMAGE_DOCUMENT_NOT_JSON: {
    outcome: "inconclusive",
    message: "The image's {what} is not JSON, or larger than {limit} bytes.",
  },
  IMAGE_DOCUMENT_AMBIGUOUS: {
    outcome: "inconclusive",
    message: "The image's {what} is not of its descriptor's type {mediaType}: {reason}.",
    hint: "Build or copy the image again; the tool that wrote it is at fault.",
  },
  IMAGE_PART_MISSING: { outcome: "inconclusive", message: "Its {what} {digest} is not there." },
  IMAGE_CONFIG_INVALID: {
    outcome: "inconclusive",
    message: "The image's config cannot be read: its {name} is not what it should be.",
    hint: "Build the image again; the tool that wrote it is at fault.",
  },
  SCHEMA_UNSUPPORTED: {
    outcome: "inconclusive",
    message: "The image's {what} is not of schema version 2.",
    hint: "Push and pull it with a Docker of this decade: schema 1 has no digest of the config.",
  },
  INDEX_IMAGES_UNSEEN: {
    outcome: "inconclusive",
    message: "None of the images that the index {digest} lists can be looked at: {images}.",
    hint: "Copy the image with all of its platforms.",
  },
  LAYER_ELSEWHERE: {
    outcome: "inconclusive",
    message: "The image's {at} lies elsewhere: its maker does not let it be copied.",
  },
} as const satisfies ErrorTable;
