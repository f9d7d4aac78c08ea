# What a credential is looked at with before it is signed in with: its certificate, the module, and the clock.

# What the certificate says of itself, whether one could sign in with it or not.
function Show-Certificate ([Collections.IDictionary] $Session, [Collections.IDictionary] $Request, [Collections.IDictionary] $Call) {
    $Call.Stage = 'certificate'
    $certificate = Read-Certificate $Request.certificate $Request.certificatePassword
    $key = Get-PublicKey $certificate
    Write-Frame $Session.Frames ([ordered]@{
        type          = 'certificate'
        id            = $Call.Id
        subject       = $certificate.Subject
        thumbprint    = $certificate.Thumbprint
        notBefore     = $certificate.NotBefore.ToUniversalTime().ToString('o')
        notAfter      = $certificate.NotAfter.ToUniversalTime().ToString('o')
        hasPrivateKey = $certificate.HasPrivateKey
        keyAlgorithm  = $key.Algorithm
        keyBits       = $key.Bits
    }) $Call
}

function Show-Module ([Collections.IDictionary] $Session, [Collections.IDictionary] $Request, [Collections.IDictionary] $Call) {
    $Call.Stage = 'module'
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $module = Import-ExchangeModule $Request.modulePath
    Write-Frame $Session.Frames ([ordered]@{
        type     = 'module'
        id       = $Call.Id
        version  = Get-ModuleVersion $module
        path     = $module.Path
        importMs = $watch.Elapsed.TotalMilliseconds
    }) $Call
}

# A preview says so, and so does what stands in for the genuine module.
function Get-ModuleVersion ([Management.Automation.PSModuleInfo] $Module) {
    $label = $Module.PrivateData?['PSData']?['Prerelease']
    if ($label) { "$($Module.Version)-$label" } else { "$($Module.Version)" }
}

# The time at a server and here at the same moment. The server's is null where it does not tell.
function Show-Clock ([Collections.IDictionary] $Session, [Collections.IDictionary] $Request, [Collections.IDictionary] $Call) {
    $Call.Stage = 'connect'
    $client = [Net.Http.HttpClient]::new([Net.Http.SocketsHttpHandler] @{ AllowAutoRedirect = $false })
    # Well below the time that the caller waits, so that PowerShell lives on.
    $client.Timeout = [timespan]::FromSeconds(15)
    try {
        $question = [Net.Http.HttpRequestMessage]::new([Net.Http.HttpMethod]::Head, "https://$($Request.hostName)/")
        $asked = [DateTimeOffset]::UtcNow
        $answer = $client.SendAsync($question).GetAwaiter().GetResult()
        $halfWay = ([DateTimeOffset]::UtcNow - $asked) / 2
        $date = $answer.Headers.Date
    }
    # Without PowerShell's own words around it.
    catch { throw ($_.Exception.InnerException ?? $_.Exception) }
    finally { $client.Dispose() }
    Write-Frame $Session.Frames ([ordered]@{
        type       = 'clock'
        id         = $Call.Id
        localTime  = ($asked + $halfWay).UtcDateTime.ToString('o')
        serverTime = if ($null -ne $date) { $date.UtcDateTime.ToString('o') } else { $null }
    }) $Call
}

# Microsoft Entra ID takes RSA keys alone; what another one is shall be told. The sizes are asked for by method, because
# PowerShell takes the property of OpenSSL's keys for one that can only be set.
function Get-PublicKey ([Security.Cryptography.X509Certificates.X509Certificate2] $Certificate) {
    $rsa = [Security.Cryptography.X509Certificates.RSACertificateExtensions]::GetRSAPublicKey($Certificate)
    if ($null -ne $rsa) { return @{ Algorithm = 'RSA'; Bits = $rsa.get_KeySize() } }
    $ecdsa = [Security.Cryptography.X509Certificates.ECDsaCertificateExtensions]::GetECDsaPublicKey($Certificate)
    if ($null -ne $ecdsa) { return @{ Algorithm = 'EC'; Bits = $ecdsa.get_KeySize() } }
    $name = $Certificate.PublicKey.Oid
    @{ Algorithm = "$($name.FriendlyName ?? $name.Value)"; Bits = $null }
}
