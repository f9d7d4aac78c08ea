# One connection, with the members that the served cmdlets use of the real module's class of this name.
class ConnectionContext {
    [string] $ObjectId = [guid]::NewGuid().ToString()
    [string] $ConnectionId = [guid]::NewGuid().ToString()
    [string] $AppId
    [string] $Organization
    [string] $TenantId
    [string] $BaseUri
    [int] $PageSize
    [string] $ModuleFolder
    [string] $ModuleName
    hidden [System.Security.Cryptography.X509Certificates.X509Certificate2] $Certificate
    hidden [scriptblock] $SignIn
    hidden [hashtable] $Token

    # The token, renewed when it is about to end or has been challenged.
    [pscustomobject] GetAuthHeader([string] $claims, [string] $requestId) {
        if ($null -eq $this.Token -or $claims -or $this.Token.ExpiresAt -lt [datetime]::UtcNow.AddMinutes(5)) {
            $this.Token = & $this.SignIn $this $claims
        }
        $this.TenantId = $this.Token.TenantId
        return [pscustomobject]@{
            AuthorizationHeader = $this.Token.Header
            BaseUri             = $this.BaseUri
            TenantId            = $this.TenantId
            UserPrincipalName   = $null
        }
    }
}

function New-ConnectionContext {
    param([string] $AppId, [string] $Organization, $Certificate, [int] $PageSize)

    $context = [ConnectionContext]::new()
    $context.AppId = $AppId
    $context.Organization = $Organization
    $context.BaseUri = "https://$script:ExchangeHost/adminapi/beta"
    $context.PageSize = $PageSize
    $context.Certificate = $Certificate
    # A class does not see the module's functions; a script block made here does.
    $context.SignIn = { param($Context, $Claims) Request-AccessToken $Context.AppId $Context.Organization $Context.Certificate $Claims }
    $context
}

# Called by the served cmdlets, with the id that was added to their text.
function Find-ConnectionContext {
    param([string] $ObjectId)

    foreach ($context in $script:Connections) { if ($context.ObjectId -eq $ObjectId) { return $context } }
    throw [System.InvalidOperationException]::new('You must call Connect-ExchangeOnline before calling any other cmdlet.')
}

# The module's own cmdlets follow the newest connection.
function Get-NewestConnectionContext {
    if ($script:Connections.Count -gt 0) { return $script:Connections[$script:Connections.Count - 1] }
    throw [System.InvalidOperationException]::new('You must call Connect-ExchangeOnline before calling any other cmdlet.')
}

# A request with the headers that every request of the module has.
function New-ExchangeRequest {
    param([ConnectionContext] $Context, [string] $Uri, [hashtable] $Headers = @{}, [string] $Claims = '')

    $auth = $Context.GetAuthHeader($Claims, '')
    $request = [System.Net.Http.HttpRequestMessage]::new([System.Net.Http.HttpMethod]::Get, $Uri)
    $common = @{
        'Authorization'     = $auth.AuthorizationHeader
        'Accept'            = 'application/json'
        'X-AnchorMailbox'   = "APP:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@$($auth.TenantId)"
        'connection-id'     = $Context.ConnectionId
        'client-request-id' = [guid]::NewGuid().ToString()
        'exomodule-version' = $ExecutionContext.SessionState.Module.Version.ToString()
        'ps-version'        = $PSVersionTable.PSVersion.ToString()
    }
    foreach ($set in $common, $Headers) {
        foreach ($header in $set.GetEnumerator()) { $null = $request.Headers.TryAddWithoutValidation($header.Key, [string] $header.Value) }
    }
    $request
}
