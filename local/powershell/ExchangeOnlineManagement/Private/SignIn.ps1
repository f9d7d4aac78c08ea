# Signing in as an app with a certificate: https://learn.microsoft.com/entra/identity-platform/certificate-credentials

$AssertionLifeSeconds = 600

# A token is renewed when it has less than this to live.
$RenewalMinutes = 5

# What the module says before the words of MSAL, whatever they are.
$ServiceErrorText = 'Case when Message contains:AADSTS70011 Invalid scope. The scope has to be of the form "https://resourceUrl/.default"Mitigation: change the scope to be as expected'

# What MSAL says before the words of a server that takes the app for another one.
$InvalidClientText = 'A configuration issue is preventing authentication - check the error message from the server for details. You can modify the configuration in the application registration portal. See https://aka.ms/msal-net-invalid-client for details. '

$ThrottledText = 'Your app has been throttled by AAD due to too many requests. To avoid this, cache your tokens see https://aka.ms/msal-net-throttling.'
$UnreadableText = 'An error response was returned by the OAuth2 server, but it could not be parsed. Please inspect the exception properties for details. '

# Asks where to sign in, and does so there from then on. MSAL does so before anything else, and goes on without an answer
# where it gets an error for one.
function Confirm-Authority {
    param([Collections.IDictionary] $Connection)

    $endpoint = [uri]::EscapeDataString("$($Connection.Authority)/$($Connection.Organization)/oauth2/v2.0/authorize")
    $uri = "$($Connection.Authority)/common/discovery/instance?api-version=1.1&authorization_endpoint=$endpoint"
    $answer = Send-SignInRequest { Send-HttpRequest GET $uri @{ Accept = 'application/json' } }
    if ($answer.Status -ne 200) { return }
    $known = ([uri] $Connection.Authority).Host
    foreach ($entry in (Read-SignInAnswer $answer).GetProperty('metadata').EnumerateArray()) {
        $aliases = foreach ($alias in $entry.GetProperty('aliases').EnumerateArray()) { $alias.GetString() }
        if ($known -in $aliases) { $Connection.Authority = "https://$($entry.GetProperty('preferred_network'))" }
    }
}

# MSAL sends a request once more, at once, where the server is in trouble.
function Send-SignInRequest {
    param([scriptblock] $Send)

    $answer = & $Send
    if ($answer.Status -ge 500) { $answer = & $Send }
    $answer
}

function Read-SignInAnswer {
    param([Collections.IDictionary] $Answer)

    if ($Answer.Bytes.Length -eq 0) { throw [NullReferenceException]::new() }
    try { [Text.Json.JsonDocument]::Parse([ReadOnlyMemory[byte]] $Answer.Bytes).RootElement }
    catch { throw [Text.Json.JsonException]::new($_.Exception.InnerException.Message, $_.Exception.InnerException) }
}

# Puts a new token into the connection. `Claims` is what a challenge of the server asked for.
function Update-AccessToken {
    param([Collections.IDictionary] $Connection, [string] $Claims)

    $endpoint = "$($Connection.Authority)/$($Connection.Organization)/oauth2/v2.0/token"
    $form = [Collections.Generic.Dictionary[string, string]]::new()
    $form['client_id'] = $Connection.AppId
    $form['client_assertion_type'] = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
    $form['client_assertion'] = New-ClientAssertion $Connection.Certificate $Connection.AppId $endpoint
    $form['scope'] = "$($Connection.Service)/.default"
    $form['grant_type'] = 'client_credentials'
    if ($Claims) { $form['claims'] = $Claims }

    $answer = Send-SignInRequest {
        Send-HttpRequest POST $endpoint @{ Accept = 'application/json' } ([Net.Http.FormUrlEncodedContent]::new($form))
    }
    if ($answer.Status -ne 200) { throw (New-SignInException $answer $Connection $endpoint) }
    $json = Read-SignInAnswer $answer
    $Connection.AccessToken = $json.GetProperty('access_token').GetString()
    $Connection.ExpiresAt = [datetime]::UtcNow.AddSeconds($json.GetProperty('expires_in').GetInt32())
    $Connection.TenantId = Read-TenantId $Connection.AccessToken
}

# The Authorization header's value, with a token that has some time left.
function Get-AuthorizationHeader {
    param([Collections.IDictionary] $Connection, [string] $Claims)

    if ($Claims -or [datetime]::UtcNow.AddMinutes($RenewalMinutes) -ge $Connection.ExpiresAt) {
        Update-AccessToken $Connection $Claims
    }
    "Bearer $($Connection.AccessToken)"
}

function New-ClientAssertion {
    param([Security.Cryptography.X509Certificates.X509Certificate2] $Certificate, [string] $AppId, [string] $Audience)

    $thumbprint = ConvertTo-Base64Url ([Security.Cryptography.SHA256]::HashData($Certificate.RawData))
    $now = [DateTimeOffset]::UtcNow.ToUnixTimeSeconds()
    $header = [ordered]@{ alg = 'PS256'; typ = 'JWT'; 'x5t#S256' = $thumbprint }
    # The times are text, as the module sends them.
    $payload = [ordered]@{
        aud = $Audience
        iss = $AppId
        sub = $AppId
        jti = [guid]::NewGuid().ToString()
        nbf = [string] $now
        exp = [string] ($now + $AssertionLifeSeconds)
    }
    $signed = "$(ConvertTo-JwtPart $header).$(ConvertTo-JwtPart $payload)"
    $key = [Security.Cryptography.X509Certificates.RSACertificateExtensions]::GetRSAPrivateKey($Certificate)
    $signature = $key.SignData(
        [Text.Encoding]::ASCII.GetBytes($signed),
        [Security.Cryptography.HashAlgorithmName]::SHA256,
        [Security.Cryptography.RSASignaturePadding]::Pss)
    "$signed.$(ConvertTo-Base64Url $signature)"
}

function ConvertTo-JwtPart {
    param([Collections.Specialized.OrderedDictionary] $Members)

    ConvertTo-Base64Url ([Text.Json.JsonSerializer]::SerializeToUtf8Bytes($Members, $Members.GetType()))
}

function Read-TenantId {
    param([string] $Token)

    $payload = $Token.Split('.')[1].Replace('-', '+').Replace('_', '/')
    $payload = $payload.PadRight([int] [math]::Ceiling($payload.Length / 4) * 4, '=')
    (Get-JsonRoot ([Convert]::FromBase64String($payload))).GetProperty('tid').GetString()
}

# A service error of MSAL, as the module throws it. The module prints it as well.
function New-SignInException {
    param([Collections.IDictionary] $Answer, [Collections.IDictionary] $Connection, [string] $Endpoint)

    $type = 'Microsoft.Identity.Client.MsalServiceException'
    $status = $Answer.Status
    $json = Get-JsonRoot $Answer.Bytes
    $kind = Get-JsonMember $json 'error'
    $isReadable = $Answer.Bytes.Length -eq 0 -or ($null -ne $json -and ($null -eq $kind -or $kind.ValueKind -eq 'String'))
    if ($status -ge 500) { $text = "Service is unavailable to process the request. The request Uri is: $Endpoint on port 443" }
    elseif ($isReadable -and $null -eq $kind) { $text = "HttpStatusCode: ${status}: $([Net.HttpStatusCode] $status)" }
    elseif ($isReadable -and "$kind" -eq 'invalid_client') {
        $text = "$InvalidClientText Original exception: $(Get-JsonMember $json 'error_description')"
    }
    elseif ($isReadable) { $text = "$(Get-JsonMember $json 'error_description')" }
    elseif ($status -eq 429) {
        $type = 'Microsoft.Identity.Client.MsalThrottledServiceException'
        $text = $ThrottledText
    }
    else { $text = $UnreadableText }
    if ($status -eq 404) {
        $text += "`nAuthority used: $($Connection.Authority)/$($Connection.Organization)/`nToken Endpoint: $Endpoint"
    }

    [Console]::WriteLine("Error Acquiring Token:`n$ServiceErrorText$text")
    [Exception]::new("$ServiceErrorText$text", (New-NamedException $type $text))
}
