import { describe, expect, test } from "vitest";
import { DaoChainError, failure } from "../../../src/errors.ts";
import { chinese, chineseErrors } from "../../../src/messages/chinese.ts";
import { english } from "../../../src/messages/english.ts";
import { type ErrorEntry, errors } from "../../../src/messages/errors.ts";
import { Message, say } from "../../../src/messages/message.ts";
import { fill, slotsOf } from "../../../src/messages/template.ts";
import { translatorFor } from "../../../src/messages/translator.ts";
import { reasonOf } from "../../../src/verdict/failure.ts";

const slots = (...templates: (string | undefined)[]): string[] =>
  [...new Set(templates.flatMap((text) => slotsOf(text ?? "")))].sort();

describe("sentences", () => {
  test.each(Object.entries(english))("%s has the same places in both languages", (code, template) => {
    expect(slots(chinese[code as keyof typeof english])).toEqual(slots(template));
  });

  test.each(Object.entries<ErrorEntry>(errors).filter(([, { message }]) => message !== ""))(
    "%s has the same places, and a hint, in both languages",
    (code, { message, hint }) => {
      const translated: { message: string; hint?: string } | undefined =
        chineseErrors[code as keyof typeof errors];
      expect(translated, "a Chinese sentence").toBeDefined();
      expect(slots(translated?.message)).toEqual(slots(message));
      expect(slots(translated?.hint)).toEqual(slots(hint));
      expect(translated?.hint === undefined).toBe(hint === undefined);
    },
  );

  test("have numbers with their nouns", () => {
    expect(fill("{count|image|images} of {name}", { count: 1, name: "acme" })).toBe("1 image of acme");
    expect(fill("{count|image|images} of {name}", { count: 2, name: "{count}" })).toBe("2 images of {count}");
  });

  test("are English as text and as JSON, and in a person's language where they are shown", async () => {
    const chineseWords = await translatorFor("zh");
    const message = say("no-digest");
    expect(`${message}`).toBe(english["no-digest"]);
    expect(JSON.stringify({ reasons: [message] })).toBe(JSON.stringify({ reasons: [english["no-digest"]] }));
    expect(chineseWords.say(message)).toBe(chinese["no-digest"]);
    expect((await translatorFor("en")).say(new Message("no-digest", {}))).toBe(english["no-digest"]);
    const error = failure("CHAIN_MISSING", { directory: "/x" });
    expect(error).toBeInstanceOf(DaoChainError);
    expect(error).toMatchObject({
      code: "CHAIN_MISSING",
      outcome: "inconclusive",
      message: "There is no chain under /x yet.",
    });
    expect(chineseWords.error(error).message).toContain("/x");
    // A reason that is an error, with what to do about it.
    const reason = reasonOf(failure("GATE_BUSY"));
    const { message: what, hint } = chineseErrors.GATE_BUSY ?? {};
    expect(JSON.stringify([reason])).toBe(`["${errors.GATE_BUSY.message} ${errors.GATE_BUSY.hint}"]`);
    expect(chineseWords.say(reason)).toBe(`${what}${hint}`);
    expect(chineseWords.say(reasonOf(error))).toContain(chineseWords.error(error).message);
    expect(`${reasonOf(new Error("odd"))}`).toBe("odd");
    // Advice of the case in place of the table's, and what failed besides.
    const values = { registry: "r", reason: "x" };
    const both = new DaoChainError("REGISTRY_UNREACHABLE", values, {
      advice: say("advice-network"),
      beside: error,
    });
    expect(both.message.endsWith(` ${error.message}`)).toBe(true);
    expect(chineseWords.error(both).hint).toBe(chinese["advice-network"]);
    expect(chineseWords.error(both).message).toContain(chineseWords.error(error).message);
  });
});
