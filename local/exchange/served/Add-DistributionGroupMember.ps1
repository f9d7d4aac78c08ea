# Each parameter that an app's role may lack stands between two lines that name it. The one without them stands last.
function Add-DistributionGroupMember {
    [CmdletBinding()]
    param(
        # parameter BypassSecurityGroupManagerCheck
        [switch] $BypassSecurityGroupManagerCheck,
        # end parameter
        # parameter Confirm
        [switch] $Confirm,
        # end parameter
        # parameter Member
        [object] $Member,
        # end parameter
        # parameter WhatIf
        [switch] $WhatIf,
        # end parameter
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [object] $Identity
    )

    process { Invoke-ServedCommand -CmdletName Add-DistributionGroupMember -Parameters $PSBoundParameters }
}
