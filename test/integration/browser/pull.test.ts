import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { removeImages, TestBrowser } from "../../support/browser.ts";
import { runProcess } from "../../support/cli.ts";
import { describeOnEngines } from "../../support/engines.ts";
import { OwnChain, password } from "../../support/own-chain.ts";
import { hasRegistry, RegistryServer } from "../../support/registry-server.ts";
import { busybox, makeRunnableImage } from "../../support/runnable-image.ts";

describe.skipIf(busybox === undefined || !hasRegistry)("a pull from a registry", () => {
  describeOnEngines("into an engine", ({ name: store, host }) => {
    let chain: OwnChain;
    let registry: RegistryServer;
    let open: TestBrowser;
    let name: string;

    beforeAll(async () => {
      [chain, registry] = await Promise.all([OwnChain.start(), RegistryServer.start()]);
      name = `${registry.address}/acme/api:1`;
      open = await TestBrowser.open(chain.home, host);
    });
    afterAll(async () => {
      await open?.[Symbol.asyncDispose]();
      await removeImages(host, [name]);
      await Promise.all([chain?.[Symbol.asyncDispose](), registry?.[Symbol.asyncDispose]()]);
    });

    const push = async (): Promise<void> => {
      const { code, stderr } = await runProcess("docker", ["--host", host, "push", name], { env: open.env });
      expect(code, stderr).toBe(0);
    };

    it("fetches what was signed, with its progress, and shows it verified", async () => {
      makeRunnableImage(host, name, "signed");
      const { tasks, images } = open.browser;
      images.refresh();
      await push();
      await open.judged(name, "unsigned");
      await open.over(tasks.sign(name, password));
      await open.judged(name, "verified");
      await removeImages(host, [name]);
      images.refresh();
      await open.until("it to be gone", images, () => open.row(name) === undefined);

      const task = tasks.pull(name);
      expect(task.stage).toBe("pulling");
      const counted: number[] = [];
      task.subscribe(() => counted.push(task.progress?.bytes ?? 0));
      await open.over(task);
      expect(task.stage, JSON.stringify([task.error, task.lines])).toBe("done");
      expect(task.verdict).toMatchObject({ status: "verified", image: name });
      expect(Math.max(...counted)).toBeGreaterThan(0);
      await open.judged(name, "verified");
    });

    it("does not fetch what was put in its place", async () => {
      makeRunnableImage(host, name, "smuggled in");
      await push();
      await removeImages(host, [name]);
      const { tasks } = open.browser;
      const task = await open.over(tasks.pull(name));
      if (store === "classic") {
        // The claim names no manifest by which the registry could be asked for the image itself.
        expect(task).toMatchObject({ stage: "failed", error: { code: "MISMATCH" } });
        expect(task.error?.message).toContain("the registry serves");
      } else {
        expect(task).toMatchObject({ stage: "done", verdict: { status: "verified" } });
        await open.judged(name, "verified");
      }
    });

    it("refuses what nobody signed, and says so", async () => {
      const task = await open.over(open.browser.tasks.pull(`${registry.address}/acme/other:1`));
      expect(task).toMatchObject({ stage: "failed", error: { code: "UNSIGNED" } });
      expect(task.verdict?.status).toBe("unsigned");
    });
  });
});
