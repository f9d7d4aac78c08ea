/**
 * The application permission that lets an app into Exchange Online's PowerShell, and whose it is: Office 365 Exchange
 * Online. https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2
 */
export const appPermission = {
  name: "Exchange.ManageAsApp",
  id: "dc50a0fb-09a3-484d-be87-e023b12c6440",
  resourceAppId: "00000002-0000-0ff1-ce00-000000000000",
} as const;
