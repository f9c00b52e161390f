// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of compose are written like that
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readCompose, readComposeFile } from "../../../src/audit/compose.ts";
import type { Finding } from "../../../src/audit/place.ts";
import { temporaryDirectory } from "../../support/embedded-chain.ts";
import { codeOf } from "../../support/errors.ts";

/** Each finding in one line: the service, its line, and its image or that it is not read. */
const lines = (findings: readonly Finding[]): string[] =>
  findings.map((finding) => {
    const { place, image } = finding;
    return `${place.line} ${place.name} ${"key" in finding ? image : finding.isBuilt ? "(built)" : "(unread)"}`;
  });
const read = (text: string, environment = {}): Finding[] => readCompose(text, "compose.yaml", environment);

test("the images of all services, with the lines on which they stand", () => {
  const text = `name: shop
x-base: &base
  image: acme/base:1
  restart: always
services:
  web:
    image: "acme/web:\${TAG:-2}"
    build: .
  worker:
    <<: *base
  db:
    image: postgres:16@sha256:${"a".repeat(64)}
    profiles: [tools]
    volumes:
      - data:/var
      - {type: image, source: acme/seed:1, target: /seed}
  copy:
    extends: {service: web}
  deeper:
    extends: copy
volumes:
  data:
`;
  const findings = read(text);
  expect(lines(findings)).toEqual([
    "7 web acme/web:2",
    "3 worker acme/base:1",
    `12 db postgres:16@sha256:${"a".repeat(64)}`,
    "16 db acme/seed:1",
    "7 copy acme/web:2",
    "7 deeper acme/web:2",
  ]);
  expect(lines(read(text, { TAG: "3" }))[0]).toBe("7 web acme/web:3");
});

describe("what cannot be known is not passed over", () => {
  test.each([
    ["services: {web: {build: .}}", ["1 web (built)"]],
    [
      "services: {web: {extends: other}, other: {build: .}, x: {image: a}}",
      ["1 web (built)", "1 other (built)", "1 x a"],
    ],
    ["include: [other.yaml]\nservices: {web: {image: a}}", ["1 include (unread)", "2 web a"]],
    ["include: [other.yaml]", ["1 include (unread)"]],
    ["services:\n  web:\n    extends: {file: other.yaml, service: web}", ["3 web (unread)"]],
    ["services: {web: {extends: gone}}", ["1 web (unread)"]],
    ["services: {a: {extends: b}, b: {extends: a}}", ["1 a (unread)", "1 b (unread)"]],
    ["services: {web: {image: 1.10}}", ["1 web (unread)"]],
    ["services: {web: {image: Not An Image}}", ["1 web (unread)"]],
    ["services: {web: {image: 'acme/$GONE:1'}}", ["1 web (unread)"]],
    ["services: {web: {image: '${GONE:?say which}'}}", ["1 web (unread)"]],
    // Compose knows no transports: this is an image of Docker Hub, and no file here.
    ["services: {web: {image: 'oci:layout'}}", ["1 web docker.io/library/oci:layout"]],
    ["services: {web: {image: 'docker-archive:x.tar'}}", ["1 web docker.io/library/docker-archive:x.tar"]],
    ["services: {web: {image: 'docker-archive:/etc/x.tar'}}", ["1 web (unread)"]],
    ["services: {web: {image: 'docker://acme/x'}}", ["1 web (unread)"]],
    ["services: {web: {}}", ["1 web (unread)"]],
    ["services: {web: null}", ["1 web (unread)"]],
    ["services: [web]", ["1  (unread)"]],
    ["version: '3'", ["1  (unread)"]],
    ["[1, 2]", ["1  (unread)"]],
  ])("%s", (text, expected) => {
    expect(lines(read(text))).toEqual(expected);
  });

  test.each([
    "services: {web: {image: a}, web: {image: b}}",
    "services: *gone",
    "a: [".repeat(2000),
    `a: &a [x,x]\n${"bcdefghijklmnopqrst"
      .split("")
      .map((name, at) => `${name}: &${name} [${new Array(9).fill(`*${"abcdefghijklmnopqrs"[at]}`).join()}]`)
      .join("\n")}`,
  ])("a file that means nothing, or too much, is refused (%#)", async (text) => {
    expect(await codeOf(async () => read(text))).toMatch(/YAML_INVALID|YAML_TOO_LARGE/);
  });
});

test("a folder's compose file is found; .env beside it fills in, the environment counts more", async () => {
  await using directory = await temporaryDirectory();
  const folder = join(directory.path, "project");
  await mkdir(folder);
  expect(await codeOf(() => readComposeFile(folder, {}))).toBe("COMPOSE_FILE_MISSING");
  await writeFile(join(folder, "docker-compose.yml"), "services: {web: {image: 'acme/old'}}");
  await writeFile(join(folder, "compose.yaml"), "services: {web: {image: 'acme/api:$TAG'}}");
  await writeFile(join(folder, ".env"), "TAG=7\n");
  expect(lines(await readComposeFile(folder, {}))).toEqual(["1 web acme/api:7"]);
  expect(lines(await readComposeFile(join(folder, "compose.yaml"), { TAG: "8" }))).toEqual([
    "1 web acme/api:8",
  ]);
  expect(await codeOf(() => readComposeFile(join(folder, "gone.yaml"), {}))).toBe("YAML_FILE_MISSING");
});
