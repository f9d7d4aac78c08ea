export type CmdletFaultFields = {
  /** The HTTP status. */
  status: number;
  /** "NotFound", "BadRequest" and so on. */
  errorCode: string;
  /** "Ex6F9304", or empty where Exchange gives none. */
  id: string;
  /** The exception's full .NET name. */
  type: string;
  text: string;
};

/** A cmdlet's failure as Exchange Online tells it. */
export class CmdletFault extends Error {
  readonly status: number;
  readonly errorCode: string;
  readonly id: string;
  readonly type: string;
  readonly text: string;
  /** The .NET name without its namespace, for the header x-ExceptionType. */
  readonly exceptionType: string;

  constructor(fields: CmdletFaultFields) {
    super(`${fields.id}|${fields.type}|${fields.text}`);
    this.name = "CmdletFault";
    this.status = fields.status;
    this.errorCode = fields.errorCode;
    this.id = fields.id;
    this.type = fields.type;
    this.text = fields.text;
    this.exceptionType = fields.type.slice(fields.type.lastIndexOf(".") + 1);
  }
}
