/** Secrets Manager's own codes and words. */
const errors = {
  AccessDeniedException: [400, "You are not authorized to perform this action on the secret."],
  InternalServiceError: [500, "An error occurred on the server side."],
  InvalidParameterException: [400, "The parameter name or value is invalid."],
  InvalidRequestException: [400, "The parameter value is not valid for the current state of the resource."],
  ResourceExistsException: [400, "The operation failed because the secret already exists."],
  ResourceNotFoundException: [400, "Secrets Manager can't find the specified secret."],
  SerializationException: [400, "The request could not be read."],
  ThrottlingException: [400, "Rate exceeded"],
  UnknownOperationException: [400, "This Secrets Manager does not implement the action."],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type SecretsErrorCode = keyof typeof errors;

export class SecretsError extends Error {
  readonly code: SecretsErrorCode;
  readonly status: number;

  constructor(code: SecretsErrorCode, message: string = errors[code][1]) {
    super(message);
    this.code = code;
    this.status = errors[code][0];
  }
}
