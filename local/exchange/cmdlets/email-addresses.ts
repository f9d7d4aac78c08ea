import type { DirectoryRecord } from "#local/exchange/tenant/directory-record";

/** Every address with its prefix; `SMTP:` in capitals marks the primary one, wherever it stands. */
export function emailAddressesOf({ primarySmtpAddress, otherAddresses }: DirectoryRecord): readonly string[] {
  if (primarySmtpAddress === "") return otherAddresses;
  const isSmtp = (address: string) => /^smtp:/i.test(address);
  return [
    ...otherAddresses.filter((address) => !isSmtp(address)),
    `SMTP:${primarySmtpAddress}`,
    ...otherAddresses.filter(isSmtp),
  ];
}

/** The SMTP addresses alone, without prefixes. */
export function smtpAddressesOf(record: DirectoryRecord): readonly string[] {
  return emailAddressesOf(record)
    .filter((address) => /^smtp:/i.test(address))
    .map((address) => address.slice("smtp:".length));
}
