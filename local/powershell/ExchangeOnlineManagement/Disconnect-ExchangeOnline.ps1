function Disconnect-ExchangeOnline {
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
    param()

    if (-not $PSCmdlet.ShouldProcess('Running this cmdlet clears all active sessions created using Connect-ExchangeOnline.', 'Are you sure you want to perform this action?', '')) { return }
    foreach ($context in $script:Connections) {
        Remove-Module -Name $context.ModuleName -Force -ErrorAction Ignore
        if ([System.IO.Directory]::Exists($context.ModuleFolder)) { [System.IO.Directory]::Delete($context.ModuleFolder, $true) }
    }
    $script:Connections.Clear()
}
