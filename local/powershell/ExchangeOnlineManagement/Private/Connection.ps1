# Connections: what is known of each, and the objects that stand for them.

# Microsoft's clouds and their hosts, which stand in one place for all.
$EnvironmentsFile = "$PSScriptRoot/../../../../layers/exchange/environments.json"

function New-Connection {
    param([Collections.IDictionary] $Parameters)

    $environments = Get-JsonRoot ([IO.File]::ReadAllBytes($EnvironmentsFile))
    $environment = $environments.GetProperty($Parameters.ExchangeEnvironmentName)
    @{
        ConnectionId = [guid]::NewGuid().ToString()
        Authority    = "https://$($environment.GetProperty('signInHost'))"
        Service      = "https://$($environment.GetProperty('exchangeHost'))"
        AppId        = $Parameters.AppId
        Organization = $Parameters.Organization
        Certificate  = $Parameters.Certificate
        PageSize     = $Parameters.PageSize
        AccessToken  = $null
        ExpiresAt    = [datetime]::MinValue
        TenantId     = $null
        ModuleName   = $null
    }
}

# The connection that Get-EXORecipient uses.
function Get-NewestConnection {
    if ($Connections.Count -eq 0) {
        throw [InvalidOperationException]::new('You must call Connect-ExchangeOnline before calling any other cmdlet.')
    }
    $Connections[$Connections.Count - 1]
}

function Get-ConnectionState {
    param([Collections.IDictionary] $Connection)

    try {
        $null = Get-ExchangeContent $Connection "/AdminApi/beta/$($Connection.TenantId)/basicinfo('AdminApiState')" @{}
        'Connected'
    }
    catch { 'Broken' }
}

# What a served cmdlet asks for by the id written into its module. The genuine module has a .NET type for this; the
# object has the same members: ConnectionId, PageSize, and GetAuthHeader(claims, requestId).
function Get-ConnectionContext {
    param([string] $ConnectionId)

    foreach ($connection in $Connections) {
        if ($connection.ConnectionId -ne $ConnectionId) { continue }
        $context = [pscustomobject]@{ ConnectionId = $ConnectionId; PageSize = $connection.PageSize; Connection = $connection }
        $context.PSObject.Members.Add([psscriptmethod]::new('GetAuthHeader', {
                    param($Claims, $RequestId)
                    [pscustomobject]@{
                        AuthorizationHeader = Get-AuthorizationHeader $this.Connection $Claims
                        BaseUri             = "$($this.Connection.Service)/adminapi/beta"
                        TenantId            = $this.Connection.TenantId
                        UserPrincipalName   = ''
                    }
                }))
        return $context
    }
}

# The headers of every request to Exchange.
function Get-ExchangeHeader {
    param([Collections.IDictionary] $Connection, [string] $Claims)

    @{
        Authorization       = Get-AuthorizationHeader $Connection $Claims
        Accept              = 'application/json'
        'Accept-Charset'    = 'UTF-8'
        'X-AnchorMailbox'   = "APP:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@$($Connection.TenantId)"
        'connection-id'     = $Connection.ConnectionId
        'client-request-id' = [guid]::NewGuid().ToString()
        'exomodule-version' = $ModuleVersion
        'ps-version'        = $PSVersionTable.PSVersion.ToString()
    }
}
