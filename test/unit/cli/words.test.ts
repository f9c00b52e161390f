import { describe, expect, test } from "vitest";
import { sourceFiles } from "../../support/imports.ts";
import { readsLikeSentence, type Sentence, sentencesIn } from "../../support/sentences.ts";

/** Where sentences stand. */
const homes = ["cli/words/", "src/messages/"];

/** Texts that no person reads in a language of their own. Each stands here with its reason. */
const exceptions: readonly {
  readonly where: RegExp;
  readonly text?: RegExp;
  readonly why: string;
}[] = [
  { where: /^cli\/output\/sarif\.ts$/, why: "SARIF is for programs, and English in every language" },
  {
    where: /^cli\/install\/verifier-wrapper\.ts$/,
    text: /^#!\/bin\/sh/,
    why: "a script that is written into a machine",
  },
  {
    where: /^cli\/install\/containerd-config\.ts$/,
    text: /^… config dump$/,
    why: "a command of containerd's",
  },
  {
    where: /^cli\/actions\/gate-\w+-install\.ts$/,
    text: /^DaoChain's gate of /,
    why: "the description in a systemd unit",
  },
  { where: /^cli\/completion\/scripts\.ts$/, why: "programs of shells" },
  { where: /^cli\/actions\/demo\.ts$/, text: /built\n$/, why: "what the demo's images hold" },
  {
    where: /^cli\/(?:lost-output|start)\.ts$/,
    why: "said where no catalogue may be loaded: stdout is lost, or Node is too old to load one",
  },
  {
    where: /^cli\/containerd-verifier\.ts$/,
    why: "answers to containerd, which passes them on to readers whose language is not known",
  },
  { where: /^src\/gates\/(?:kubernetes\/review-)?metrics\.ts$/, why: "help texts of Prometheus metrics" },
  {
    where: /^src\/gates\/(?:docker|containerd|kubernetes)\//,
    text: /^(?:refused: |there is nothing here|reviews are posted|a review is JSON|it does not decide|too (?:many|much) |the gate failed|th(?:e|is) (?:review|is) )/,
    why: "answers over HTTP to engines and API servers, whose readers' language is not known",
  },
  {
    where: /^src\/embedded-chain\/rpc-server\.ts$/,
    why: "answers over HTTP to wallets and other clients of the chain",
  },
  {
    where: /^src\/embedded-chain\/process\.ts$/,
    text: /^(?:serving …|block …)/,
    why: "lines of the chain's log",
  },
  {
    where: /^src\/image\/(?:tar|rootfs)\//,
    why: "what exactly is wrong with an entry of a tar or a layer, for whoever mends the tool that wrote it: a part of sentences",
  },
  {
    where: /^src\/catalogue\/(?:abi|apply-events|events|follow|index-writer|revocations|subjects)\.ts$/,
    why: "what exactly an endpoint tells that cannot be, for whoever runs it: a part of HISTORY_IMPOSSIBLE",
  },
  {
    where:
      /^src\/embedded-chain\/(?:block-producer|edr-engine|logs|metrics|rpc-dispatch|rpc-methods|rpc-parameters|transaction-pool)\.ts$/,
    why: "JSON-RPC errors and metrics, for programs",
  },
  {
    where:
      /^src\/gates\/(?:docker\/requests|kubernetes\/(?:gate|review)|containerd\/serve|socket-server)\.ts$/,
    why: "answers to engines and API servers, whose readers' language is not known",
  },
  {
    where: /^src\/image\/docker\//,
    text: /(?:by|of) the Docker daemon$|^Docker info$|^GET |^a blob in containerd's store$|^it ends too early$/,
    why: "names of an engine's answers and blobs, as errors about JSON give them",
  },
  {
    where: /^src\/image\//,
    text: /^(?:layer … of …, …|(?:config|manifest) of …|manifests and blobs)$/,
    why: "places within an image",
  },
  {
    where: /^src\/image\/registry\/(?:authorizer|credential-helper|transport)\.ts$/,
    text: /token server|^credentials not found$|^The proxy hung up\.$/,
    why: "a host's name; what helpers and undici say",
  },
  {
    where: /^src\/contract\/history\.ts$/,
    text: /^display name changed$/,
    why: "JSON's name of an act, which cli/words/acts says to people",
  },
];

const isExcepted = ({ file, text }: Sentence): boolean =>
  exceptions.some((one) => one.where.test(file) && (one.text?.test(text) ?? true));

describe("sentences", () => {
  const all = sourceFiles("cli", "src")
    .filter((file) => !homes.some((home) => file.startsWith(home)))
    .flatMap((file) => sentencesIn(file));

  test("stand in the catalogue of words, and nowhere else", () => {
    const found = all
      .filter((sentence) => !isExcepted(sentence))
      .map(({ file, line, text }) => `${file}:${line} ${JSON.stringify(text)}`);
    expect(found).toEqual([]);
  });

  test("that are excepted are still there", () => {
    const unused = exceptions.filter(
      ({ where, text }) => !all.some((one) => where.test(one.file) && (text?.test(one.text) ?? true)),
    );
    expect(unused.map(({ why }) => why)).toEqual([]);
  });

  test.each([
    "Nothing is signed.",
    "The chain at … does not answer.",
    "waiting for the chain",
    "… of … signatures, waiting for others",
    "Try again",
    "daochain log shows what was claimed.",
    "show this help",
  ])("are known: %j", (text) => {
    expect(readsLikeSentence(text)).toBe(true);
  });

  test.each([
    "IMAGE_NOT_FOUND",
    "application/vnd.oci.image.index.v1+json",
    "SELECT name FROM claims WHERE owner = ?",
    "sudo daochain gate docker uninstall",
    "… …",
    "sha256:…",
    "--password-fd <n>",
    "ProtectKernelModules=yes\nRestrictRealtime=yes",
  ])("are not what is something else: %j", (text) => {
    expect(readsLikeSentence(text)).toBe(false);
  });

  test("are found wherever they stand in a file, but not in comments, types and defects", () => {
    const source = `
      // This comment says nothing to anybody.
      type Of = "three small words";
      /** Nor does this one. */
      const a = { b: ["first small text"], c: (n: number): string => \`\${n} second small text\` };
      if (!a) throw new Error("This is a defect of ours.");
      throw new DaoChainError("CODE", cond ? "A third one." : "x");
      const element = f(\`outer \${g("a fourth inner text")}\`);`;
    expect(sentencesIn("a.ts", source).map(({ line, text }) => [line, text])).toEqual([
      [5, "first small text"],
      [5, "… second small text"],
      [7, "A third one."],
      [8, "a fourth inner text"],
    ]);
    const found = sentencesIn("a.tsx", "const a = <Text>Text of an element</Text>;");
    expect(found.map(({ text }) => text)).toEqual(["Text of an element"]);
  });
});
