# Imports the module as a function does, by what the image's environment says alone.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$module = Import-Module -Name ExchangeOnlineManagement -PassThru -DisableNameChecking
if (-not $module.Path.StartsWith($env:EXCHANGE_MODULE_PATH)) {
    throw "EXCHANGE_MODULE_PATH is $env:EXCHANGE_MODULE_PATH, and the module lies at $($module.Path)."
}
if (-not $module.ExportedCommands.ContainsKey('Connect-ExchangeOnline')) {
    throw "$($module.Path) has no Connect-ExchangeOnline."
}
"$($module.Name) $($module.Version) in PowerShell $($PSVersionTable.PSVersion)"
