import { plainError } from "#local/exchange/admin-api/error-answers";
import { type Answer, jsonAnswer } from "#local/exchange/http-answer";

/** `basicinfo('AdminApiState')`: how a client asks whether the service runs. */
export function answerBasicInfo(property: string): Answer {
  if (property.toLowerCase() !== "adminapistate")
    return plainError(404, "NotFound", `There is no property '${property}'.`);
  return jsonAnswer(200, { PropertyName: "AdminApiState", PropertyValue: "Running" });
}

/** `EXOBanner('AutogenSession')`: what a client shows after it has connected, unless it shows no banner. */
export function answerBanner(name: string): Answer {
  if (name.toLowerCase() !== "autogensession") return plainError(404, "NotFound", `There is no banner '${name}'.`);
  return jsonAnswer(200, { BannerName: "AutogenSession", BannerContent: "Connected to the local Exchange Online." });
}
