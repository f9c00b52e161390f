import { describe, expect, test } from "vitest";
import { registryAbi } from "../../../src/contract/artifact.ts";
import { registryInterface, toRegistryError } from "../../../src/contract/contract.ts";
import { nameOrganisation, organisationIn, ruleNames, ruleViolation } from "../../../src/contract/rules.ts";
import type { DaoChainError } from "../../../src/errors.ts";
import { JsonRpc, JsonRpcFailure } from "../../../src/rpc/json-rpc.ts";

/** OpenZeppelin's, for texts that its constructor does not take; the registry's are constants. */
const never = ["InvalidShortString", "StringTooLong"];
const errors = registryAbi.filter((part) => part.type === "error");

const samples: Record<string, unknown> = {
  address: "0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf",
  bytes32: `0x${"ab".repeat(32)}`,
  string: "text\u001b[2J",
  uint8: 255,
  uint16: 65_535,
  uint64: 2n ** 64n - 1n,
  uint256: 2n ** 256n - 1n,
};

describe("the contract's rules", () => {
  test("have a sentence each, and no sentence is of a rule that is not there", () => {
    const names = errors.map(({ name }) => name).filter((name) => !never.includes(name));
    expect([...ruleNames].sort()).toEqual(names.sort());
  });

  test.each(errors.filter(({ name }) => !never.includes(name)).map((error) => [error.name, error] as const))(
    "%s is told in a sentence, whatever its arguments are",
    (name, { inputs }) => {
      const values = inputs.map(({ type }) => samples[type]);
      const violation = ruleViolation(
        registryInterface(),
        registryInterface().encodeErrorResult(name, values),
      );
      expect(violation?.outcome).toBe("usage");
      const text = `${violation?.message} ${violation?.hint}`;
      expect(violation?.message).toMatch(/^.+\.$/);
      // What to do next, too; and nothing that was left open.
      expect(violation?.hint).toMatch(/^.+\.$/);
      expect(text).not.toMatch(/undefined|\{\w+/);
    },
  );

  test("are told apart by their codes", () => {
    const codes = errors
      .filter(({ name }) => !never.includes(name))
      .map(({ name, inputs }) => {
        const values = inputs.map(({ type }) => samples[type]);
        return ruleViolation(registryInterface(), registryInterface().encodeErrorResult(name, values))?.code;
      });
    expect(new Set(codes).size).toBe(codes.length);
  });

  test("name an organisation once its name is known, also where the rule does not say whose it is", () => {
    const [id, address] = [samples["bytes32"], samples["address"]];
    const violation = (name: string, ...values: unknown[]) =>
      ruleViolation(
        registryInterface(),
        registryInterface().encodeErrorResult(name, values),
      ) as DaoChainError;
    const notSigner = violation("NotSigner", id, address);
    expect(organisationIn(notSigner, undefined)).toBe(id);
    expect(nameOrganisation(notSigner, "acme")).toMatchObject({
      message: `${address} is not a current signer of acme.`,
      hint: `An admin of acme can make it one: daochain org add-signer acme ${address}.`,
    });
    const threshold = violation("ThresholdInvalid", 2, 1);
    expect(organisationIn(threshold, "acme")).toBeUndefined();
    expect(organisationIn(threshold, id)).toBe(id);
    expect(threshold.hint).toContain("daochain org threshold ORG N");
    expect(nameOrganisation(threshold, "acme").hint).toContain("daochain org threshold acme N");
    expect(organisationIn(violation("ClaimEmpty"), id)).toBeUndefined();
  });

  test.each([
    ["nothing", "0x"],
    ["another contract's error", "0xdeadbeef"],
    ["a plain revert", "0x08c379a0"],
    [
      "a rule's error cut short",
      registryInterface().encodeErrorResult("NotGovernor", [samples["address"]]).slice(0, -2),
    ],
  ])("%s is none of them", (_, data) => {
    expect(ruleViolation(registryInterface(), data)).toBeUndefined();
  });
});

describe("toRegistryError", () => {
  const rpc = new JsonRpc("http://127.0.0.1:1");
  test.each<[string, JsonRpcFailure, string]>([
    [
      "a rule",
      new JsonRpcFailure(
        3,
        "reverted",
        registryInterface().encodeErrorResult("LastAdmin", [samples["bytes32"]]),
      ),
      "LAST_ADMIN",
    ],
    ["a revert that is no rule", new JsonRpcFailure(3, "reverted", "0xdeadbeef"), "CHAIN_REFUSED"],
    [
      "no space",
      new JsonRpcFailure(-32000, "ENOSPC: no space left on device, write", undefined),
      "CHAIN_FULL",
    ],
    ["anything else", new JsonRpcFailure(-32601, "method not found", undefined), "CHAIN_REFUSED"],
  ])("tells %s", (_, failure, code) => {
    expect(toRegistryError(rpc, failure)).toMatchObject({ code });
  });

  test("leaves other errors as they are", () => {
    const defect = new TypeError("x");
    expect(toRegistryError(rpc, defect)).toBe(defect);
  });
});
