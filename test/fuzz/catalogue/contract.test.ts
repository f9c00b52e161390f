import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Catalogue } from "../../../src/catalogue/catalogue.ts";
import type { CatalogueQuery } from "../../../src/catalogue/entry.ts";
import {
  blockTime,
  connectionTo,
  inOrder,
  organisationsOfContract,
  type Said,
  whatCatalogueSays,
  whatContractSays,
} from "../../support/catalogue.ts";
import { temporaryDirectory } from "../../support/embedded-chain.ts";
import { RegistryBench } from "../../support/registry.ts";
import { RegistryModel } from "../../support/registry-model.ts";
import { actors, RegistryWorld } from "../../support/registry-world.ts";

// Acts are as many numbers as choosing one may draw; a failure tells its seed and shrinks to few acts.
const acts = fc.array(fc.array(fc.nat(), { minLength: 40, maxLength: 40 }), {
  minLength: 100,
  maxLength: 200,
  size: "max",
});
/** Two organisations with admins and signers, so that later acts find something to act on. */
const scene = [
  [0, 2, 1, 1, 1, 0, 1],
  [0, 2, 1, 1, 2, 1, 1],
];

const bases: CatalogueQuery[] = [
  {},
  { foreign: true },
  { superseded: true, foreign: true, order: "name" },
  { standing: "any", superseded: true, foreign: true, organisation: "acme" },
  { standing: "pending", foreign: true, organisation: "nobody" },
  { standing: "revoked", foreign: true, order: "name" },
];

/** What a query means, by looking at everything. */
function naively(said: ReadonlyMap<string, Said>, query: CatalogueQuery): string[] {
  const words = (query.text ?? "")
    .toLowerCase()
    .split(" ")
    .filter((word) => word !== "" && word !== "0x");
  const textOf = ({ repository, tag, organisation }: Said): string =>
    `${repository}${tag === "" ? "" : `:${tag}`} ${organisation}`.toLowerCase();
  const hashesOf = ({ claim, subjects }: Said): string[] => [
    claim.slice(2),
    ...subjects.map(({ digest }) => digest.slice(7)),
  ];
  const has = (one: Said, word: string): boolean =>
    textOf(one).includes(word) ||
    hashesOf(one).some((hash) => word.length > 3 && hash.startsWith(word.replace(/^(?:sha256:|0x)/, "")));
  const order = (a: Said, b: Said): number =>
    query.order === "name"
      ? textOf(a) < textOf(b)
        ? -1
        : textOf(a) > textOf(b)
          ? 1
          : newest(a, b)
      : newest(a, b);
  const newest = (a: Said, b: Said): number => b.issuedAt - a.issuedAt || b.at - a.at;
  return [...said.values()]
    .filter(
      (one) =>
        (query.foreign === true || one.byOwner) &&
        (query.standing === "any" || one.standing === (query.standing ?? "good")) &&
        (query.superseded === true || !one.hasCounted || one.tag === "" || one.isHead) &&
        (query.organisation === undefined || one.organisation === query.organisation) &&
        words.every((word) => has(one, word)),
    )
    .sort(order)
    .map(({ claim }) => claim);
}

test("a catalogue says of every claim and organisation what the contract says, followed act by act or made anew", {
  timeout: 600_000,
}, async () => {
  const seen = { heads: 0, standings: new Map<string, number>(), answers: new Map<string, number>() };
  await fc.assert(
    fc.asyncProperty(acts, fc.integer({ min: 1, max: 40 }), async (steps, pause) => {
      const bench = await RegistryBench.deploy();
      await using directory = await temporaryDirectory();
      const connection = await connectionTo(bench);
      const catalogue = Catalogue.open(join(directory.path, "catalogue.sqlite"), connection.profile);
      const anew = Catalogue.open(join(directory.path, "anew.sqlite"), connection.profile);
      try {
        const world = new RegistryWorld(bench, new RegistryModel(actors[0] ?? ""));
        for (const [index, step] of [...scene, ...steps].entries()) {
          await world.act(step);
          if (index % pause === 0) await catalogue.follow(connection, { search: index % 2 === 0 });
        }
        await catalogue.follow(connection);
        await anew.follow(connection);
        const now = (await blockTime(connection)) + 5;
        const contract = await whatContractSays(connection, now);
        const said = new Map([...contract].map(([id, { hasCounted, at, ...rest }]) => [id, rest]));
        expect(whatCatalogueSays(catalogue, now)).toEqual(said);
        expect(whatCatalogueSays(anew, now)).toEqual(said);
        const first = [...said.values()][0];
        const digits = first?.subjects[0]?.digest.slice(0, 14) ?? "";
        // As somebody types, and then something else.
        const typed = ["", "d", "doc", "docker.io/acme", "docker.io/acme/a 1", "docker.io/acme/a 1 ac"];
        const texts = [
          undefined,
          ...typed,
          "acme",
          "GLOBEX 1",
          ":2",
          "%",
          "0",
          "0x",
          digits,
          first?.claim ?? "",
        ];
        for (const base of bases) {
          for (const text of texts) {
            const query = { ...base, text };
            const found = (catalogue: Catalogue) =>
              catalogue.find(query, { offset: 0, limit: 1000 }, now).map(({ claim }) => claim);
            const wanted = naively(contract, query);
            expect({ query, found: found(catalogue) }).toEqual({ query, found: wanted });
            expect(found(anew)).toEqual(wanted);
            expect(catalogue.count(query, now)).toBe(wanted.length);
            expect(catalogue.find(query, { offset: 1, limit: 2 }, now).map(({ claim }) => claim)).toEqual(
              wanted.slice(1, 3),
            );
          }
        }
        expect(catalogue.organisations().map(inOrder)).toEqual(await organisationsOfContract(connection));
        for (const [answer, count] of world.answers)
          seen.answers.set(answer, (seen.answers.get(answer) ?? 0) + count);
        for (const entry of said.values()) {
          if (entry.isHead) seen.heads++;
          seen.standings.set(entry.standing, (seen.standings.get(entry.standing) ?? 0) + 1);
        }
      } finally {
        catalogue.close();
        anew.close();
        await bench.close();
      }
    }),
    { numRuns: 30 },
  );
  // The acts reach what they are meant to reach.
  expect(seen.heads).toBeGreaterThan(10);
  for (const standing of ["good", "pending", "revoked"]) {
    expect(seen.standings.get(standing) ?? 0, standing).toBeGreaterThan(0);
  }
  for (const answer of ["submitBatch done", "approve done", "voidSigner done", "removeNamespace done"]) {
    expect(seen.answers.get(answer) ?? 0, answer).toBeGreaterThan(0);
  }
});
