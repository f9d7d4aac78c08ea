function Get-User {
    [CmdletBinding(DefaultParameterSetName = 'Identity')]
    param(
        # parameter Identity
        [Parameter(ParameterSetName = 'Identity', Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [string] $Identity,
        # end parameter
        # parameter Filter
        [string] $Filter,
        # end parameter
        # parameter IsVIP
        [switch] $IsVIP,
        # end parameter
        # parameter OrganizationalUnit
        [string] $OrganizationalUnit,
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
        [switch] $UseCustomRouting
    )

    process {
        Invoke-ServedCommand -Name 'Get-User' -BoundParameters $PSBoundParameters -Cmdlet $PSCmdlet
    }
}
