import { describe, expect, test } from "vitest";
import { toSignerUrl } from "../../../src/signature/external-signer.ts";
import { codeOf } from "../../support/errors.ts";

describe("toSignerUrl", () => {
  test.each([
    ["http://127.0.0.1:8550", "http://127.0.0.1:8550/"],
    ["http://localhost:8550/", "http://localhost:8550/"],
    ["http://[::1]:8550", "http://[::1]:8550/"],
    ["https://signer.acme.io/eth1", "https://signer.acme.io/eth1"],
    ["unix:/run/clef.ipc", "unix:/run/clef.ipc"],
    ["unix:///run/clef.ipc", "unix:///run/clef.ipc"],
    ["/run/my signer?.ipc", "unix:/run/my%20signer%3F.ipc"],
  ])("takes %s", (text, url) => {
    expect(toSignerUrl(text)).toBe(url);
  });

  test.each([
    "",
    "8550",
    "localhost:8550",
    "http://10.0.0.7:8550",
    "http://127.0.0.1.evil.io",
    "http://signer.acme.io",
    "unix:clef.ipc",
    "unix://host/clef.ipc",
    "ws://127.0.0.1:8550",
    "file:///etc/passwd",
  ])("refuses %s", async (text) => {
    expect(await codeOf(() => toSignerUrl(text))).toBe("SIGNER_URL_INVALID");
  });

  test("refuses a secret, which is not repeated", async () => {
    const error = await Promise.resolve()
      .then(() => toSignerUrl("https://user:secret@signer.acme.io"))
      .catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "SIGNER_URL_HOLDS_SECRET" });
    expect(`${error.message} ${error.hint}`).not.toContain("secret@");
  });
});
