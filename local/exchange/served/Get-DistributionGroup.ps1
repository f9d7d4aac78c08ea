# Each parameter that an app's role may lack stands between two lines that name it. The one without them stands last.
function Get-DistributionGroup {
    [CmdletBinding()]
    param(
        # parameter Filter
        [string] $Filter,
        # end parameter
        # parameter IncludeManagedByWithDisplayNames
        [switch] $IncludeManagedByWithDisplayNames,
        # end parameter
        # parameter ManagedBy
        [object] $ManagedBy,
        # end parameter
        # parameter OrganizationalUnit
        [object] $OrganizationalUnit,
        # end parameter
        # parameter RecipientTypeDetails
        [string[]] $RecipientTypeDetails,
        # end parameter
        # parameter ResultSize
        [object] $ResultSize,
        # end parameter
        # parameter SortBy
        [string] $SortBy,
        # end parameter
        [Parameter(Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [object] $Identity
    )

    process { Invoke-ServedCommand -CmdletName Get-DistributionGroup -Parameters $PSBoundParameters }
}
