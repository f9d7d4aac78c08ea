import { describe, expect, test } from "vitest";
import { FaultSwitches } from "#local/exchange/fault-switches";
import { faultHelp, faultKinds, parseFault } from "#local/exchange/faults";

const call = { host: "outlook.office365.com", path: "/adminapi/beta/x/Recipient", cmdlet: "Get-EXORecipient" };
const target = { ...call, scopes: ["all", "exchange", "calls"] as const };

describe("on the command line", () => {
  test.each([
    ["throttle", { name: "throttle" }],
    ["throttle=5", { name: "throttle", value: "5" }],
    ["slow=200", { name: "slow", value: "200" }],
    ["clock=-3600", { name: "clock", value: "-3600" }],
    ["hang,path=/Recipient,after=2,times=1", { name: "hang", path: "/Recipient", after: 2, times: 1 }],
    [
      "gateway-timeout, cmdlet=Get-User, carried-out",
      { name: "gateway-timeout", cmdlet: "Get-User", isCarriedOut: true },
    ],
    ["warning=a=b,host=outlook", { name: "warning", value: "a=b", host: "outlook" }],
    ['warning="text, with comma"', { name: "warning", value: "text, with comma" }],
    ['warning = "One, ""two"", =3" , times=1', { name: "warning", value: 'One, "two", =3', times: 1 }],
    ['warning=an "odd" one', { name: "warning", value: 'an "odd" one' }],
    ['transient="Some.Type,1",path="/a,b"', { name: "transient", value: "Some.Type,1", path: "/a,b" }],
  ])("reads %s", (text, expected) => {
    expect(parseFault(text)).toEqual(expected);
  });

  test.each([
    ["", /There is no fault ""\. Faults are throttle, unavailable/],
    ["thottle", /There is no fault "thottle"/],
    ["toString", /There is no fault "toString"/],
    ["slow", /needs a value: slow=MS/],
    ["slow=soon", /MS of the fault slow has to be a whole number, not "soon"/],
    ["slow=", /MS of the fault slow has to be a whole number/],
    ["hang=5", /hang takes no value/],
    ["hang,when=now", /"when=now" is no option of a fault\. Options are host=…, path=…/],
    ["hang,path", /"path" is no option/],
    ['warning="never closed, times=1', /a quote in it twice/],
    ['warning="closed" too early', /a quote in it twice/],
    ['warning=one, "two"', /a quote in it twice/],
    ["hang,after=-1", /"after" has to be a whole number from 0 up, not "-1"/],
    ["hang,times=1.5", /"times" has to be a whole number/],
  ])("refuses %j and says why", (text, message) => {
    expect(() => parseFault(text)).toThrow(message);
  });

  test("lists every fault in the help", () => {
    const help = faultHelp();

    for (const name of Object.keys(faultKinds)) expect(help).toMatch(new RegExp(`^  ${name}\\b.{10,}`, "m"));
  });
});

describe("switched on", () => {
  test("meets what its kind is about, and nothing once it is switched off", () => {
    const switches = new FaultSwitches();
    const throttle = switches.add({ name: "throttle" });

    const met = switches.meet(target).find("throttle");
    const signIn = switches.meet({ host: "login", path: "/token", cmdlet: undefined, scopes: ["all", "token"] });
    switches.remove(throttle);
    const gone = switches.meet(target);

    expect(met).toBe(throttle);
    expect(signIn.all).toEqual([]);
    expect(gone.all).toEqual([]);
  });

  test.each([
    [{ path: "/recipient" }, true],
    [{ path: "/InvokeCommand" }, false],
    [{ cmdlet: "get-exorecipient" }, true],
    [{ cmdlet: "Get-User" }, false],
    [{ host: "OUTLOOK" }, true],
    [{ host: "login", path: "/Recipient" }, false],
  ])("meets a request that fits %j: %s", (conditions, isMet) => {
    const switches = new FaultSwitches([{ name: "sign-in-refusal", value: 90033, ...conditions }]);

    expect(switches.meet(target).find("sign-in-refusal") !== undefined).toBe(isMet);
  });

  test("lets requests pass first, and meets as many as it is told", () => {
    const switches = new FaultSwitches([{ name: "hang", after: 2, times: 1 }]);

    const met = Array.from({ length: 5 }, () => switches.meet(target).all.length);

    expect(met).toEqual([0, 0, 1, 0, 0]);
  });

  test("refuses a fault it cannot work with", () => {
    const switches = new FaultSwitches();

    expect(() => switches.add({ name: "slow" })).toThrow(/needs a value/);
    expect(() => switches.add({ name: "hang", after: 0.5 })).toThrow(/whole number/);
  });
});
