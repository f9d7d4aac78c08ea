function Get-EXORecipient {
    <#
    .SYNOPSIS
    Reads recipients, page by page. Like the genuine cmdlet it passes no warning of Exchange on, and does not say when
    ResultSize kept rows out.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Position = 0, ValueFromPipelineByPropertyName)] [string] $Identity,
        [guid] $ExternalDirectoryObjectId,
        [string] $PrimarySmtpAddress,
        [string] $UserPrincipalName,
        [string] $Filter,
        [string] $OrganizationalUnit,
        [string[]] $Properties,
        [ValidateSet('Minimum', 'Archive', 'Custom', 'MailboxMove', 'Policy', 'All')] [string[]] $PropertySets,
        [string[]] $RecipientType,
        [string[]] $RecipientTypeDetails,
        [object] $ResultSize
    )

    process {
        try {
            $connection = Get-NewestConnection
            $request = New-RecipientRequest $connection $PSBoundParameters
        }
        catch { $PSCmdlet.WriteError((New-RecipientError $_)); return }

        $uri = $request.Uri
        $remaining = $request.Limit
        while ($uri -and $remaining -gt 0) {
            try { $page = Get-RecipientPage $connection $uri $request.Headers }
            catch { $PSCmdlet.WriteError((New-RecipientError $_)); return }

            $json = $page.RootElement
            ConvertFrom-RecipientPage $json $remaining
            $remaining -= $json.GetProperty('value').GetArrayLength()
            $uri = "$(Get-JsonMember $json '@odata.nextLink')"
            # Its memory is used again for the next page.
            $page.Dispose()
        }
    }
}
