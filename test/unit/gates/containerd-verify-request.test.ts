import { describe, expect, it } from "vitest";
import {
  type PullQuestion,
  readPullQuestion,
  toPulledFacts,
} from "../../../src/gates/containerd/verify-request.ts";
import { codeOf } from "../../support/errors.ts";

const digest = `sha256:${"a".repeat(64)}`;
const other = `sha256:${"b".repeat(64)}`;
const manifest = "application/vnd.oci.image.manifest.v1+json";

const pull = (descriptor: unknown, more: Partial<PullQuestion> = {}): PullQuestion => ({
  name: "docker.io/acme/api:1",
  digest,
  stdinMediaType: "application/vnd.oci.descriptor.v1+json",
  stdin: Buffer.from(typeof descriptor === "string" ? descriptor : JSON.stringify(descriptor)),
  ...more,
});
const descriptor = (more: object = {}): object => ({ mediaType: manifest, digest, size: 400, ...more });
const codes = (question: PullQuestion): Promise<string> => codeOf(async () => toPulledFacts(question));

describe("what containerd says of an image", () => {
  it("is its name and the digest that its registry gave", () => {
    const name = (text: string) => toPulledFacts(pull(descriptor(), { name: text })).name;
    expect(toPulledFacts(pull(descriptor()))).toMatchObject({
      image: "docker.io/acme/api:1",
      depth: "manifest",
      subjects: [{ kind: "manifest", digest, platform: "" }],
      corruptions: [],
      id: digest,
    });
    expect(name("docker.io/acme/api:1")).toEqual({
      repository: "docker.io/acme/api",
      tag: "1",
      carried: true,
    });
    expect(name(`registry.acme.io:5000/api@${digest}`)).toEqual({
      repository: "registry.acme.io:5000/api",
      tag: "",
      carried: true,
    });
    expect(name(`docker.io/library/api:1@${digest}`)?.tag).toBe("1");
  });

  it("is of the kind that its media type says", () => {
    const kindOf = (mediaType: string) => toPulledFacts(pull(descriptor({ mediaType }))).subjects[0]?.kind;
    expect(kindOf(manifest)).toBe("manifest");
    expect(kindOf("application/vnd.docker.distribution.manifest.v2+json")).toBe("manifest");
    expect(kindOf("application/vnd.oci.image.index.v1+json")).toBe("index");
    expect(kindOf("application/vnd.docker.distribution.manifest.list.v2+json")).toBe("index");
  });

  it("is refused where it is of another type, or of none", async () => {
    const types = [
      "application/vnd.docker.distribution.manifest.v1+prettyjws",
      "application/vnd.oci.image.config.v1+json",
      "application/vnd.oci.image.manifest.v1+json; charset=utf-8",
      "APPLICATION/VND.OCI.IMAGE.MANIFEST.V1+JSON",
      "",
    ];
    for (const mediaType of types)
      expect([mediaType, await codes(pull(descriptor({ mediaType })))]).toEqual([
        mediaType,
        "PULL_NOT_AN_IMAGE",
      ]);
    expect(await codes(pull(descriptor({ mediaType: 1 })))).toBe("JSON_INVALID");
    expect(await codes(pull(descriptor(), { stdinMediaType: "application/json" }))).toBe("PULL_UNREADABLE");
  });

  it("is refused where its parts do not agree about the digest", async () => {
    expect(await codes(pull(descriptor({ digest: other })))).toBe("PULL_UNREADABLE");
    expect(await codes(pull(descriptor(), { digest: other }))).toBe("PULL_UNREADABLE");
    expect(await codes(pull(descriptor(), { digest: "" }))).toBe("PULL_UNREADABLE");
    expect(await codes(pull(descriptor(), { name: `docker.io/acme/api:1@${other}` }))).toBe(
      "PULL_UNREADABLE",
    );
    const sha512 = `sha512:${"a".repeat(128)}`;
    expect(await codes(pull(descriptor({ digest: sha512 }), { digest: sha512 }))).toBe("DIGEST_UNSUPPORTED");
    expect(await codes(pull(descriptor(), { name: `docker.io/acme/api@${sha512}` }))).toBe(
      "REFERENCE_INVALID",
    );
  });

  it("is refused where two readers could take it for different things", async () => {
    const texts = [
      "",
      "null",
      "[]",
      "{",
      `${JSON.stringify(descriptor())} {}`,
      `{"mediaType":"${manifest}","digest":"${other}","digest":"${digest}","size":1}`,
      `{"mediaType":"${manifest}","digest":"${digest}","Digest":"${other}","size":1}`,
      `{"mediaType":"${manifest}","digest":"${digest}"}`,
      `{"mediaType":"${manifest}","digest":"${digest}","size":-1}`,
    ];
    for (const text of texts) expect([text, await codes(pull(text))]).toEqual([text, "JSON_INVALID"]);
    const large = descriptor({ annotations: { x: "x".repeat(70_000) } });
    expect(await codes(pull(large))).toBe("JSON_TOO_LARGE");
    for (const name of [
      "",
      "docker.io/ACME/api:1",
      "docker.io/acme/api:1\n",
      "docker.io/acme/../api:1",
      "x".repeat(5000),
    ])
      expect([name, await codes(pull(descriptor(), { name }))]).toEqual([name, "REFERENCE_INVALID"]);
  });
});

describe("the verifier's question", () => {
  const sent = (more: object = {}): Buffer =>
    Buffer.from(JSON.stringify({ name: "x", digest, stdinMediaType: "y", stdin: "e30=", ...more }));

  it("is read as it was sent", () => {
    expect(readPullQuestion(sent())).toEqual({
      name: "x",
      digest,
      stdinMediaType: "y",
      stdin: Buffer.from("{}"),
    });
  });

  it("is none where it is malformed", () => {
    const questions = [
      Buffer.from(""),
      Buffer.from("null"),
      Buffer.from([255, 254]),
      sent({ stdin: "not base64!" }),
      sent({ stdin: null }),
      sent({ name: 1 }),
      sent({ Name: "z" }),
      Buffer.from(`{"name":"a","name":"b","digest":"","stdinMediaType":"","stdin":""}`),
    ];
    for (const question of questions) expect(readPullQuestion(question)).toBeUndefined();
  });
});
