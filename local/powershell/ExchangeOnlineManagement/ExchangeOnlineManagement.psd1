@{
    RootModule        = 'ExchangeOnlineManagement.psm1'
    ModuleVersion     = '3.9.0'
    GUID              = '0f1c7a52-6f0e-4f5e-9d0b-4a3f5d1b7c36'
    Author            = 'exchange-online-gateway'
    Description       = 'A small stand-in for ExchangeOnlineManagement: app-only sign-in with a certificate, the served cmdlets, Get-EXORecipient.'
    PowerShellVersion = '7.4'
    FunctionsToExport = @('Connect-ExchangeOnline', 'Disconnect-ExchangeOnline', 'Get-ConnectionInformation', 'Get-EXORecipient')
    CmdletsToExport   = @()
    VariablesToExport = @()
    AliasesToExport   = @()
    PrivateData       = @{ IsStandIn = $true }
}
