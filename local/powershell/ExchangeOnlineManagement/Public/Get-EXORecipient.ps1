function Get-EXORecipient {
    <#
    .SYNOPSIS
    Reads recipients, page by page. Like the genuine cmdlet it does not say when ResultSize kept rows out.
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

            foreach ($warning in $page.Warnings) { $PSCmdlet.WriteWarning($warning) }
            $json = $page.Document.RootElement
            ConvertFrom-RecipientPage $json $remaining
            $remaining -= $json.GetProperty('value').GetArrayLength()
            $uri = "$(Get-JsonMember $json '@odata.nextLink')"
            # Its memory is used again for the next page.
            $page.Document.Dispose()
        }
    }
}
