# Signs in as the app: a token by a client assertion that the certificate's key has signed.
# https://learn.microsoft.com/entra/identity-platform/certificate-credentials
function Request-AccessToken {
    param([string] $AppId, [string] $Organization, [System.Security.Cryptography.X509Certificates.X509Certificate2] $Certificate, [string] $Claims)

    $endpoint = "https://$script:SignInHost/$Organization/oauth2/v2.0/token"
    $form = [System.Collections.Generic.Dictionary[string, string]]::new()
    $form['client_id'] = $AppId
    $form['client_assertion_type'] = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
    $form['client_assertion'] = New-ClientAssertion $AppId $endpoint $Certificate
    $form['scope'] = "https://$script:ExchangeHost/.default"
    $form['grant_type'] = 'client_credentials'
    if ($Claims) { $form['claims'] = $Claims }

    $response = $script:HttpClient.PostAsync($endpoint, [System.Net.Http.FormUrlEncodedContent]::new($form)).GetAwaiter().GetResult()
    $text = $response.Content.ReadAsStringAsync().GetAwaiter().GetResult()
    $answer = [System.Text.Json.JsonDocument]::Parse($text).RootElement
    if (-not $response.IsSuccessStatusCode) { throw (New-SignInRefusal $answer) }
    $token = $answer.GetProperty('access_token').GetString()
    @{
        Header    = "Bearer $token"
        TenantId  = Read-TokenClaim $token 'tid'
        ExpiresAt = [datetime]::UtcNow.AddSeconds($answer.GetProperty('expires_in').GetInt32())
    }
}

# Asks which sign-in service is responsible, as every first sign-in of a process does.
function Find-SignInService {
    param([string] $Organization)

    $authorization = [uri]::EscapeDataString("https://$script:SignInHost/$Organization/oauth2/v2.0/authorize")
    $uri = "https://$script:SignInHost/common/discovery/instance?api-version=1.1&authorization_endpoint=$authorization"
    $response = $script:HttpClient.GetAsync($uri).GetAwaiter().GetResult()
    $null = $response.EnsureSuccessStatusCode()
}

function New-ClientAssertion {
    param([string] $AppId, [string] $Audience, $Certificate)

    $thumbprint = [System.Security.Cryptography.SHA256]::HashData($Certificate.RawData)
    $now = [DateTimeOffset]::UtcNow.ToUnixTimeSeconds()
    $header = [System.Collections.Generic.Dictionary[string, string]]::new()
    $header['alg'] = 'PS256'
    $header['typ'] = 'JWT'
    $header['x5t#S256'] = ConvertTo-Base64Url $thumbprint
    $payload = [System.Collections.Generic.Dictionary[string, string]]::new()
    $payload['aud'] = $Audience
    $payload['iss'] = $AppId
    $payload['sub'] = $AppId
    $payload['jti'] = [guid]::NewGuid().ToString()
    $payload['nbf'] = [string] $now
    $payload['exp'] = [string] ($now + 600)

    $parts = foreach ($part in $header, $payload) {
        ConvertTo-Base64Url ([System.Text.Json.JsonSerializer]::SerializeToUtf8Bytes($part, $part.GetType()))
    }
    $signed = $parts -join '.'
    $key = [System.Security.Cryptography.X509Certificates.RSACertificateExtensions]::GetRSAPrivateKey($Certificate)
    $signature = $key.SignData(
        [System.Text.Encoding]::ASCII.GetBytes($signed),
        [System.Security.Cryptography.HashAlgorithmName]::SHA256,
        [System.Security.Cryptography.RSASignaturePadding]::Pss)
    "$signed.$(ConvertTo-Base64Url $signature)"
}

function New-SignInRefusal {
    param([System.Text.Json.JsonElement] $Answer)

    $description = $Answer.GetProperty('error_description').GetString()
    [System.InvalidOperationException]::new(
        'A configuration issue is preventing authentication - check the error message from the server for details. ' +
        'You can modify the configuration in the application registration portal. ' +
        "See https://aka.ms/msal-net-invalid-client for details.  Original exception: $description")
}

function ConvertTo-Base64Url {
    param([byte[]] $Bytes)

    [Convert]::ToBase64String($Bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_')
}

function Read-TokenClaim {
    param([string] $Token, [string] $Name)

    $payload = $Token.Split('.')[1].Replace('-', '+').Replace('_', '/')
    $padded = $payload.PadRight($payload.Length + (4 - $payload.Length % 4) % 4, '=')
    $document = [System.Text.Json.JsonDocument]::Parse([System.Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($padded)))
    $document.RootElement.GetProperty($Name).GetString()
}
