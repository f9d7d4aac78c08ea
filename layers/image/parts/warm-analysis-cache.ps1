# Lets PowerShell note once which commands its modules have, so that no function has to find that out at its start.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

$null = Get-Module -ListAvailable
$null = Import-Module -Name ExchangeOnlineManagement -PassThru -DisableNameChecking

# It writes the notes by itself, some ten seconds later.
$watch = [Diagnostics.Stopwatch]::StartNew()
while (-not [IO.File]::Exists($env:PSModuleAnalysisCachePath)) {
    if ($watch.Elapsed.TotalSeconds -gt 60) { throw "PowerShell wrote nothing to $env:PSModuleAnalysisCachePath." }
    [Threading.Thread]::Sleep(200)
}
[Threading.Thread]::Sleep(1000)
