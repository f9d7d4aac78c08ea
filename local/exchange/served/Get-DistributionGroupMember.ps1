# Each parameter that an app's role may lack stands between two lines that name it. The one without them stands last.
function Get-DistributionGroupMember {
    [CmdletBinding()]
    param(
        # parameter ResultSize
        [object] $ResultSize,
        # end parameter
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [object] $Identity
    )

    process { Invoke-ServedCommand -CmdletName Get-DistributionGroupMember -Parameters $PSBoundParameters }
}
