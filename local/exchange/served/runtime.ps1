# What the served cmdlets have in common. It runs inside the ExchangeOnlineManagement module, which writes the text to a
# file, adds `$ConnectionContextObjectId = '…'` at its end and imports it. The engine and .NET only.

$script:MaximumRepeats = 5
$script:RepeatBaseMilliseconds = 2000
$script:DefaultPageSize = 1000
$script:TransientExceptions = 'ADTransientException', 'ADServerSettingsChangedException', 'DCOverloadedException', 'SuitabilityDirectoryException', 'ServerInMMException'
$script:TruncationWarning = 'There are more results available than are currently displayed'
$script:ServerSideError = 'A server side error has occurred because of which the operation could not be completed. Please try again after some time. If the problem still persists, please reach out to MS support.'

$script:Handler = [System.Net.Http.SocketsHttpHandler]::new()
$script:Handler.AutomaticDecompression = [System.Net.DecompressionMethods]::GZip
$script:Client = [System.Net.Http.HttpClient]::new($script:Handler)
$script:Client.Timeout = [timespan]::FromSeconds(960)

# The module's own class where it has one, else what the module offers in its place: an object with the same members.
function Get-ConnectionContext {
    $factory = 'Microsoft.Exchange.Management.ExoPowershellSnapin.ConnectionContextFactory' -as [type]
    if ($null -ne $factory) { return $factory::GetCurrentConnectionContext($ConnectionContextObjectId) }
    & (Get-Module -Name ExchangeOnlineManagement) { param($Id) Find-ConnectionContext $Id } $ConnectionContextObjectId
}

# Runs a cmdlet on the server and emits its objects page by page. Errors are written, not thrown.
function Invoke-ServedCommand {
    param([string] $Name, [System.Collections.Generic.Dictionary[string, object]] $BoundParameters, $Cmdlet)

    $remaining = Get-ResultSize $BoundParameters
    $body = ConvertTo-RequestBody $Name $BoundParameters
    $requestId = [guid]::NewGuid().ToString()
    $context = Get-ConnectionContext
    $pageSize = if ($context.PageSize -ge 1 -and $context.PageSize -le 1000) { $context.PageSize } else { $script:DefaultPageSize }
    $uri = $null
    do {
        $asked = [math]::Min($remaining, $pageSize)
        $page = Send-ServedRequest -Name $Name -Body $body -Uri $uri -PageSize $asked -RequestId $requestId -Context $context
        if ($null -eq $page) { return }
        $remaining -= $asked
        $hasNext = $null -ne $page.NextLink -and $remaining -gt 0
        foreach ($warning in $page.Warnings) {
            if (-not ($hasNext -and $warning.Contains($script:TruncationWarning))) { $Cmdlet.WriteWarning($warning) }
        }
        foreach ($object in [System.Management.Automation.PSSerializer]::Deserialize($page.CliXml)) { $object }
        $uri = $page.NextLink
    } while ($hasNext)
}

# How many objects to ask for at most.
function Get-ResultSize {
    param([System.Collections.Generic.Dictionary[string, object]] $BoundParameters)

    if (-not $BoundParameters.ContainsKey('ResultSize')) { return $script:DefaultPageSize }
    $size = [string] $BoundParameters['ResultSize']
    if ($size -eq 'Unlimited') { return [int]::MaxValue }
    $number = 0
    if ([int]::TryParse($size, [ref] $number) -and $number -gt 0) { return $number }
    throw [System.ArgumentException]::new("Invalid value '$size' for ResultSize: a number above 0 or Unlimited is needed.")
}

function ConvertTo-RequestBody {
    param([string] $Name, [System.Collections.Generic.Dictionary[string, object]] $BoundParameters)

    $parameters = [System.Collections.Generic.Dictionary[string, object]]::new()
    foreach ($entry in $BoundParameters.GetEnumerator()) {
        if ($entry.Key -ne 'UseCustomRouting') { $parameters[$entry.Key] = ConvertTo-RequestValue $entry.Value }
    }
    $cmdletInput = [System.Collections.Generic.Dictionary[string, object]]::new()
    $cmdletInput['CmdletName'] = $Name
    $cmdletInput['Parameters'] = $parameters
    $body = [System.Collections.Generic.Dictionary[string, object]]::new()
    $body['CmdletInput'] = $cmdletInput
    , [System.Text.Json.JsonSerializer]::SerializeToUtf8Bytes($body, $body.GetType())
}

function ConvertTo-RequestValue {
    param($Value)

    if ($null -eq $Value) { return $null }
    if ($Value -is [switch]) { return $Value.ToBool() }
    if ($Value -is [string]) { return $Value.ToString() }
    if ($Value -is [bool] -or $Value -is [int] -or $Value -is [long]) { return $Value }
    if ($Value -is [datetime]) { return $Value.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss", [cultureinfo]::InvariantCulture) }
    if ($Value -is [System.Collections.IEnumerable]) {
        $items = [object[]]@(foreach ($item in $Value) { ConvertTo-RequestValue $item })
        return , $items
    }
    $Value.ToString()
}

# One page, or $null when an error has been written. What may pass is sent again, writes too, as the real cmdlets do.
function Send-ServedRequest {
    param([string] $Name, [byte[]] $Body, [string] $Uri, [int] $PageSize, [string] $RequestId, $Context)

    for ($attempt = 0; ; $attempt++) {
        $request = New-ServedRequest @PSBoundParameters
        $answer = Receive-ServedAnswer $request
        if ($answer.IsSuccess) { return ConvertTo-ServedPage $answer }
        if (-not (Test-Repeatable $answer)) { break }
        if ($attempt -ge $script:MaximumRepeats) {
            Write-ErrorMessage 'Maximum retry count reached.' $answer
            break
        }
        [System.Threading.Thread]::Sleep($script:RepeatBaseMilliseconds * [math]::Pow(2, $attempt))
    }
    Write-ErrorMessage (Get-ErrorText $answer) $answer
    $null
}

function New-ServedRequest {
    param([string] $Name, [byte[]] $Body, [string] $Uri, [int] $PageSize, [string] $RequestId, $Context)

    $auth = $Context.GetAuthHeader('', $RequestId)
    $target = if ([string]::IsNullOrEmpty($Uri)) { "$($auth.BaseUri)/$($auth.TenantId)/InvokeCommand" } else { $Uri }
    $request = [System.Net.Http.HttpRequestMessage]::new([System.Net.Http.HttpMethod]::Post, $target)
    $request.Content = [System.Net.Http.ByteArrayContent]::new($Body)
    $null = $request.Content.Headers.TryAddWithoutValidation('Content-Type', 'application/json')
    $headers = @{
        'Authorization'         = $auth.AuthorizationHeader
        'Accept'                = 'application/json'
        'Accept-Charset'        = 'UTF-8'
        'Prefer'                = "odata.maxpagesize=$PageSize"
        'X-CmdletName'          = $Name
        'X-ResponseFormat'      = 'clixml'
        'X-SerializationLevel'  = 'Partial'
        'X-AnchorMailbox'       = "APP:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@$($auth.TenantId)"
        'X-ClientModuleVersion' = (Get-Module -Name ExchangeOnlineManagement).Version.ToString()
        'client-request-id'     = $RequestId
        'connection-id'         = [string] $Context.ConnectionId
        'WarningAction'         = ''
    }
    foreach ($header in $headers.GetEnumerator()) { $null = $request.Headers.TryAddWithoutValidation($header.Key, [string] $header.Value) }
    $request
}

# The answer as far as it could be read: a status of 0 for a connection that broke, no JSON for a body that is none.
function Receive-ServedAnswer {
    param([System.Net.Http.HttpRequestMessage] $Request)

    $answer = @{ Status = 0; IsSuccess = $false; Json = $null; JsonError = $null; Headers = @{}; IsEmpty = $false }
    try {
        $response = $script:Client.SendAsync($Request).GetAwaiter().GetResult()
        $answer.Status = [int] $response.StatusCode
        foreach ($header in $response.Headers) { $answer.Headers[$header.Key] = $header.Value -join ',' }
        $bytes = $response.Content.ReadAsByteArrayAsync().GetAwaiter().GetResult()
        $answer.IsEmpty = $bytes.Length -eq 0
        if (-not $answer.IsEmpty) { $answer.Json = [System.Text.Json.JsonDocument]::Parse([System.IO.MemoryStream]::new($bytes)).RootElement }
        $answer.IsSuccess = $response.IsSuccessStatusCode -and $null -ne $answer.Json
    }
    catch {
        $answer.JsonError = $_.Exception.GetBaseException().Message
    }
    $answer
}

function ConvertTo-ServedPage {
    param([hashtable] $Answer)

    $cliXml = ''
    foreach ($item in (Get-JsonMember $Answer.Json 'value').EnumerateArray()) { $cliXml = $item.GetProperty('_cliXml').GetString(); break }
    $warnings = Get-JsonMember $Answer.Json '@adminapi.warnings'
    $nextLink = Get-JsonMember $Answer.Json '@odata.nextLink'
    @{
        CliXml   = $cliXml
        Warnings = [string[]]@(if ($null -ne $warnings) { foreach ($warning in $warnings.EnumerateArray()) { $warning.GetString() } })
        NextLink = if ($null -ne $nextLink) { $nextLink.GetString() }
    }
}

function Get-JsonMember {
    param($Element, [string] $Name)

    $member = [System.Text.Json.JsonElement]::new()
    if ($null -ne $Element -and $Element.ValueKind -eq 'Object' -and $Element.TryGetProperty($Name, [ref] $member) -and $member.ValueKind -ne 'Null') { $member }
}

function Test-Repeatable {
    param([hashtable] $Answer)

    if ($null -eq $Answer.Json) { return $false }
    if ($Answer.Status -in 503, 504) { return $true }
    $text = $Answer.Json.GetRawText()
    foreach ($name in $script:TransientExceptions) { if ($text.Contains($name)) { return $true } }
    $false
}

# What Exchange said, as `Ex…|Full.Type.Name|text` where it names a type.
function Get-ErrorText {
    param([hashtable] $Answer)

    if ($null -ne $Answer.JsonError) { return "Conversion from JSON failed with error: $($Answer.JsonError)" }
    $failure = Get-JsonMember $Answer.Json 'error'
    $details = Get-JsonMember $failure 'details'
    if ($null -ne $details) {
        foreach ($detail in $details.EnumerateArray()) {
            $message = Get-JsonMember $detail 'message'
            if ($null -ne $message) { return $message.GetString() }
        }
    }
    foreach ($holder in (Get-JsonMember $failure 'innererror'), $failure) {
        $message = Get-JsonMember $holder 'message'
        if ($null -ne $message -and $message.GetString() -ne '') { return $message.GetString() }
    }
    $script:ServerSideError
}

function Write-ErrorMessage {
    [CmdletBinding()]
    param([string] $Text, [hashtable] $Answer)

    $headers = $Answer.Headers
    $errorId = "[Server=$($headers['X-CalculatedBETarget']),RequestId=$($headers['request-id']),TimeStamp=$($headers['Date'])]"
    $record = [System.Management.Automation.ErrorRecord]::new([System.Exception]::new($Text), $errorId, 'NotSpecified', $null)
    if ($null -ne $headers['x-ExceptionType']) { $record.CategoryInfo.Reason = $headers['x-ExceptionType'] }
    $PSCmdlet.WriteError($record)
}
