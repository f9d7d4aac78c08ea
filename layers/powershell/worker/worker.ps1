# The worker: the other end of the pipes that layers/powershell/session.ts holds. It reads requests from standard input,
# one JSON object a line, and has them answered in a runspace beside its own (lane.psm1), so that it can read on
# meanwhile: a request to stop ends the call under way and nothing else, and the end of the input ends everything.
#
# It runs in pwsh 7.4 and later. It and the lane use the engine and .NET alone, no cmdlet of Microsoft.PowerShell.Utility
# or Management, because loading these modules takes time at every start.
#
# pwsh runs this file in the global scope: all happens in a scope below it, so that what is set here stays here.
& {
    Set-StrictMode -Version Latest
    $ErrorActionPreference = 'Stop'

    # Frames have standard output for themselves. Modules and hosts print to [Console]::Out, at any moment.
    $frames = [Console]::OpenStandardOutput()
    [Console]::SetOut([Console]::Error)

    . $PSScriptRoot/frames.ps1

    $lane = [runspacefactory]::CreateRunspace($Host, [initialsessionstate]::CreateDefault2())
    $lane.ThreadOptions = 'ReuseThread'
    $lane.Open()
    $shell = [powershell]::Create($lane)
    $null = $shell.AddCommand('Import-Module').AddParameter('Name', "$PSScriptRoot/lane.psm1").AddStatement()
    $null = $shell.AddCommand('Open-Lane').AddParameter('Frames', $frames).Invoke()
    $shell.Dispose()

    $requests = [IO.StreamReader]::new([Console]::OpenStandardInput(), [Text.UTF8Encoding]::new($false, $true))
    Write-Frame $frames ([ordered]@{
        type       = 'ready'
        powershell = $PSVersionTable.PSVersion.ToString()
        pid        = [Environment]::ProcessId
    })

    $call = $null
    while ($null -ne ($line = $requests.ReadLine())) {
        if (-not $line.Trim()) { continue }
        $request = ConvertFrom-JsonText $line
        if ($request.op -eq 'stop') {
            # A call that has ended meanwhile has been answered.
            if ($null -eq $call -or $call.Request.id -ne $request.id) { continue }
            $call.Request.isStopped = $true
            $null = $call.Shell.BeginStop($null, $null)
            continue
        }
        if ($null -ne $call) {
            $null = $call.End.AsyncWaitHandle.WaitOne()
            $call.Shell.Dispose()
        }
        $request.isStopped = $false
        $shell = [powershell]::Create($lane)
        $null = $shell.AddCommand('Invoke-Request').AddParameter('Request', $request)
        $call = @{ Request = $request; Shell = $shell; End = $shell.BeginInvoke() }
    }

    # Whoever asked is gone, and with it whoever would take an answer: a call under way is not waited for.
    [Environment]::Exit(0)
}
