import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeRequest } from "#powershell/calls";
import type { ParameterValue, RequestFrame } from "#powershell/frames";
import { ExchangeError } from "#runtime/errors";

const wellFormed = fc.string({ unit: "binary" });
const value = fc.oneof(wellFormed, fc.integer(), fc.boolean(), fc.array(wellFormed));

test("carries any parameters unchanged, in one line", () => {
  fc.assert(
    fc.property(
      fc.dictionary(
        wellFormed.filter((name) => name !== "__proto__"),
        value,
      ),
      (parameters) => {
        const line = encodeRequest(invoke(parameters));

        expect(line.indexOf("\n")).toBe(line.length - 1);
        expect(JSON.parse(line)).toEqual(JSON.parse(JSON.stringify(invoke(parameters))));
      },
    ),
  );
});

test.each([
  ["in a text", { Identity: "a\ud800b" }, "parameters.Identity"],
  ["in a list", { Members: ["good", "bad\udfff"] }, "parameters.Members.1"],
  ["in a name", { "Iden\udc00tity": "a" }, "a name in parameters"],
])("refuses half a surrogate pair %s, and names the place only", (_, parameters, place) => {
  const error = refusal(() => encodeRequest(invoke(parameters)));

  expect(error.code).toBe("PARAMETER_INVALID");
  expect(error.message).toBe(`${place} holds half a surrogate pair, which is no text. Send whole characters.`);
});

test("refuses half a surrogate pair in a password without repeating it", () => {
  const frame = { ...connect(null), certificatePassword: "secret\ud800" };

  const error = refusal(() => encodeRequest(frame));

  expect(error.message).toContain("certificatePassword");
  expect(error.message).not.toContain("secret");
});

test.each([undefined, null, Number.NaN, Number.POSITIVE_INFINITY, 1n, () => "x"])(
  "refuses %s as a value, which JSON would lose or change",
  (wrong) => {
    const parameters = { Identity: wrong } as unknown as Record<string, ParameterValue>;

    const error = refusal(() => encodeRequest(invoke(parameters)));

    expect(error.code).toBe("PARAMETER_INVALID");
    expect(error.message).toContain("parameters.Identity");
  },
);

test("sends no module's path where an installed module is meant", () => {
  const sent = JSON.parse(encodeRequest(connect(null)));

  expect(sent.modulePath).toBeNull();
});

function invoke(parameters: Record<string, ParameterValue>): RequestFrame {
  return { id: 1, op: "invoke", cmdlet: "Get-User", parameters, select: ["Guid"] };
}

function connect(modulePath: string | null): RequestFrame {
  const texts = { appId: "a", organization: "o", certificate: "c", certificatePassword: "p", environmentName: "e" };
  return { id: 1, op: "connect", modulePath, ...texts, commandNames: [], cmdlets: [] };
}

function refusal(act: () => unknown): ExchangeError {
  try {
    act();
  } catch (error) {
    if (error instanceof ExchangeError) return error;
    throw error;
  }
  throw new Error("It was not refused.");
}
