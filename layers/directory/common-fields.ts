import { knownText, knownTime } from "#directory/property";
import { objectId } from "#exchange/values";

type Text = string | null | undefined;

type ObjectRow = {
  ExchangeObjectId?: Text;
  Guid?: Text;
  ExternalDirectoryObjectId?: Text;
  RecipientTypeDetails: string;
  DisplayName?: Text;
  Name?: Text;
  WhenChangedUTC?: Text;
  WhenCreatedUTC?: Text;
};

type PersonRow = ObjectRow & {
  FirstName?: Text;
  LastName?: Text;
  Department?: Text;
  Title?: Text;
  Manager?: Text;
  Company?: Text;
  Office?: Text;
};

/** The fields of every record, from the properties that every cmdlet names alike. */
export function objectFields(row: ObjectRow) {
  return {
    id: objectId(row),
    entraId: row.ExternalDirectoryObjectId?.toLowerCase() || undefined,
    displayName: knownText(row.DisplayName),
    name: knownText(row.Name),
    recipientType: row.RecipientTypeDetails,
    changedAt: knownTime(row.WhenChangedUTC),
    createdAt: knownTime(row.WhenCreatedUTC),
  };
}

/** The fields of every user, likewise. */
export function personFields(row: PersonRow) {
  return {
    ...objectFields(row),
    firstName: knownText(row.FirstName),
    lastName: knownText(row.LastName),
    department: knownText(row.Department),
    title: knownText(row.Title),
    manager: knownText(row.Manager),
    company: knownText(row.Company),
    office: knownText(row.Office),
  };
}
