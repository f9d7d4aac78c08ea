@{
    RootModule        = 'ExchangeOnlineManagement.psm1'
    # The version of the genuine module whose requests these are.
    ModuleVersion     = '3.9.0'
    GUID              = '2f3a7d52-64a2-4d2e-8b2a-6f0b5f6a1c9d'
    Author            = 'exchange-online-gateway'
    Description       = 'Stands in for the genuine ExchangeOnlineManagement where that cannot run: the part of it an app needs that signs in with a certificate.'
    PowerShellVersion = '7.4'
    FunctionsToExport = 'Connect-ExchangeOnline', 'Disconnect-ExchangeOnline', 'Get-ConnectionInformation', 'Get-EXORecipient'
    CmdletsToExport   = @()
    VariablesToExport = @()
    AliasesToExport   = @()
    # Its version is told as 3.9.0-stand-in.
    PrivateData       = @{
        PSData = @{
            Prerelease = 'stand-in'
        }
    }
}
