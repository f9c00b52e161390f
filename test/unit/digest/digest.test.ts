import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  digestFromBytes32,
  digestKinds,
  digestToBytes32,
  isDigest,
  toDigest,
} from "../../../src/digest/digest.ts";

const hex = "0123456789abcdef".repeat(4);

describe("a digest", () => {
  it("is sha256: and 64 lowercase hex digits", () => {
    expect(toDigest(`sha256:${hex}`)).toBe(`sha256:${hex}`);
    for (const text of [
      "",
      hex,
      `sha256:${hex.slice(1)}`,
      `sha256:${hex}0`,
      `sha256:${hex.toUpperCase()}`,
      `sha512:${hex}`,
      ` sha256:${hex}`,
      `sha256:${hex}\n`,
    ]) {
      expect(isDigest(text)).toBe(false);
      expect(() => toDigest(text)).toThrow(expect.objectContaining({ code: "DIGEST_INVALID" }));
    }
  });

  it("goes to the contract's bytes and back", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const text = Buffer.from(bytes).toString("hex");
        const digest = toDigest(`sha256:${text}`);
        expect(digestToBytes32(digest)).toBe(`0x${text}`);
        expect(digestFromBytes32(digestToBytes32(digest))).toBe(digest);
        expect(digestFromBytes32(`0x${text.toUpperCase()}`)).toBe(digest);
      }),
    );
  });

  it("has a kind whose number the contract fixes", () => {
    expect(digestKinds.indexOf("config")).toBe(0);
    expect(digestKinds.indexOf("manifest")).toBe(1);
    expect(digestKinds.indexOf("index")).toBe(2);
    expect(digestKinds.indexOf("runtime")).toBe(3);
  });
});
