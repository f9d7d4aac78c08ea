# The cmdlets that Exchange serves as PowerShell text: fetched, written to a file, and imported.

# Sends a GET and answers its JSON. A 401 that asks for claims is met with a new token, once.
function Get-ExchangeContent {
    param([Collections.IDictionary] $Connection, [string] $Path, [Collections.IDictionary] $Headers)

    $answer = Send-ExchangeRequest $Connection $Path $Headers
    if ($answer.Status -eq 401) {
        $claims = Get-ClaimsChallenge $answer.Headers
        if (-not $claims) { throw [UnauthorizedAccessException]::new('UnAuthorized') }
        $answer = Send-ExchangeRequest $Connection $Path $Headers $claims
    }
    $json = Read-ExchangeAnswer $answer
    if ($answer.Status -eq 200) { return $json }
    $text = $answer.Status -eq 401 ? '' : "$(Get-JsonMember (Get-JsonMember $json 'error') 'message')"
    if (-not $text) { throw (New-UnformedException) }
    if ($answer.Status -eq 403) { throw [UnauthorizedAccessException]::new($text) }
    throw [SystemException]::new($text)
}

function Send-ExchangeRequest {
    param([Collections.IDictionary] $Connection, [string] $Path, [Collections.IDictionary] $Headers, [string] $Claims)

    $all = Get-ExchangeHeader $Connection $Claims
    foreach ($header in $Headers.GetEnumerator()) { $all[$header.Key] = $header.Value }
    Send-HttpRequest GET "$($Connection.Service)$Path" $all
}

# An answer's JSON, or nothing where it is empty; NUL bytes count as nothing.
function Read-ExchangeAnswer {
    param([Collections.IDictionary] $Answer)

    $text = [Text.Encoding]::UTF8.GetString($Answer.Bytes).Trim("`0", ' ')
    if ([string]::IsNullOrEmpty($text)) { return }
    $json = Get-JsonRoot $Answer.Bytes
    if ($null -ne $json) { return $json }
    $reason = $text.StartsWith('{') ? "Unterminated string. Expected delimiter: `". Path 'value[0].fileContent', line 1, position $($text.Length)." :
        "Unexpected character encountered while parsing value: $($text[0]). Path '', line 0, position 0."
    throw (New-NamedException 'Newtonsoft.Json.JsonReaderException' $reason)
}

function New-UnformedException {
    [Management.Automation.RuntimeException]::new('Module could not be correctly formed. Please run Connect-ExchangeOnline again.')
}

# The claims a 401 asks for, as the token request takes them; empty where it asks for none.
function Get-ClaimsChallenge {
    param([Net.Http.Headers.HttpResponseHeaders] $Headers)

    $challenge = [regex]::Match("$(Get-HeaderValue $Headers 'WWW-Authenticate')", 'claims="([A-Za-z0-9+/=_-]+)"')
    if (-not $challenge.Success) { return '' }
    [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($challenge.Groups[1].Value))
}

# Fetches the cmdlets this app may use of those named, imports them globally, and keeps the module's name.
function Import-ServedModule {
    param([Collections.IDictionary] $Connection, [string[]] $CommandName, [bool] $SkipLoadingFormatData)

    $json = Get-ExchangeContent $Connection "/AdminApi/v1.0/$($Connection.TenantId)/EXOModuleFile?Version=$ModuleVersion" @{
        CommandName           = $CommandName -join ','
        SkipLoadingFormatData = $SkipLoadingFormatData
    }
    $files = Get-JsonMember $json 'value'
    if ($null -eq $files) { throw (New-UnformedException) }
    if ($files.GetArrayLength() -eq 0) { return }
    $Connection.ModuleName = "tmpEXO_$([IO.Path]::GetRandomFileName())"
    $manifest = Save-ServedModule $files[0] $Connection
    Import-Module -Name $manifest -Global -DisableNameChecking
}

# Writes the module's two files into a folder of its own below TMPDIR, and answers the manifest's path.
function Save-ServedModule {
    param([Text.Json.JsonElement] $File, [Collections.IDictionary] $Connection)

    $name = $Connection.ModuleName
    $folder = Get-ServedFolder $name
    $null = [IO.Directory]::CreateDirectory($folder)
    $text = $File.GetProperty('fileContent').GetString()
    [IO.File]::WriteAllText("$folder/$name.psm1", "$text`n`$ConnectionContextObjectId='$($Connection.ConnectionId)';`n")
    $exports = $File.GetProperty('exportedCmdlets').GetString().Split(',', [StringSplitOptions] 'RemoveEmptyEntries, TrimEntries')
    $list = ($exports | ForEach-Object { "'$_'" }) -join ', '
    [IO.File]::WriteAllText("$folder/$name.psd1", "@{ RootModule = '$name.psm1'; ModuleVersion = '1.0'; FunctionsToExport = @($list) }`n")
    "$folder/$name.psd1"
}

function Remove-ServedModule {
    param([Collections.IDictionary] $Connection)

    if (-not $Connection.ModuleName) { return }
    Get-Module -Name $Connection.ModuleName | Remove-Module -Force
    $folder = Get-ServedFolder $Connection.ModuleName
    if ([IO.Directory]::Exists($folder)) { [IO.Directory]::Delete($folder, $true) }
}

function Get-ServedFolder {
    param([string] $Name)

    [IO.Path]::Combine([IO.Path]::GetTempPath(), $Name)
}
