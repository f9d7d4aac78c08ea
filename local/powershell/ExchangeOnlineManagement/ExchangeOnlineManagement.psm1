# Uses the engine and .NET only, so that connecting loads no module of PowerShell's. Each file below Public holds one
# command, each below Private the functions of one concern.
Set-StrictMode -Version Latest

$ModuleVersion = '3.9.0'

# Bodies are decompressed where they are read: some only claim to be compressed, and callers see those as they came.
$HttpClient = [Net.Http.HttpClient]::new()
$HttpClient.Timeout = [timespan]::FromSeconds(100)

foreach ($folder in 'Private', 'Public') {
    foreach ($file in [IO.Directory]::GetFiles("$PSScriptRoot/$folder", '*.ps1')) { . $file }
}

# The settings of the process, which can be changed at any time.
$AppSettings = Get-StaticType 'Microsoft.Exchange.Management.AdminApiProvider.AppSettings' @{
    MaxRetryTimes               = 5u
    RetryIntervalInMilliSeconds = 2000u
    RetryIntervalExponentBase   = 2u
    PageSize                    = 1000u
    HTTPTimeout                 = 300
    HttpConnectionLimit         = 14
}

# The connections of the process, newest last. Get-EXORecipient uses the newest, in every runspace.
$Connections = (Get-StaticType "$TypesAssembly.Process" @{ Connections = [Collections.Generic.List[object]]::new() })::Connections

Export-ModuleMember -Function Connect-ExchangeOnline, Disconnect-ExchangeOnline, Get-ConnectionInformation, Get-EXORecipient
