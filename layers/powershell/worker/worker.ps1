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

    # The call under way, and the line that comes next.
    $running = $null
    $reading = $requests.ReadLineAsync()
    while ($true) {
        if ($null -ne $running -and $running.Call.IsStopping) {
            $ends = $running.End.AsyncWaitHandle, ([IAsyncResult] $reading).AsyncWaitHandle
            if ([Threading.WaitHandle]::WaitAny($ends) -eq 0) {
                Complete-Call $frames $running
                $running = $null
                continue
            }
        }
        $line = $reading.GetAwaiter().GetResult()
        if ($null -eq $line) { break }
        $reading = $requests.ReadLineAsync()
        if (-not $line.Trim()) { continue }

        $request = ConvertFrom-JsonText $line
        if ($request.op -eq 'stop') {
            # A call that has ended meanwhile has been answered.
            if ($null -eq $running -or $running.Call.Id -ne $request.id) { continue }
            $running.Call.IsStopping = $true
            $null = $running.Shell.BeginStop($null, $null)
            continue
        }
        if ($null -ne $running) { Complete-Call $frames $running }
        $call = New-Call $request
        $shell = [powershell]::Create($lane)
        $null = $shell.AddCommand('Invoke-Request').AddParameter('Request', $request).AddParameter('Call', $call)
        $running = @{ Call = $call; Shell = $shell; End = $shell.BeginInvoke() }
    }

    # Whoever asked is gone, and with it whoever would take an answer: a call under way is not waited for.
    [Environment]::Exit(0)
}
