import { expect, test } from "vitest";
import { errorBody } from "#local/exchange/admin-api/error-answers";
import { ambiguousParameterSet, objectNotFound } from "#local/exchange/cmdlets/faults";
import { generateTenant } from "#local/exchange/tenant/generate";

const tenant = generateTenant({ users: 0, groups: 0, seed: 1 });

test("tells InvokeCommand what failed in details and header", () => {
  const answer = errorBody(objectNotFound(tenant, "X"));

  expect(answer.status).toBe(404);
  expect(answer.headers).toEqual({ "x-ExceptionType": "ManagementObjectNotFoundException" });
  expect(answer.body).toMatchObject({
    error: {
      code: "NotFound",
      message: "Error executing cmdlet",
      details: [
        {
          code: "Context",
          target: "",
          message:
            "Ex6F9304|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|The operation couldn't be performed because object 'X' couldn't be found on 'AM0PR07A13DC001.EURPR07A013.PROD.OUTLOOK.COM'.",
        },
      ],
      innererror: {
        message: "Error executing cmdlet",
        type: "Microsoft.Exchange.Admin.OData.Core.ODataServiceException",
      },
      "adminapi.warnings@odata.type": "#Collection(String)",
      "@adminapi.warnings": [],
    },
  });
});

test("leaves the id empty where Exchange gives none", () => {
  expect(JSON.stringify(errorBody(ambiguousParameterSet()).body)).toContain(
    '"|Microsoft.Exchange.AdminApi.CommandInvocation.AmbiguousParameterSetException|Parameter set cannot be resolved using the specified named parameters. ',
  );
});

test("tells Recipient the reason in the message", () => {
  const { body } = errorBody(objectNotFound(tenant, "X"), "Recipient");

  expect(body).toMatchObject({
    error: { code: "NotFound", message: expect.stringContaining("object 'X' couldn't be found") },
  });
  expect(JSON.stringify(body)).not.toContain("adminapi.warnings");
});
