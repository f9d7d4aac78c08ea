function Connect-ExchangeOnline {
    [CmdletBinding()]
    param(
        [string] $AppId,
        [string] $Organization,
        [System.Security.Cryptography.X509Certificates.X509Certificate2] $Certificate,
        [string] $CertificateFilePath,
        [securestring] $CertificatePassword,
        [string[]] $CommandName = @('*'),
        [string] $ExchangeEnvironmentName = 'O365Default',
        [uint32] $PageSize = 1000,
        [switch] $ShowBanner,
        [bool] $ShowProgress = $true,
        [switch] $SkipLoadingFormatData,
        [switch] $SkipLoadingCmdletHelp
    )

    if (-not $AppId -or -not $Organization) { throw [System.ArgumentException]::new('This module signs in as an app only: AppId, Organization and a certificate are needed.') }
    if ($ExchangeEnvironmentName -ne 'O365Default') { throw [System.ArgumentException]::new("This module knows the environment O365Default only, not '$ExchangeEnvironmentName'.") }
    if ($CertificateFilePath) {
        $Certificate = [System.Security.Cryptography.X509Certificates.X509Certificate2]::new($CertificateFilePath, $CertificatePassword)
    }
    if ($null -eq $Certificate) { throw [System.ArgumentException]::new('A certificate is needed: Certificate, or CertificateFilePath with CertificatePassword.') }

    $context = New-ConnectionContext $AppId $Organization $Certificate $PageSize
    Find-SignInService $Organization
    $null = $context.GetAuthHeader('', '')
    Import-ServedModule $context $CommandName $SkipLoadingFormatData
    $script:Connections.Add($context)
    Test-Connection $context
}

# Fetches the cmdlets that the server gives this app, as text, and imports them for everybody in the process.
function Import-ServedModule {
    param([ConnectionContext] $Context, [string[]] $CommandName, [bool] $SkipLoadingFormatData)

    $file = Receive-ModuleFile $Context @{ 'CommandName' = $CommandName -join ','; 'SkipLoadingFormatData' = $SkipLoadingFormatData }
    $name = 'tmpEXO_' + [System.IO.Path]::GetRandomFileName()
    $folder = [System.IO.Path]::Combine([System.IO.Path]::GetTempPath(), $name)
    $exported = @($file.GetProperty('exportedCmdlets').GetString().Split(',', [StringSplitOptions]::RemoveEmptyEntries))
    $quoted = @(foreach ($cmdlet in $exported) { "'" + $cmdlet.Trim().Replace("'", "''") + "'" }) -join ', '
    $null = [System.IO.Directory]::CreateDirectory($folder)
    $text = $file.GetProperty('fileContent').GetString() + "`n`$ConnectionContextObjectId='$($Context.ObjectId)';`n"
    [System.IO.File]::WriteAllText([System.IO.Path]::Combine($folder, "$name.psm1"), $text)
    $manifest = [System.IO.Path]::Combine($folder, "$name.psd1")
    [System.IO.File]::WriteAllText($manifest, "@{ RootModule = '$name.psm1'; ModuleVersion = '1.0'; FunctionsToExport = @($quoted) }`n")
    $Context.ModuleFolder = $folder
    $Context.ModuleName = $name
    Import-Module -Name $manifest -Global -DisableNameChecking
}

function Receive-ModuleFile {
    param([ConnectionContext] $Context, [hashtable] $Headers)

    $version = $ExecutionContext.SessionState.Module.Version
    $uri = "https://$script:ExchangeHost/AdminApi/v1.0/$($Context.TenantId)/EXOModuleFile?Version=$version"
    $response = $script:HttpClient.SendAsync((New-ExchangeRequest $Context $uri $Headers)).GetAwaiter().GetResult()
    if ([int] $response.StatusCode -eq 401) {
        $Context.Token = $null
        $response = $script:HttpClient.SendAsync((New-ExchangeRequest $Context $uri $Headers)).GetAwaiter().GetResult()
    }
    $text = $response.Content.ReadAsStringAsync().GetAwaiter().GetResult()
    if ([int] $response.StatusCode -eq 403) { throw [System.UnauthorizedAccessException]::new((Read-ErrorMessage $text)) }
    $null = $response.EnsureSuccessStatusCode()
    [System.Text.Json.JsonDocument]::Parse($text).RootElement.GetProperty('value')[0]
}

function Read-ErrorMessage {
    param([string] $Text)

    try { [System.Text.Json.JsonDocument]::Parse($Text).RootElement.GetProperty('error').GetProperty('message').GetString() }
    catch { 'UnAuthorized' }
}

function Test-Connection {
    param([ConnectionContext] $Context)

    $uri = "https://$script:ExchangeHost/AdminApi/beta/$($Context.TenantId)/basicinfo('AdminApiState')"
    $response = $script:HttpClient.SendAsync((New-ExchangeRequest $Context $uri)).GetAwaiter().GetResult()
    $null = $response.EnsureSuccessStatusCode()
}
