import { expect, test } from "vitest";
import { unsupportedPair } from "#validation/environment-checks";

test.each([
  ["3.5.0", "7.4.0"],
  ["3.9.2", "7.4.6"],
  ["3.9.0", "7.6.9"],
  ["3.9.0-stand-in", "7.6.9"],
  ["3.10.1", "7.6.5"],
  ["3.11.0", "7.7.0"],
  ["4.0.0", "8.0.0-preview.1"],
])("takes ExchangeOnlineManagement %s on PowerShell %s", (module, powershell) => {
  expect(unsupportedPair(module, powershell)).toBeUndefined();
});

test.each([
  ["3.10.0", "7.5.9", "needs PowerShell 7.6 or later", "a module before 3.10"],
  ["3.10.1", "7.4.6", "needs PowerShell 7.6 or later", "a module before 3.10"],
  ["3.9.2", "7.3.12", "needs PowerShell 7.4 or later", "Install PowerShell 7.4"],
  ["3.4.0", "7.6.5", "too old", "3.5 or later"],
  ["2.0.5", "7.6.5", "too old", "3.5 or later"],
])("refuses ExchangeOnlineManagement %s on PowerShell %s and says what fits", (module, powershell, what, fix) => {
  expect(unsupportedPair(module, powershell)).toEqual({
    what: expect.stringContaining(what),
    fix: expect.stringContaining(fix),
  });
});
