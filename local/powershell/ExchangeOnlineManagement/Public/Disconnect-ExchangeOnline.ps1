function Disconnect-ExchangeOnline {
    <#
    .SYNOPSIS
    Closes every connection, and removes the cmdlets and the files that came with it.
    #>
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
    param()

    $target = 'Running this cmdlet clears all active sessions created using Connect-ExchangeOnline.'
    if (-not $PSCmdlet.ShouldProcess($target, "$target Are you sure you want to continue?", 'Confirm')) { return }
    foreach ($connection in $Connections.ToArray()) {
        $null = $Connections.Remove($connection)
        Remove-ServedModule $connection
    }
}
