# Runs in the bare engine and in pwsh alike: the engine and .NET only, no cmdlet of Microsoft.PowerShell.Utility or
# Management. Each file below Public holds one command, each below Private the functions of one concern.
Set-StrictMode -Version Latest

$ModuleVersion = '3.9.0'

# Newest last. Get-EXORecipient uses the newest.
$Connections = [Collections.Generic.List[object]]::new()

$HttpClient = [Net.Http.HttpClient]::new([Net.Http.SocketsHttpHandler] @{ AutomaticDecompression = 'All' })
$HttpClient.Timeout = [timespan]::FromMinutes(16)

# The first wait before a request is sent again; each further one is twice as long.
$RetryBaseMs = 1000

foreach ($folder in 'Private', 'Public') {
    foreach ($file in [IO.Directory]::GetFiles("$PSScriptRoot/$folder", '*.ps1')) { . $file }
}

Export-ModuleMember -Function Connect-ExchangeOnline, Disconnect-ExchangeOnline, Get-ConnectionInformation, Get-EXORecipient
