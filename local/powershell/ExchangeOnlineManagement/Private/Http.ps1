# HTTP. A proxy and certificate authorities come from HTTPS_PROXY and SSL_CERT_FILE, by .NET itself.

# Sends a request and answers @{ Status; Headers; Bytes }, whatever the status. Throws where there was no answer. Like the
# genuine module's requests it holds the pipeline until it ends: stopping the pipeline does not cut it short.
function Send-HttpRequest {
    param([string] $Method, [string] $Uri, [Collections.IDictionary] $Headers, [Net.Http.HttpContent] $Content)

    $request = [Net.Http.HttpRequestMessage]::new([Net.Http.HttpMethod]::new($Method), $Uri)
    foreach ($header in $Headers.GetEnumerator()) {
        $null = $request.Headers.TryAddWithoutValidation($header.Key, [string] $header.Value)
    }
    $request.Headers.AcceptEncoding.ParseAdd('gzip')
    $request.Content = $Content
    try {
        $response = $HttpClient.SendAsync($request).GetAwaiter().GetResult()
        $answer = @{
            Status  = [int] $response.StatusCode
            Headers = $response.Headers
            Bytes   = Expand-Body $response.Content.ReadAsByteArrayAsync().GetAwaiter().GetResult()
        }
        $response.Dispose()
        $answer
    }
    catch {
        # Without PowerShell's own words around it.
        throw ($_.Exception.InnerException ?? $_.Exception)
    }
}

# The body without its compression, by its first bytes: a header may claim one that is not there.
function Expand-Body {
    param([byte[]] $Bytes)

    if ($Bytes.Length -lt 2 -or $Bytes[0] -ne 0x1f -or $Bytes[1] -ne 0x8b) { return , $Bytes }
    $gzip = [IO.Compression.GZipStream]::new([IO.MemoryStream]::new($Bytes), [IO.Compression.CompressionMode]::Decompress)
    $plain = [IO.MemoryStream]::new()
    $gzip.CopyTo($plain)
    $gzip.Dispose()
    , $plain.ToArray()
}

# The first value of a header, or nothing.
function Get-HeaderValue {
    param([Net.Http.Headers.HttpResponseHeaders] $Headers, [string] $Name)

    $values = $null
    if ($Headers.TryGetValues($Name, [ref] $values)) { foreach ($value in $values) { return $value } }
}

# A member of a JSON object, or nothing where it is absent or null.
function Get-JsonMember {
    param([AllowNull()] $Element, [string] $Name)

    if ($null -eq $Element -or $Element.ValueKind -ne 'Object') { return }
    $member = [Text.Json.JsonElement]::new()
    if ($Element.TryGetProperty($Name, [ref] $member) -and $member.ValueKind -ne 'Null') { $member }
}

# The bytes as a JSON document, or nothing where they are none.
function ConvertFrom-JsonByte {
    param([byte[]] $Bytes)

    try { [Text.Json.JsonDocument]::Parse([ReadOnlyMemory[byte]] $Bytes) } catch { return }
}

# The bytes as a JSON value, or nothing where they are none.
function Get-JsonRoot {
    param([byte[]] $Bytes)

    $document = ConvertFrom-JsonByte $Bytes
    if ($null -ne $document) { $document.RootElement }
}

function ConvertTo-Base64Url {
    param([byte[]] $Bytes)

    [Convert]::ToBase64String($Bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_')
}
