import { RemovalPolicy, SecretValue, Validations } from "aws-cdk-lib";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import { nameOf } from "#cdk/naming";

/**
 * What the secret holds until the credential is stored. CloudFormation writes it again whenever it changes here, over the
 * credential of every tenant: it stays as it is.
 */
const placeholder = {
  app_id: "the application (client) ID",
  tenant_domain: "the domain that the tenant has had from its beginning",
  certificate: "the .pfx file, base64",
  certificate_password: "its password",
  certificate_expires_on: "YYYY-MM-DD",
};

/** The credential of a tenant. It outlives the stack, unless its creation fails. */
export class CredentialSecret extends Construct {
  readonly secret: Secret;

  constructor(scope: Construct, id: string, tenant: string) {
    super(scope, id);
    const fields = Object.entries(placeholder).map(([name, text]) => [name, SecretValue.unsafePlainText(text)]);
    this.secret = new Secret(this, "Secret", {
      secretName: nameOf(tenant, "credential"),
      description: `What the gateway signs in to Exchange Online with as ${tenant}: docs/credentials.md`,
      secretObjectValue: Object.fromEntries(fields),
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    Validations.of(this.secret).acknowledge({
      id: "AwsSolutions-SMG4",
      reason: "A certificate is rotated by the administrator of the tenant: docs/credentials.md says how.",
    });
  }
}
