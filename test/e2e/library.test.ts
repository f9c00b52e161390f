import { describe, expect, test } from "vitest";
import { writeOciLayout } from "../../src/index.ts";
import { CliHome, runProcess } from "../support/cli.ts";

/** A program as a user of the package writes it. */
const program = `
  import { connect, defaultPolicy, homeAt, openImage, verifyImage } from "daochain";
  const [image, home] = process.argv.slice(1);
  const verdict = await verifyImage(image, () => openImage(image), () => connect(homeAt(home)), defaultPolicy);
  console.log(verdict.status);
`;

describe("the built package", () => {
  test("is a library too: verdicts without the command line", async () => {
    await using home = await CliHome.create();
    await writeOciLayout({ directory: home.path("app"), tag: "1.0", files: { hello: "hello" } });
    const image = `oci:${home.path("app")}:1.0`;
    const verify = async (): Promise<string> => {
      const arguments_ = ["--input-type=module", "--eval", program, "--", image, home.path("home")];
      const { stdout, stderr } = await runProcess(process.execPath, arguments_);
      return (stdout + stderr).trim();
    };
    expect(await verify()).toBe("inconclusive");
    await home.run(["up"]);
    expect(await verify()).toBe("unsigned");
    await home.run(["sign", image]);
    expect(await verify()).toBe("verified");
  });
});
