function Get-ConnectionInformation {
    <#
    .SYNOPSIS
    Asks Exchange for its state over each connection, oldest first, and answers an object for each.
    #>
    [CmdletBinding()]
    param()

    $id = 0
    foreach ($connection in $Connections) {
        $id++
        [pscustomobject]@{
            ConnectionId                       = [guid] $connection.ConnectionId
            State                              = Get-ConnectionState $connection
            Id                                 = $id
            Name                               = "ExchangeOnline_$id"
            UserPrincipalName                  = ''
            ConnectionUri                      = $connection.Service
            AzureAdAuthorizationEndpointUri    = "$($connection.Authority)/$($connection.Organization)"
            TokenExpiryTimeUTC                 = [DateTimeOffset]::new($connection.ExpiresAt, [timespan]::Zero)
            CertificateAuthentication          = $true
            ModuleName                         = Get-ServedFolder $connection.ModuleName
            ModulePrefix                       = ''
            Organization                       = $connection.Organization
            DelegatedOrganization              = ''
            AppId                              = $connection.AppId
            PageSize                           = $connection.PageSize
            TenantID                           = $connection.TenantId
            TokenStatus                        = [datetime]::UtcNow -lt $connection.ExpiresAt ? 'Active' : 'Expired'
            ConnectionUsedForInbuiltCmdlets    = $connection -eq $Connections[$Connections.Count - 1]
            IsEopSession                       = $false
        }
    }
}
