import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { organisationId } from "../../../src/claim/claim.ts";
import { type Account, acme, globex, RegistryBench } from "../../support/registry.ts";

const nobody = `0x${"00".repeat(32)}`;
let bench: RegistryBench;
let governor: Account;
let admin: Account;

async function start(): Promise<void> {
  bench = await RegistryBench.deploy();
  [governor, admin] = [bench.account(0), bench.account(1)];
  for (const name of ["acme", "globex"]) {
    await bench.send(governor, "admitOrganisation", name, "", admin.address, false, []);
  }
}

describe("the grammar of namespaces", () => {
  beforeAll(start);
  afterAll(() => bench.close());

  const component = "a".repeat(63);
  test.each([
    "a",
    "7",
    "docker.io",
    "docker.io/acme",
    "registry.acme.io:5000/team",
    "localhost:1",
    "mirror:9090/team",
    "a.b_c-d--e__f/g.h",
    "a/b/c/d/e/f/g/h",
    `${"x/".repeat(127)}x`,
    `${component}/${component}/${component}/${component}`,
  ])("has %j", async (namespace) => {
    expect(await bench.send(governor, "addNamespace", acme, namespace)).toEqual([
      ["NamespaceAdded", acme, namespace],
    ]);
    expect(await bench.read("ownerOf", namespace)).toEqual([acme, namespace]);
  });

  test.each([
    "/",
    "/a",
    "a/",
    "a//b",
    "A",
    "docker.io/Acme",
    "a b",
    "a*",
    "ä",
    "a\u0000",
    ".a",
    "a.",
    "-a",
    "a-",
    "_a",
    "a_",
    "a/.b",
    "a/b.",
    "a./b",
    ":5000",
    "a:",
    "a:/b",
    "a:b",
    "a:5000x",
    "a:5000:1",
    "a:5.0",
    "a.:5000",
    "a/b:5000",
    "a`",
    "a{",
    "a@",
    `${component}/${component}/${component}/${component}/a`,
  ])("has not %j", async (namespace) => {
    expect(await bench.revert(governor, "addNamespace", acme, namespace)).toEqual([
      "NamespaceInvalid",
      namespace,
    ]);
  });
});

describe("namespaces", () => {
  beforeEach(start);
  afterEach(() => bench.close());
  const add = (owner: string, namespace: string) => bench.send(governor, "addNamespace", owner, namespace);
  const refuse = (owner: string, namespace: string) =>
    bench.revert(governor, "addNamespace", owner, namespace);

  test("hold whole path components", async () => {
    await add(acme, "docker.io/acme");
    for (const inside of ["docker.io/acme", "docker.io/acme/api", "docker.io/acme/api/v2"]) {
      expect(await bench.read("ownerOf", inside)).toEqual([acme, "docker.io/acme"]);
    }
    for (const outside of ["docker.io/acmeevil", "docker.io/acm", "docker.io", "", "evil/docker.io/acme"]) {
      expect(await bench.read("ownerOf", outside)).toEqual([nobody, ""]);
    }
    await add(globex, "docker.io/acmeevil");
    expect(await bench.read("ownerOf", "docker.io/acmeevil/x")).toEqual([globex, "docker.io/acmeevil"]);
  });

  test("answer with the longest", async () => {
    for (const namespace of ["docker.io/acme/api", "", "docker.io"]) await add(acme, namespace);
    expect(await bench.read("ownerOf", "docker.io/acme/api/v2")).toEqual([acme, "docker.io/acme/api"]);
    expect(await bench.read("ownerOf", "docker.io/acme")).toEqual([acme, "docker.io"]);
    expect(await bench.read("ownerOf", "quay.io/x")).toEqual([acme, ""]);
    expect(await bench.read("ownerOf", "x".repeat(255))).toEqual([acme, ""]);
    expect(await bench.readRevert("ownerOf", "x".repeat(256))).toEqual(["TooLong", "repository", 255n]);
  });

  test("nest within one organisation only", async () => {
    await add(acme, "docker.io/acme");
    expect(await refuse(acme, "docker.io/acme")).toEqual(["NamespaceTaken", "docker.io/acme", acme]);
    expect(await refuse(globex, "docker.io/acme")).toEqual(["NamespaceTaken", "docker.io/acme", acme]);
    expect(await refuse(globex, "docker.io/acme/api")).toEqual([
      "NamespaceTaken",
      "docker.io/acme/api",
      acme,
    ]);
    expect(await refuse(globex, "docker.io")).toEqual(["NamespaceTaken", "docker.io", nobody]);
    await add(acme, "docker.io/acme/api");
    await add(globex, "docker.io/globex");
    expect(await refuse(acme, "docker.io")).toEqual(["NamespaceTaken", "docker.io", nobody]);
  });

  test("bar nobody where they are empty: that one is what nobody else owns", async () => {
    await add(acme, "docker.io/acme");
    await add(globex, "");
    expect(await refuse(acme, "")).toEqual(["NamespaceTaken", "", globex]);
    expect(await refuse(globex, "")).toEqual(["NamespaceTaken", "", globex]);
    await add(acme, "quay.io");
    expect(await bench.read("ownerOf", "quay.io/acme")).toEqual([acme, "quay.io"]);
    expect(await bench.read("ownerOf", "docker.io/acmeevil")).toEqual([globex, ""]);
    // It is no key to what lies inside another's, or above it.
    expect(await refuse(globex, "docker.io/acme/api")).toEqual([
      "NamespaceTaken",
      "docker.io/acme/api",
      acme,
    ]);
    expect(await refuse(globex, "docker.io")).toEqual(["NamespaceTaken", "docker.io", nobody]);
    await bench.send(admin, "removeNamespace", globex, "");
    expect(await bench.read("ownerOf", "docker.io/acmeevil")).toEqual([nobody, ""]);
    expect(await bench.read("ownerOf", "quay.io/acme")).toEqual([acme, "quay.io"]);
  });

  test("belong to an organisation that exists", async () => {
    const unknown = organisationId("initech");
    expect(await refuse(unknown, "docker.io")).toEqual(["UnknownOrganisation", unknown]);
  });

  test("are given back by an admin, and free for others then", async () => {
    for (const namespace of ["a", "b", "c", "a/x"]) await add(acme, namespace);
    expect(await bench.send(admin, "removeNamespace", acme, "a")).toEqual([["NamespaceRemoved", acme, "a"]]);
    expect(await bench.read("ownerOf", "a/y")).toEqual([nobody, ""]);
    expect(await bench.read("ownerOf", "a/x/y")).toEqual([acme, "a/x"]);
    expect(await refuse(globex, "a")).toEqual(["NamespaceTaken", "a", nobody]);
    await bench.send(admin, "removeNamespace", acme, "a/x");
    await add(globex, "a");
    await bench.send(admin, "removeNamespace", acme, "c");
    expect(await bench.read("organisation", acme)).toEqual([
      "acme",
      "",
      1n,
      false,
      0n,
      [admin.address],
      [],
      ["b"],
    ]);
    for (const [owner, namespace] of [
      [acme, "a"],
      [acme, "c"],
      [acme, ""],
      [acme, "A"],
      [globex, "b"],
    ] as const) {
      expect(await bench.revert(admin, "removeNamespace", owner, namespace)).toEqual([
        "NamespaceNotOwned",
        namespace,
        owner,
      ]);
    }
  });

  test("are 64 an organisation at most", async () => {
    for (let i = 0; i < 64; i++) await add(acme, `n${i}`);
    expect(await refuse(acme, "n64")).toEqual(["TooMany", "namespaces", 64n]);
    await bench.send(admin, "removeNamespace", acme, "n7");
    await add(acme, "n64");
    const view = (await bench.read("organisation", acme)) as unknown[];
    const expected = Array.from({ length: 65 }, (_, i) => `n${i}`).filter((namespace) => namespace !== "n7");
    expect((view[7] as string[]).toSorted()).toEqual(expected.toSorted());
  });

  test("behave as a plain list of prefixes would", async () => {
    const names = fc
      .array(fc.constantFrom("a", "ab", "b"), { maxLength: 3 })
      .map((components) => components.join("/"));
    const acts = fc.array(
      fc.record({ add: fc.boolean(), owner: fc.constantFrom(acme, globex), namespace: names }),
      { minLength: 1, maxLength: 14 },
    );
    await fc.assert(
      fc.asyncProperty(acts, names, async (steps, repository) => {
        const owners = new Map<string, string>();
        for (const { add: adds, owner, namespace } of steps) {
          const conflict = [...owners].some(
            ([other, whose]) =>
              other === namespace ||
              (other !== "" &&
                namespace !== "" &&
                whose !== owner &&
                (holds(other, namespace) || holds(namespace, other))),
          );
          if (adds && conflict)
            expect((await refuse(owner, namespace)).slice(0, 2)).toEqual(["NamespaceTaken", namespace]);
          else if (adds) {
            await add(owner, namespace);
            owners.set(namespace, owner);
          } else if (owners.get(namespace) === owner) {
            await bench.send(admin, "removeNamespace", owner, namespace);
            owners.delete(namespace);
          } else {
            expect(await bench.revert(admin, "removeNamespace", owner, namespace)).toEqual([
              "NamespaceNotOwned",
              namespace,
              owner,
            ]);
          }
        }
        const [longest] = [...owners.keys()]
          .filter((namespace) => holds(namespace, repository))
          .sort((a, b) => b.length - a.length);
        expect(await bench.read("ownerOf", repository)).toEqual(
          longest === undefined ? [nobody, ""] : [owners.get(longest), longest],
        );
        // Nothing is left behind, in whichever order they go.
        for (const [namespace, owner] of owners) await bench.send(admin, "removeNamespace", owner, namespace);
        expect(await bench.send(governor, "addNamespace", globex, "")).toHaveLength(1);
        await bench.send(admin, "removeNamespace", globex, "");
      }),
      { numRuns: 60 },
    );
  });
});

function holds(namespace: string, path: string): boolean {
  return namespace === "" || path === namespace || path.startsWith(`${namespace}/`);
}
