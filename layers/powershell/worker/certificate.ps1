# The certificate, opened in memory and looked at before anything is sent.

# Throws where it cannot be opened, has no RSA key, or is not valid now.
function Open-Certificate ([string] $Base64, [string] $Password) {
    $certificate = Read-Certificate $Base64 $Password
    Assert-PrivateKey $certificate
    Assert-Validity $certificate ([datetime]::UtcNow)
    $certificate
}

# Throws where it cannot be opened. A wrong password is a CryptographicException with HResult 0x80070056.
function Read-Certificate ([string] $Base64, [string] $Password) {
    # A key that is kept in memory alone. macOS has no such thing.
    $storage = [Security.Cryptography.X509Certificates.X509KeyStorageFlags]::EphemeralKeySet
    if ([OperatingSystem]::IsMacOS()) { $storage = [Security.Cryptography.X509Certificates.X509KeyStorageFlags]::DefaultKeySet }
    $bytes = [Convert]::FromBase64String($Base64)
    Assert-OnlyKey $bytes $Password $storage
    [Security.Cryptography.X509Certificates.X509Certificate2]::new($bytes, $Password, $storage)
}

# Of several .NET would take one silently.
function Assert-OnlyKey ([byte[]] $Bytes, [string] $Password, [Security.Cryptography.X509Certificates.X509KeyStorageFlags] $Storage) {
    $all = [Security.Cryptography.X509Certificates.X509Certificate2Collection]::new()
    try {
        $all.Import($Bytes, $Password, $Storage)
        $withKey = @($all | Where-Object HasPrivateKey)
        if ($withKey.Count -gt 1) {
            $text = "The PFX holds $($withKey.Count) private keys, those of $($withKey.Subject -join ' and ')."
            throw [Security.Cryptography.CryptographicException]::new($text)
        }
    }
    finally { foreach ($each in $all) { $each.Dispose() } }
}

function Assert-PrivateKey ([Security.Cryptography.X509Certificates.X509Certificate2] $Certificate) {
    if (-not $Certificate.HasPrivateKey) {
        throw [Security.Cryptography.CryptographicException]::new('The certificate has no private key.')
    }
    $key = [Security.Cryptography.X509Certificates.RSACertificateExtensions]::GetRSAPrivateKey($Certificate)
    if ($null -eq $key) {
        $algorithm = $Certificate.PublicKey.Oid.FriendlyName
        $text = "The certificate's private key is not an RSA key (it is $algorithm): Microsoft Entra ID takes RSA alone."
        throw [Security.Cryptography.CryptographicException]::new($text)
    }
    $key.Dispose()
}

function Assert-Validity ([Security.Cryptography.X509Certificates.X509Certificate2] $Certificate, [datetime] $Now) {
    $from = $Certificate.NotBefore.ToUniversalTime()
    $until = $Certificate.NotAfter.ToUniversalTime()
    if ($Now -gt $until) {
        $text = "The certificate has expired: it was valid until $($until.ToString('o'))."
        throw [Security.Cryptography.CryptographicException]::new($text)
    }
    if ($Now -lt $from) {
        $text = "The certificate is not yet valid: it will be from $($from.ToString('o'))."
        throw [Security.Cryptography.CryptographicException]::new($text)
    }
}
