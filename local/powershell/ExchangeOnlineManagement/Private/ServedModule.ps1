# The cmdlets that Exchange serves as PowerShell text: fetched, written to a file, and imported.

# Sends a GET and answers its bytes. Once it is tried again with a new token.
function Get-ExchangeContent {
    param([Collections.IDictionary] $Connection, [string] $Path, [Collections.IDictionary] $Headers)

    foreach ($attempt in 1, 2) {
        $all = Get-ExchangeHeader $Connection
        foreach ($header in $Headers.GetEnumerator()) { $all[$header.Key] = $header.Value }
        $answer = Send-HttpRequest GET "$($Connection.Service)$Path" $all
        if ($answer.Status -eq 200) { return , $answer.Bytes }
        if ($answer.Status -ne 401 -or $attempt -eq 2) { throw (New-RefusalException $answer) }
        Update-AccessToken $Connection (Get-ClaimsChallenge $answer.Headers)
    }
}

function New-RefusalException {
    param([Collections.IDictionary] $Answer)

    $failure = Get-JsonMember (Get-JsonRoot $Answer.Bytes) 'error'
    $text = "$(Get-JsonMember $failure 'message')"
    if ($Answer.Status -eq 403) { return [UnauthorizedAccessException]::new($text ? $text : 'UnAuthorized') }
    $reason = [Net.HttpStatusCode] $Answer.Status
    [Net.Http.HttpRequestException]::new("Response status code does not indicate success: $($Answer.Status) ($reason). $text".Trim())
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

    $bytes = Get-ExchangeContent $Connection "/AdminApi/v1.0/$($Connection.TenantId)/EXOModuleFile?Version=$ModuleVersion" @{
        CommandName           = $CommandName -join ','
        SkipLoadingFormatData = $SkipLoadingFormatData
    }
    $files = Get-JsonMember (Get-JsonRoot $bytes) 'value'
    if ($null -eq $files -or $files.GetArrayLength() -eq 0) {
        throw [InvalidOperationException]::new('Module could not be correctly formed. Please run Connect-ExchangeOnline again.')
    }
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
