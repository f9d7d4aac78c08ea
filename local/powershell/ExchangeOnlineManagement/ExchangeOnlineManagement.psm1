# A stand-in for Microsoft's module where that is not installed: the same requests in the same order, in script alone.
# The engine and .NET only, so that it runs in pwsh and in the bare engine alike.
Set-StrictMode -Version Latest

$script:SignInHost = 'login.microsoftonline.com'
$script:ExchangeHost = 'outlook.office365.com'
$script:Connections = [System.Collections.Generic.List[object]]::new()
$script:RepeatBaseMilliseconds = 2000

$script:HttpHandler = [System.Net.Http.SocketsHttpHandler]::new()
$script:HttpHandler.AutomaticDecompression = [System.Net.DecompressionMethods]::GZip
$script:HttpClient = [System.Net.Http.HttpClient]::new($script:HttpHandler)
$script:HttpClient.Timeout = [timespan]::FromSeconds(960)

. $PSScriptRoot/Request-AccessToken.ps1
. $PSScriptRoot/ConnectionContext.ps1
. $PSScriptRoot/ConvertTo-ODataFilter.ps1
. $PSScriptRoot/Connect-ExchangeOnline.ps1
. $PSScriptRoot/Disconnect-ExchangeOnline.ps1
. $PSScriptRoot/Get-ConnectionInformation.ps1
. $PSScriptRoot/Get-EXORecipient.ps1
