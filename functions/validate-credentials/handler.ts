import * as z from "zod";
import { readConfiguration } from "#runtime/configuration";
import { createHandler } from "#runtime/handler";
import { recordMetric } from "#runtime/telemetry";
import { createSecretReader } from "#storage/secrets";
import { validateCredential } from "#validation/validate-credential";

/** Says of each part of the credential, and of what the app may do with it, whether it is right, and if not what to do. */
export const handler = createHandler(z.strictObject({}), async (_event, { deadline }) => {
  const { secretId, environmentName, powershellPath, modulePath } = readConfiguration();
  const read = createSecretReader(secretId);
  const validation = await validateCredential({
    secretId,
    readSecret: () => read(),
    environmentName,
    powershellPath,
    modulePath,
    deadline,
  });

  recordMetric("ValidationFailed", validation.checks.filter(({ status }) => status === "fail").length);
  if (validation.certificate) recordMetric("CertificateDaysLeft", validation.certificate.daysLeft);
  return validation;
});
