import { expect, test } from "vitest";
import { countStatuses, formatAudit, toAuditJson, worstFirst } from "../../../../cli/output/audit.ts";
import { toHtml } from "../../../../cli/output/html.ts";
import { toSarif } from "../../../../cli/output/sarif.ts";
import { styleFor } from "../../../../cli/output/style.ts";
import { wordsIn } from "../../../../cli/words/words.ts";
import type { AuditedImage } from "../../../../src/audit/audit.ts";
import type { Place } from "../../../../src/audit/place.ts";
import { translatorFor } from "../../../../src/messages/translator.ts";
import { aboutImage } from "../../../../src/verdict/decide.ts";
import { type VerdictStatus, verdictStatuses } from "../../../../src/verdict/verdict.ts";
import { spoken } from "../../../support/command-line.ts";
import { digest, words } from "../../../support/evidence.ts";

const hostile = `<script>alert("1")</script>&'\u001b[2J\u202e`;

function audited(
  status: VerdictStatus,
  image: string,
  where: readonly Place[] = [{ kind: "image", name: image }],
  reasons: readonly string[] = [`because of ${digest(7)}`],
): AuditedImage {
  const verdict = { ...aboutImage(image, undefined, 0), status, reasons: reasons.map(words) };
  return { verdict, where, isBuilt: false };
}
const everyStatus = (Object.keys(verdictStatuses) as VerdictStatus[]).map((status) =>
  audited(status, `a/${status}`),
);

interface Sarif {
  readonly $schema: string;
  readonly version: string;
  readonly runs: readonly {
    readonly tool: {
      readonly driver: { readonly name: string; readonly rules: readonly { readonly id: string }[] };
    };
    readonly originalUriBaseIds: Record<string, { readonly uri: string }>;
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly locations: readonly {
        readonly physicalLocation?: {
          readonly artifactLocation: { readonly uri: string; readonly uriBaseId?: string };
          readonly region?: { readonly startLine: number };
        };
        readonly logicalLocations?: readonly { readonly name: string; readonly fullyQualifiedName: string }[];
      }[];
      readonly partialFingerprints: Record<string, string>;
    }[];
  }[];
}
const sarif = (images: readonly AuditedImage[]): Sarif["runs"][number] => {
  const log = JSON.parse(toSarif(images)) as Sarif;
  expect(log.version).toBe("2.1.0");
  expect(log.runs).toHaveLength(1);
  return log.runs[0] as Sarif["runs"][number];
};

test("the worst comes first, and each status is counted", () => {
  const sorted = worstFirst(everyStatus);
  expect(sorted.map(({ verdict }) => verdict.status)).toEqual([
    "corrupt",
    "revoked",
    "mismatch",
    "untrusted",
    "denied",
    "expired",
    "superseded",
    "unsigned",
    "pending",
    "inconclusive",
    "verified",
  ]);
  expect(countStatuses([...sorted, audited("verified", "another")], spoken)).toMatch(
    /^12 images: 1 corrupt, .*, 2 verified$/,
  );
  expect(countStatuses([audited("verified", "one")], spoken)).toBe("1 image: 1 verified");
});

test("the table has a line for each image, no more than it can show, and no control characters", () => {
  const places: Place[] = [1, 2, 3, 4, 5].map((line) => ({
    kind: "compose",
    name: "web",
    file: "c.yaml",
    line,
  }));
  const lines = formatAudit([audited("revoked", hostile, places), audited("verified", "a/b:1")], {
    ...spoken,
    style: styleFor(false),
  });
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/^STATUS +IMAGE +WHERE +BECAUSE$/);
  expect(lines[1]).toContain("c.yaml:1 (web), c.yaml:2 (web), c.yaml:3 (web), and 2 more");
  expect(lines[1]).toMatch(/because of sha256:0{12}$/);
  expect(lines.join("")).not.toMatch(/[\u001b\u202e]/);
  expect(formatAudit([audited("revoked", "x")], { ...spoken, style: styleFor(true) })[1]).toMatch(
    /^\u001b\[31mrevoked\u001b\[39m/,
  );
});

test("JSON is a verdict with its places", () => {
  const image = audited("unsigned", "a/b:1");
  expect(toAuditJson(image)).toEqual({ ...image.verdict, where: [{ kind: "image", name: "a/b:1" }] });
});

test("SARIF: a rule for each status but verified, and a result for each place of what is not verified", () => {
  const { tool, results } = sarif(everyStatus);
  const ids = tool.driver.rules.map(({ id }) => id);
  expect([...ids, "verified"].sort()).toEqual(Object.keys(verdictStatuses).sort());
  expect(results.map(({ ruleId }) => ruleId).sort()).toEqual([...ids].sort());
  for (const { ruleId, ruleIndex, level, message, locations } of results) {
    expect(ids[ruleIndex]).toBe(ruleId);
    expect(level).toBe(ruleId === "pending" || ruleId === "inconclusive" ? "warning" : "error");
    expect(message.text).not.toBe("");
    expect(locations).toHaveLength(1);
  }
});

test("SARIF: places in files have their line, relative to where the audit ran; others a name", () => {
  const { results, originalUriBaseIds } = sarif([
    audited("unsigned", "a/b:1", [
      { kind: "compose", name: "web", file: "./my dir/compose%.yaml", line: 7 },
      { kind: "list", name: "", file: "/abs/list", line: 1 },
      { kind: "container", name: "web-1" },
    ]),
  ]);
  const [first, second, third] = results.map(({ locations }) => locations[0]);
  expect(first?.physicalLocation).toEqual({
    artifactLocation: { uri: "my%20dir/compose%25.yaml", uriBaseId: "ROOT" },
    region: { startLine: 7 },
  });
  expect(first?.logicalLocations?.[0]).toMatchObject({ name: "web", fullyQualifiedName: "compose/web" });
  expect(second?.physicalLocation?.artifactLocation).toEqual({ uri: "file:///abs/list" });
  expect(third?.physicalLocation).toBeUndefined();
  expect(third?.logicalLocations?.[0]).toMatchObject({
    name: "web-1",
    fullyQualifiedName: "container/web-1",
  });
  expect(originalUriBaseIds["ROOT"]?.uri).toMatch(/^file:\/\/\/.*\/$/);
});

test("SARIF: a fingerprint stays when lines move and words change, and differs from place to place", () => {
  const of = (image: AuditedImage) => sarif([image]).results[0]?.partialFingerprints["imagePlace/v1"];
  const at = (line: number, file = "c.yaml"): Place[] => [{ kind: "compose", name: "web", file, line }];
  const one = of(audited("unsigned", "a/b:1", at(1)));
  expect(one).toMatch(/^[0-9a-f]{64}$/);
  expect(of(audited("unsigned", "a/b:1", at(9), ["other words"]))).toBe(one);
  expect(of(audited("unsigned", "a/b:1", at(1, "d.yaml")))).not.toBe(one);
  expect(of(audited("revoked", "a/b:1", at(1)))).not.toBe(one);
  const built = { ...audited("inconclusive", "c.yaml: web", at(1)), isBuilt: true };
  expect(sarif([built]).results[0]?.level).toBe("note");
});

test("the report holds no script, refers to nothing, and what is hostile is text in it", () => {
  const images = [
    audited("revoked", hostile, [{ kind: "container", name: hostile }], [hostile]),
    audited("verified", "a/b:1"),
  ];
  const html = toHtml(images, new Date(0), spoken);
  expect(html).toContain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;");
  expect(html).not.toMatch(/<script|\bon\w+=|<link|<img|<iframe|src=|href=|url\(|@import|[\u001b\u202e]/i);
  expect(html).toContain("default-src 'none'");
  expect(html).toContain("prefers-color-scheme:dark");
  expect(html).toContain("@media print");
  expect(html.indexOf("1 of 2 images are not verified")).toBeLessThan(html.indexOf(">Not verified<"));
  expect(html.indexOf(">Not verified<")).toBeLessThan(html.indexOf(">Verified<"));
  expect(toHtml([], new Date(0), spoken)).toContain("Nothing was found");
  expect(toHtml([audited("verified", "a")], new Date(0), spoken)).not.toContain(">Not verified<");
});

test("the table and the report are in the reader's language; SARIF and statuses stay English", async () => {
  const images = [
    audited("revoked", "a/b:1", [{ kind: "container", name: "web" }]),
    audited("verified", "a/b:2"),
  ];
  const chinese = { words: await wordsIn("zh"), translator: await translatorFor("zh") };
  const lines = formatAudit(images, { ...chinese, style: styleFor(false) });
  expect(lines[0]).toMatch(/^状态 +镜像 +位置 +原因$/);
  expect(lines[1]).toMatch(/^revoked .*容器 web/);
  expect(countStatuses(images, chinese)).toBe("2 个镜像：1 revoked、1 verified");
  const html = toHtml(images, new Date(0), chinese);
  expect(html).toContain('<html lang="zh">');
  expect(html.indexOf("2 个镜像中有 1 个未通过验证。")).toBeLessThan(html.indexOf(">未通过验证<"));
  expect(html.replace(/<style>.*<\/style>/s, "").replace(/<[^>]*>/g, " ")).not.toMatch(
    /\b(?:Status|Image|Where|Because|Verified|container|audit)\b/,
  );
  expect(toSarif(images)).not.toMatch(/\p{Script=Han}/u);
  expect(sarif(images).results[0]?.message.text).toContain("(container web)");
});
