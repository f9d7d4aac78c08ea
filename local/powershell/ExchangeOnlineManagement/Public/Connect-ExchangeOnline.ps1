function Connect-ExchangeOnline {
    <#
    .SYNOPSIS
    Signs in as an app with a certificate, fetches the cmdlets the app may use, and imports them.
    .DESCRIPTION
    Sends the requests of the genuine cmdlet in the genuine order. It shows no banner and no progress, and loads neither
    format data nor help; the switches that speak of them are taken so that the same call works with both.
    #>
    [CmdletBinding(DefaultParameterSetName = 'Certificate')]
    param(
        [ValidateSet('O365Default', 'O365USGovGCCHigh', 'O365USGovDoD', 'O365China')]
        [string] $ExchangeEnvironmentName = 'O365Default',
        [Parameter(Mandatory)] [string] $AppId,
        [Parameter(Mandatory)] [string] $Organization,
        [Parameter(Mandatory, ParameterSetName = 'Certificate')]
        [Security.Cryptography.X509Certificates.X509Certificate2] $Certificate,
        [Parameter(Mandatory, ParameterSetName = 'CertificateFile')] [string] $CertificateFilePath,
        [Parameter(ParameterSetName = 'CertificateFile')] [securestring] $CertificatePassword,
        [string[]] $CommandName = '*',
        [ValidateRange(1, 1000)] [uint32] $PageSize = 1000,
        [switch] $ShowBanner,
        [bool] $ShowProgress,
        [switch] $SkipLoadingFormatData,
        [switch] $SkipLoadingCmdletHelp
    )

    $ErrorActionPreference = 'Stop'
    if ($CertificateFilePath) {
        $Certificate = [Security.Cryptography.X509Certificates.X509Certificate2]::new($CertificateFilePath, $CertificatePassword)
    }
    $connection = New-Connection @{
        ExchangeEnvironmentName = $ExchangeEnvironmentName
        AppId                   = $AppId
        Organization            = $Organization
        Certificate             = $Certificate
        PageSize                = $PageSize
    }
    Confirm-Authority $connection
    Update-AccessToken $connection
    # The served cmdlets find their connection by its id.
    $Connections.Add($connection)
    try { Import-ServedModule $connection $CommandName $SkipLoadingFormatData }
    catch {
        $null = $Connections.Remove($connection)
        Remove-ServedModule $connection
        throw
    }
}
