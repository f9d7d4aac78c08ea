# A lane: one runspace in which calls run, one at a time. As a module it has a scope of its own, so that its strict mode and
# preferences do not reach into the Exchange module.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

. $PSScriptRoot/frames.ps1
. $PSScriptRoot/rows.ps1
. $PSScriptRoot/certificate.ps1
. $PSScriptRoot/connect.ps1
. $PSScriptRoot/inspect.ps1
. $PSScriptRoot/invoke.ps1

# What the lane holds on to between calls: where frames go, and the cmdlets found when connecting.
$session = @{ Frames = $null; Commands = $null }

function Open-Lane ([IO.Stream] $Frames) {
    $session.Frames = $Frames
    $global:ProgressPreference = 'SilentlyContinue'
}

Export-ModuleMember -Function Open-Lane, Invoke-Request
