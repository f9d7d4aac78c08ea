# The worker: the other end of the pipes that layers/powershell/session.ts holds. It reads requests from standard input,
# one JSON object a line, answers frames on standard output (layers/powershell/frames.ts), and ends with its input.
#
# It runs unchanged in pwsh 7.4 and later and in the bare engine, so it uses the engine and .NET alone, no cmdlet of
# Microsoft.PowerShell.Utility or Management. pwsh runs this file in the global scope: all happens in a scope below it,
# because strict mode and preferences set there would reach into the modules.
& {
    Set-StrictMode -Version Latest
    $ErrorActionPreference = 'Stop'

    # Frames have standard output for themselves. Modules and hosts print to [Console]::Out, at any moment.
    $frames = [Console]::OpenStandardOutput()
    [Console]::SetOut([Console]::Error)
    $global:ProgressPreference = 'SilentlyContinue'

    . $PSScriptRoot/frames.ps1
    . $PSScriptRoot/rows.ps1
    . $PSScriptRoot/certificate.ps1
    . $PSScriptRoot/connect.ps1
    . $PSScriptRoot/inspect.ps1
    . $PSScriptRoot/invoke.ps1

    $requests = [IO.StreamReader]::new([Console]::OpenStandardInput(), [Text.UTF8Encoding]::new($false, $true))
    $session = @{ Frames = $frames; Commands = $null }
    Write-Frame $frames ([ordered]@{
        type       = 'ready'
        powershell = $PSVersionTable.PSVersion.ToString()
        pid        = [Environment]::ProcessId
    })

    while ($null -ne ($line = $requests.ReadLine())) {
        if ($line.Trim()) { Invoke-Request $session (ConvertFrom-JsonText $line) }
    }
}
