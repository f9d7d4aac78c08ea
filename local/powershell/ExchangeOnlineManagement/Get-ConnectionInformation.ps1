function Get-ConnectionInformation {
    [CmdletBinding()]
    param()

    foreach ($context in $script:Connections) {
        [pscustomobject]@{
            ConnectionId          = [guid] $context.ConnectionId
            State                 = 'Connected'
            Id                    = $script:Connections.IndexOf($context) + 1
            Name                  = "ExchangeOnline_$($script:Connections.IndexOf($context) + 1)"
            UserPrincipalName     = $null
            ConnectionUri         = "https://$script:ExchangeHost"
            TokenExpiryTimeUTC    = $context.Token.ExpiresAt
            CertificateAuthentication = $true
            ModuleName            = $context.ModuleFolder
            Organization          = $context.Organization
            AppId                 = $context.AppId
            TenantID              = $context.TenantId
            TokenStatus           = 'Active'
        }
    }
}
