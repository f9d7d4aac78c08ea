import { connectRequest } from "#exchange/session/sign-in";
import { CmdletError } from "#powershell/calls";
import type { Connection, PowerShellSession } from "#powershell/session";
import type { ExchangeEnvironmentName } from "#runtime/configuration";
import type { Deadline } from "#runtime/deadline";
import type { ErrorCode } from "#runtime/errors";
import type { checkCertificate } from "#validation/certificate-checks";
import type { Checklist } from "#validation/checklist";
import { explainThrown } from "#validation/explain";
import { type Finding, pass } from "#validation/finding";
import type { checkSecret } from "#validation/secret-checks";
import type { checkSurroundings } from "#validation/surroundings-checks";

type Parts = {
  secret: Awaited<ReturnType<typeof checkSecret>>;
  certificate: Awaited<ReturnType<typeof checkCertificate>>;
  surroundings: Awaited<ReturnType<typeof checkSurroundings>>;
};

type Options = {
  openSession: () => PowerShellSession;
  environmentName: ExchangeEnvironmentName;
  deadline: Deadline;
};

/** What Exchange answered to the token: a connection, or that a role is missing. */
type SignIn = { connection: Connection } | { refusal: Finding<never> };

/** Connects once; how far that came tells about the token and about each role. Answers the connection. */
export async function checkSignIn(
  { check }: Checklist,
  { secret: { appId, tenantDomain, pfx }, certificate, surroundings }: Parts,
  { openSession, environmentName, deadline }: Options,
) {
  const { password, key, algorithm, validity } = certificate;
  const { clock, module } = surroundings;
  const token = await check(
    "token",
    [appId, tenantDomain, pfx, password, key, algorithm, validity, clock, module],
    async (id, domain, base64, { certificatePassword }): Promise<Finding<SignIn>> => {
      const credential = { appId: id, tenantDomain: domain, certificate: base64, certificatePassword };
      return connect(openSession(), connectRequest(credential, { environmentName, deadline }), environmentName);
    },
  );
  const appRole = await check(
    "app role",
    [token],
    (signIn) => refusalOf(signIn, "APP_ROLE_MISSING") ?? pass(signIn, "Exchange takes the app's token"),
  );
  return check("directory role", [appRole], (signIn): Finding<Connection> => {
    if ("refusal" in signIn) return signIn.refusal;
    return pass(signIn.connection, "Exchange lets the app in");
  });
}

/** A role is asked about only with a token in hand, so where one is missing there was a token. */
async function connect(
  session: PowerShellSession,
  request: Parameters<PowerShellSession["connect"]>[0],
  environmentName: ExchangeEnvironmentName,
): Promise<Finding<SignIn>> {
  const found = `Microsoft Entra ID gave ${request.appId} a token`;
  try {
    return pass({ connection: await session.connect(request) }, found);
  } catch (thrown) {
    if (!(thrown instanceof CmdletError)) throw thrown;
    const refusal = explainThrown(thrown, environmentName);
    const isAboutRoles = refusal.code === "APP_ROLE_MISSING" || refusal.code === "DIRECTORY_ROLE_MISSING";
    return isAboutRoles ? pass({ refusal }, found) : refusal;
  }
}

function refusalOf(signIn: SignIn, code: ErrorCode): Finding<never> | undefined {
  return "refusal" in signIn && signIn.refusal.code === code ? signIn.refusal : undefined;
}
