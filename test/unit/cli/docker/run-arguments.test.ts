import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ArgumentError, splitRunArguments } from "../../../../cli/docker/run-arguments.ts";
import { parseRunFlags } from "../../../../cli/docker/run-flags.ts";
import { findProgram } from "../../../support/programs.ts";

const help = `
Usage:  docker run [OPTIONS] IMAGE [COMMAND] [ARG...]

Create and run a new container from an image

Aliases:
  docker container run, docker run

Options:
      --add-host list                    Add a custom host-to-IP mapping (host:ip)
  -d, --detach                           Run container in background and
                                         print container ID --not-a-flag x
  -e, --env list                         Set environment variables
      --disable-content-trust            Skip image verification (default true)
  -h, --hostname string                  Container host name
      --init                             Run an init
  -i, --interactive                      Keep STDIN open even if not attached
      --a-flag-with-a-very-long-name-indeed string
                                         Its words stand below
      --pull string                      Pull image before running
                                         ("always"|"missing"|"never")
      --rm                               Automatically remove the container
  -t, --tty                              Allocate a pseudo-TTY
  -v, --volume list                      Bind mount a volume
`;
const flags = parseRunFlags(help);
const split = (...words: string[]) => splitRunArguments(words, () => flags);

describe("the flags that docker run's help tells of", () => {
  test("by name and letter, with whether a value follows", () => {
    expect(Object.fromEntries(flags)).toMatchObject({
      "add-host": true,
      d: false,
      detach: false,
      e: true,
      env: true,
      h: true,
      init: false,
      "a-flag-with-a-very-long-name-indeed": true,
      "disable-content-trust": false,
      net: true,
    });
    expect(flags.has("not-a-flag")).toBe(false);
  });

  test("a help without bounds is not read to its end", () => {
    const endless = Array.from({ length: 100_000 }, (_, at) => `      --flag${at}    Text`).join("\n");
    expect(parseRunFlags(endless).size).toBeLessThan(1100);
  });

  test.skipIf(findProgram("docker") === undefined)(
    "those of the docker command that is installed here",
    () => {
      const text = execFileSync("docker", ["run", "--help"], {
        encoding: "utf8",
        env: { ...process.env, DOCKER_HOST: "unix:///nonexistent" },
      });
      const installed = parseRunFlags(text);
      for (const name of ["rm", "d", "i", "t", "P", "init", "privileged", "read-only", "sig-proxy"]) {
        expect([name, installed.get(name)]).toEqual([name, false]);
      }
      for (const name of [
        "e",
        "env",
        "v",
        "p",
        "name",
        "network",
        "pull",
        "platform",
        "entrypoint",
        "h",
        "w",
        "l",
      ]) {
        expect([name, installed.get(name)]).toEqual([name, true]);
      }
    },
  );
});

describe("where the image stands among docker run's arguments", () => {
  test.each([
    [["box"], [], "box", []],
    [["box", "--rm", "-it"], [], "box", ["--rm", "-it"]],
    [["--rm", "-it", "box", "sh"], ["--rm", "-it"], "box", ["sh"]],
    [["-e", "A=b", "box"], ["-e", "A=b"], "box", []],
    [["-eA=b", "--env=C=d", "--env", "E", "box"], ["-eA=b", "--env=C=d", "--env", "E"], "box", []],
    [["-itv", "/a:/b", "box"], ["-itv", "/a:/b"], "box", []],
    [["-itv/a:/b", "box"], ["-itv/a:/b"], "box", []],
    [["-v=/a:/b", "-i=false", "box"], ["-v=/a:/b", "-i=false"], "box", []],
    [["-h", "box", "real"], ["-h", "box"], "real", []],
    [["--net", "host", "box"], ["--net", "host"], "box", []],
    [["--env", "--rm", "box"], ["--env", "--rm"], "box", []],
    [["--env", "", "box"], ["--env", ""], "box", []],
    [["--rm", "--", "box", "--", "x"], ["--rm"], "box", ["--", "x"]],
    [["--", "--rm"], [], "--rm", []],
    [["--newer=yes", "box"], ["--newer=yes"], "box", []],
    [["-"], [], "-", []],
    [["--rm"], ["--rm"], undefined, []],
  ])("%j", (words, dockerFlags, image, rest) => {
    const { own, ...found } = split(...words);
    expect(found).toMatchObject({ dockerFlags, image, rest });
    expect([...own]).toEqual([]);
  });

  test("our own options are taken out, before the image alone", () => {
    const found = split("--rm", "--org", "acme", "--depth=id", "--json", "-e", "--org", "box", "--org", "x");
    expect(found).toMatchObject({ dockerFlags: ["--rm", "-e", "--org"], image: "box", rest: ["--org", "x"] });
    expect([...found.own]).toEqual([
      ["org", "acme"],
      ["depth", "id"],
      ["json", ""],
    ]);
  });

  test("flags and their values can be read", () => {
    const { flags: read } = split("-ite", "A=b", "--pull=never", "--init", "box");
    expect(read).toEqual([
      { name: "i", value: undefined },
      { name: "t", value: undefined },
      { name: "e", value: "A=b" },
      { name: "pull", value: "never" },
      { name: "init", value: undefined },
    ]);
  });

  test.each([
    [["--unheard", "of", "box"]],
    [["-iZ", "box"]],
    [["--env"]],
    [["-e"]],
    [["--org"]],
    [["--json=1", "box"]],
  ])("%j cannot be told apart", (words) => {
    expect(() => split(...words)).toThrow(ArgumentError);
  });

  test("without flags nobody is asked for them", () => {
    const asked = (): never => {
      throw new Error("asked");
    };
    expect(splitRunArguments(["box", "-it"], asked).image).toBe("box");
  });

  test("docker gets what was typed, word by word, but for our own options", () => {
    const word = fc.oneof(
      fc.constantFrom(
        "--rm",
        "-it",
        "-e",
        "--env",
        "A=b",
        "box",
        "--",
        "-",
        "--name=x",
        "-v",
        "-iv/a:/b",
        "--pull",
      ),
      fc.string({ maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (words) => {
        let found: ReturnType<typeof split>;
        try {
          found = split(...words);
        } catch (error) {
          return error instanceof ArgumentError;
        }
        const { dockerFlags, image, rest } = found;
        const tail = image === undefined ? [] : [image, ...rest];
        const whole = [...dockerFlags, ...tail];
        const cut = [...dockerFlags, "--", ...tail];
        return [whole, cut].some((one) => JSON.stringify(one) === JSON.stringify(words));
      }),
      { numRuns: 1000 },
    );
  });
});
