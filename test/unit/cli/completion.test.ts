import { describe, expect, test } from "vitest";
import { readLine } from "../../../cli/completion/line.ts";
import { createProgram } from "../../../cli/program.ts";
import { commandLine } from "../../support/command-line.ts";

const program = createProgram(commandLine());
/** What may stand where the last word is. */
const read = (...words: string[]) => {
  const { wanted, ...line } = readLine(program, words);
  return { ...line, kinds: wanted.map(({ kind }) => kind), wanted };
};
const values = (...words: string[]): string[] =>
  read(...words).wanted.flatMap((one) => (one.kind === "values" ? one.values.map(({ value }) => value) : []));

describe("a line that is completed", () => {
  test("begins with a command, and goes on with its own", () => {
    expect(values("")).toEqual(expect.arrayContaining(["verify", "doctor", "completion", "help"]));
    expect(values("")).not.toContain("__complete");
    expect(values("help", "")).toContain("verify");
    expect(values("gate", "docker", "")).toEqual(["install", "uninstall", "status"]);
    expect(values("completion", "")).toEqual(["bash", "zsh", "fish"]);
  });

  test("has names where they are meant", () => {
    expect(read("verify", "").kinds).toEqual(["images"]);
    expect(read("verify", "one", "two").kinds).toEqual(["images"]);
    expect(read("revoke", "").kinds).toEqual(["images"]);
    expect(read("diff", "one", "").kinds).toEqual([]);
    expect(read("org", "show", "").kinds).toEqual(["organisations"]);
    expect(read("org", "add-signer", "").kinds).toEqual(["organisations"]);
    expect(read("org", "create", "").kinds).toEqual([]);
    expect(read("account", "use", "").kinds).toEqual(["accounts"]);
    expect(read("backup", "").kinds).toEqual(["files"]);
  });

  test("has an option's values behind it, in the same word or the next", () => {
    expect(values("verify", "--depth", "")).toEqual(["id", "manifest", "content", "runtime"]);
    expect(read("verify", "--depth=co")).toMatchObject({ text: "co", before: "--depth=" });
    expect(read("sign", "--account", "").kinds).toEqual(["accounts"]);
    expect(read("sign", "--org", "acme", "").kinds).toEqual(["images"]);
    expect(read("sign", "-o", "").kinds).toEqual(["files"]);
    expect(read("sign", "--json", "").kinds).toEqual(["images"]);
    expect(read("sign", "--expires", "").kinds).toEqual([]);
    expect(read("sign", "--unknown", "").kinds).toEqual(["images"]);
    expect(read("verify", "--home", "").kinds).toEqual(["directories"]);
    expect(values("verify", "--")).toContain("--depth");
    expect(read("verify", "--", "--depth").kinds).toEqual(["images"]);
  });

  test("is read whatever has been typed: quotes, and options of every level", () => {
    expect(read("--home", "/elsewhere", "verify", '"acme/ap')).toMatchObject({
      kinds: ["images"],
      text: "acme/ap",
      options: { home: "/elsewhere" },
    });
    expect(read("verify", "--home=/x", "").options).toEqual({ home: "/x" });
    expect(() => read("nonsense", "--what", "-x", "--", "--", "")).not.toThrow();
    expect(() => readLine(program, [])).not.toThrow();
  });
});
