# Each parameter that an app's role may lack stands between two lines that name it. The one without them stands last.
function New-DistributionGroup {
    [CmdletBinding()]
    param(
        # parameter Alias
        [string] $Alias,
        # end parameter
        # parameter BccBlocked
        [bool] $BccBlocked,
        # end parameter
        # parameter Confirm
        [switch] $Confirm,
        # end parameter
        # parameter CopyOwnerToMember
        [switch] $CopyOwnerToMember,
        # end parameter
        # parameter Description
        [object] $Description,
        # end parameter
        # parameter DisplayName
        [string] $DisplayName,
        # end parameter
        # parameter HiddenGroupMembershipEnabled
        [switch] $HiddenGroupMembershipEnabled,
        # end parameter
        # parameter IgnoreNamingPolicy
        [switch] $IgnoreNamingPolicy,
        # end parameter
        # parameter ManagedBy
        [object] $ManagedBy,
        # end parameter
        # parameter MemberDepartRestriction
        [object] $MemberDepartRestriction,
        # end parameter
        # parameter MemberJoinRestriction
        [object] $MemberJoinRestriction,
        # end parameter
        # parameter Members
        [object] $Members,
        # end parameter
        # parameter ModeratedBy
        [object] $ModeratedBy,
        # end parameter
        # parameter ModerationEnabled
        [bool] $ModerationEnabled,
        # end parameter
        # parameter Notes
        [string] $Notes,
        # end parameter
        # parameter PrimarySmtpAddress
        [object] $PrimarySmtpAddress,
        # end parameter
        # parameter RequireSenderAuthenticationEnabled
        [bool] $RequireSenderAuthenticationEnabled,
        # end parameter
        # parameter RoomList
        [switch] $RoomList,
        # end parameter
        # parameter Type
        [object] $Type,
        # end parameter
        # parameter WhatIf
        [switch] $WhatIf,
        # end parameter
        [Parameter(Mandatory, Position = 0)]
        [string] $Name
    )

    process { Invoke-ServedCommand -CmdletName New-DistributionGroup -Parameters $PSBoundParameters }
}
