# What the served cmdlets have in common: one request to InvokeCommand a page, repeated where the trouble may pass.
# It runs in the module that signed in, genuine or stand-in, and uses the engine and .NET only: what is served loads no
# module of PowerShell's. That module adds a line to the end which says which connection is meant: $ConnectionContextObjectId.
Set-StrictMode -Version Latest

$PageRows = 1000
$DefaultRows = 1000

# A request is sent again this often, writes too; the first wait is this long, each further one twice as long. A local
# Exchange may serve another wait.
$RepeatLimit = 5
$RepeatBaseMs = 2000

# What is waited for is looked at this often.
$StepMs = 100

$TransientTypes = 'ADTransientException', 'ADServerSettingsChangedException', 'DCOverloadedException',
    'SuitabilityDirectoryException', 'ServerInMMException'

$ServerSideError = 'A server side error has occurred because of which the operation could not be completed. Please try again after some time. If the problem still persists, please reach out to MS support.'

$HttpClient = [Net.Http.HttpClient]::new([Net.Http.SocketsHttpHandler] @{ AutomaticDecompression = 'GZip' })
$HttpClient.Timeout = [timespan]::FromSeconds(960)

# Runs a cmdlet and emits its objects as their pages arrive. Parameters are those the caller gave.
function Invoke-ServedCommand {
    [CmdletBinding()]
    param([string] $CmdletName, [Collections.IDictionary] $Parameters)

    $size = [string] ($Parameters['ResultSize'] ?? $DefaultRows)
    $remaining = $size -eq 'Unlimited' ? [long]::MaxValue : [long] $size
    $call = @{
        CmdletName = $CmdletName
        Body       = ConvertTo-RequestBody $CmdletName $Parameters
        Context    = Get-ServedContext
        RequestId  = [guid]::NewGuid().ToString()
        Uri        = $null
    }
    while ($remaining -gt 0) {
        $answer = Receive-ServedPage $call ([math]::Min($remaining, $PageRows))
        foreach ($text in $answer.Errors) { Write-ErrorMessage $text $answer.Headers }
        if ($answer.Errors) { return }
        foreach ($warning in $answer.Warnings) { $PSCmdlet.WriteWarning($warning) }

        try { $objects = [Management.Automation.PSSerializer]::Deserialize($answer.CliXml) }
        catch { Write-ErrorMessage $_.Exception.GetBaseException().Message $answer.Headers; return }
        $answer.CliXml = $null
        for ($i = 0; $i -lt $objects.Count; $i++) {
            $object = $objects[$i]
            # A page is some 50 MB of objects: what has been emitted is let go of.
            $objects[$i] = $null
            $remaining--
            $object
        }
        if (-not $answer.NextLink) { return }
        $call.Uri = $answer.NextLink
        $objects = $object = $null
    }
}

# The connection that this module belongs to: of the genuine module's own type, or what the stand-in has in its place.
function Get-ServedContext {
    $factory = 'Microsoft.Exchange.Management.ExoPowershellSnapin.ConnectionContextFactory' -as [type]
    if ($factory) { return $factory::GetCurrentConnectionContext($ConnectionContextObjectId) }
    & (Get-Module -Name ExchangeOnlineManagement) { param($Id) Get-ConnectionContext $Id } $ConnectionContextObjectId
}

# One page, @{ CliXml; Warnings; NextLink }, or its Errors; with the answer's Headers. Never throws for an answer.
function Receive-ServedPage {
    param([Collections.IDictionary] $Call, [int] $Rows)

    $ErrorActionPreference = 'Stop'
    for ($attempt = 0; ; $attempt++) {
        $answer = Send-ServedRequest (New-ServedRequest $Call $Rows)
        if ($answer.IsSuccess) { return Read-ServedPage $answer }
        $isRepeatable = Test-Repeatable $answer
        if (-not $isRepeatable -or $attempt -ge $RepeatLimit) { break }
        Save-Failure $answer.Status
        Wait-Task ([Threading.Tasks.Task]::Delay([int] ($RepeatBaseMs * [math]::Pow(2, $attempt))))
    }
    $text = Get-ErrorText $answer
    @{ Errors = [string[]]@($isRepeatable ? ('Maximum retry count reached.', $text) : $text); Headers = $answer.Headers }
}

# Leaves the failure among the session's errors, where Invoke-WebRequest leaves it, by which the service's own cmdlets ask.
function Save-Failure {
    param([int] $Status)

    $text = "Response status code does not indicate success: $Status ($([Net.HttpStatusCode] $Status))."
    try { throw [Net.Http.HttpRequestException]::new($text) } catch { $null = $_ }
}

function New-ServedRequest {
    param([Collections.IDictionary] $Call, [int] $Rows)

    $sign = $Call.Context.GetAuthHeader('', $Call.RequestId)
    $mailbox = "SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@$($sign.TenantId)"
    $headers = @{
        'Authorization'         = $sign.AuthorizationHeader
        'Accept'                = 'application/json'
        'Accept-Charset'        = 'UTF-8'
        'Prefer'                = "odata.maxpagesize=$Rows"
        'X-CmdletName'          = $Call.CmdletName
        'X-ResponseFormat'      = 'clixml'
        'X-SerializationLevel'  = 'Partial'
        'X-AnchorMailbox'       = $sign.UserPrincipalName ? "UPN:$($sign.UserPrincipalName)" : "APP:$mailbox"
        'X-ClientModuleVersion' = (Get-Module -Name ExchangeOnlineManagement).Version
        'WarningAction'         = 'Continue'
        'client-request-id'     = $Call.RequestId
        'connection-id'         = $Call.Context.ConnectionId
    }
    $uri = $Call.Uri ?? "$($sign.BaseUri)/$($sign.TenantId)/InvokeCommand"
    $request = [Net.Http.HttpRequestMessage]::new([Net.Http.HttpMethod]::Post, [uri] $uri)
    foreach ($header in $headers.GetEnumerator()) {
        $null = $request.Headers.TryAddWithoutValidation($header.Key, [string] $header.Value)
    }
    $request.Content = [Net.Http.ByteArrayContent]::new($Call.Body)
    $request.Content.Headers.ContentType = [Net.Http.Headers.MediaTypeHeaderValue]::Parse('application/json; charset=utf-8')
    $request
}

# The answer as far as it could be read: Failure says why it is no JSON.
function Send-ServedRequest {
    param([Net.Http.HttpRequestMessage] $Request)

    $answer = @{ Status = 0; IsSuccess = $false; Document = $null; Json = $null; Failure = $null; Headers = @{} }
    $cancellation = [Threading.CancellationTokenSource]::new()
    try {
        $response = Wait-Task $HttpClient.SendAsync($Request, $cancellation.Token)
        $answer.Status = [int] $response.StatusCode
        foreach ($header in $response.Headers) { $answer.Headers[$header.Key] = $header.Value -join ', ' }
        $bytes = Wait-Task $response.Content.ReadAsByteArrayAsync($cancellation.Token)
        $response.Dispose()
        if ($bytes.Length -gt 0) {
            $answer.Document = [Text.Json.JsonDocument]::Parse([ReadOnlyMemory[byte]] $bytes)
            $answer.Json = $answer.Document.RootElement
        }
        $answer.IsSuccess = $answer.Status -eq 200 -and $null -ne $answer.Json
    }
    catch {
        $answer.Failure = $_.Exception.GetBaseException().Message
    }
    finally {
        # Ends what is under way where the pipeline has been stopped.
        $cancellation.Cancel()
        $cancellation.Dispose()
    }
    $answer
}

# A task's result. A pipeline can be stopped between two calls alone, so it is waited for in short ones.
function Wait-Task {
    param([Threading.Tasks.Task] $Task)

    while ([Threading.Tasks.Task]::WaitAny(@($Task), $StepMs) -lt 0) { }
    , $Task.GetAwaiter().GetResult()
}

function Read-ServedPage {
    param([Collections.IDictionary] $Answer)

    $cliXml = ''
    foreach ($item in (Get-JsonMember $Answer.Json 'value').EnumerateArray()) { $cliXml = $item.GetProperty('_cliXml').GetString() }
    $warnings = Get-JsonMember $Answer.Json '@adminapi.warnings'
    @{
        Errors   = @()
        Headers  = $Answer.Headers
        CliXml   = $cliXml
        Warnings = @(if ($null -ne $warnings) { foreach ($warning in $warnings.EnumerateArray()) { $warning.GetString() } })
        NextLink = "$(Get-JsonMember $Answer.Json '@odata.nextLink')"
    }
    # Its memory is used again for the next page.
    $Answer.Document.Dispose()
}

# Whether the same request may succeed in a moment. An answer that is no JSON is never sent again.
function Test-Repeatable {
    param([Collections.IDictionary] $Answer)

    if ($null -eq $Answer.Json) { return $false }
    if ($Answer.Status -in 503, 504) { return $true }
    $type = (Get-ErrorText $Answer).Split('|')
    $type.Length -gt 1 -and $type[1].Split('.')[-1] -in $TransientTypes
}

# What Exchange says of its refusal: `Ex6F9304|Full.Type.Name|text` where a cmdlet refused.
function Get-ErrorText {
    param([Collections.IDictionary] $Answer)

    if ($Answer.Failure) { return "Conversion from JSON failed with error: $($Answer.Failure)" }
    $failure = Get-JsonMember $Answer.Json 'error'
    $details = Get-JsonMember $failure 'details'
    if ($null -ne $details) {
        foreach ($detail in $details.EnumerateArray()) { return "$(Get-JsonMember $detail 'message')" }
    }
    $text = "$(Get-JsonMember $failure 'message')"
    $text ? $text : $ServerSideError
}

# Writes an error under this function's name, as the cmdlets that Exchange Online serves do.
function Write-ErrorMessage {
    [CmdletBinding()]
    param([string] $Text, [Collections.IDictionary] $Headers)

    $id = "[Server=$($Headers['X-CalculatedBETarget']),RequestId=$($Headers['request-id']),TimeStamp=$($Headers['Date'])]"
    $PSCmdlet.WriteError([Management.Automation.ErrorRecord]::new([Exception]::new($Text), $id, 'NotSpecified', $null))
}

# A member of a JSON object, or nothing where it is absent or null.
function Get-JsonMember {
    param($Element, [string] $Name)

    if ($null -eq $Element -or $Element.ValueKind -ne 'Object') { return }
    $member = [Text.Json.JsonElement]::new()
    if ($Element.TryGetProperty($Name, [ref] $member) -and $member.ValueKind -ne 'Null') { $member }
}

# The body of InvokeCommand, UTF-8.
function ConvertTo-RequestBody {
    param([string] $CmdletName, [Collections.IDictionary] $Parameters)

    $stream = [IO.MemoryStream]::new()
    $writer = [Text.Json.Utf8JsonWriter]::new($stream)
    Write-RequestValue $writer @{ CmdletInput = @{ CmdletName = $CmdletName; Parameters = $Parameters } }
    $writer.Dispose()
    , $stream.ToArray()
}

# https://learn.microsoft.com/exchange/reference/admin-api-overview
function Write-RequestValue {
    param([Text.Json.Utf8JsonWriter] $Writer, $Value)

    if ($null -eq $Value) { $Writer.WriteNullValue() }
    elseif ($Value -is [string]) { $Writer.WriteStringValue($Value) }
    elseif ($Value -is [bool]) { $Writer.WriteBooleanValue($Value) }
    elseif ($Value -is [switch]) { $Writer.WriteBooleanValue($Value.ToBool()) }
    elseif ($Value -is [int] -or $Value -is [long] -or $Value -is [uint] -or $Value -is [double]) { $Writer.WriteNumberValue($Value) }
    elseif ($Value -is [datetime]) { $Writer.WriteStringValue($Value.ToUniversalTime().ToString('s')) }
    elseif ($Value -is [Collections.IDictionary]) {
        $Writer.WriteStartObject()
        if ($Value -is [Collections.Hashtable] -and $Writer.CurrentDepth -gt 3) { $Writer.WriteString('@odata.type', '#Exchange.GenericHashTable') }
        foreach ($entry in $Value.GetEnumerator()) {
            $Writer.WritePropertyName([string] $entry.Key)
            Write-RequestValue $Writer $entry.Value
        }
        $Writer.WriteEndObject()
    }
    elseif ($Value -is [Collections.IEnumerable]) {
        $Writer.WriteStartArray()
        foreach ($item in $Value) { Write-RequestValue $Writer $item }
        $Writer.WriteEndArray()
    }
    else { $Writer.WriteStringValue([string] $Value) }
}
