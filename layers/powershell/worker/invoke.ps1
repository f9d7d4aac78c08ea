# Requests, each answered to its end: whatever becomes of one, its last frame is written, here or, where a stop cut that
# short, by worker.ps1.

function Invoke-Request ([Collections.IDictionary] $Request, [Collections.IDictionary] $Call) {
    # Everything that goes wrong in this call is kept here, what a cmdlet handled by itself included.
    $global:Error.Clear()
    $hasEnded = $false
    try {
        # `break` and `continue` in a cmdlet, outside a loop of its own, end the nearest loop or switch above: this one.
        foreach ($only in 1) {
            if ($Request.op -eq 'connect') { Connect-Exchange $session $Request $call }
            elseif ($Request.op -eq 'certificate') { Show-Certificate $session $Request $call }
            elseif ($Request.op -eq 'module') { Show-Module $session $Request $call }
            elseif ($Request.op -eq 'clock') { Show-Clock $session $Request $call }
            else { Invoke-Cmdlet $session $Request $call }
            $hasEnded = $true
        }
    }
    catch {
        $call.Errors.Add($_)
        $hasEnded = $true
    }
    finally {
        # `exit` in a cmdlet gets here too, and no further; and so does a call that is stopped.
        $call.IsStopped = -not $hasEnded -and $call.IsStopping
        # A cmdlet that repeats its request keeps to itself why, until it gives up.
        if ($call.IsStopped) { $call.Errors = @(Get-LastError) }
        if (-not $hasEnded -and -not $call.IsStopped) {
            $call.Errors.Add((New-ErrorRecord 'The cmdlet broke off without an error.' 'BrokenOff'))
        }
        if (-not $call.IsAnswered) { Write-EndFrame $session.Frames $call }
    }
}

# Runs one of the cmdlets found when connecting, and nothing else.
function Invoke-Cmdlet ([Collections.IDictionary] $Session, [Collections.IDictionary] $Request, [Collections.IDictionary] $Call) {
    $command = Find-Cmdlet $Session.Commands $Request.cmdlet
    $parameters = $Request.parameters
    & $command @parameters -ErrorAction Continue 2>&1 3>&1 4>$null 5>$null 6>$null |
        Send-Row $Session.Frames $Call $Request.select
}

function Find-Cmdlet ([AllowNull()] [Collections.IDictionary] $Commands, [string] $Name) {
    if ($null -eq $Commands) {
        throw [InvalidOperationException]::new('You must call Connect-ExchangeOnline before calling any other cmdlet.')
    }
    if ($Commands.Contains($Name)) { return $Commands[$Name] }
    throw [Management.Automation.CommandNotFoundException]::new("The cmdlet '$Name' is not among those this app may use.")
}

function New-ErrorRecord ([string] $Text, [string] $ErrorId) {
    [Management.Automation.ErrorRecord]::new([InvalidOperationException]::new($Text), $ErrorId, 'NotSpecified', $null)
}
