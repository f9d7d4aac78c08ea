# The Recipient endpoint, as OData.

$DefaultRows = 1000

$FailureText = 'An error occurred while processing this request.'
$UnreadablePageText = "The response payload is a not a valid response payload. Please make sure that the top level element is a valid Atom or JSON element or belongs to 'http://docs.oasis-open.org/odata/ns/data' namespace."

# What the genuine cmdlet gives a type to. The times have no kind.
$TimeProperties = [Collections.Generic.HashSet[string]] [string[]]('WhenChangedUTC', 'WhenCreatedUTC', 'WhenSoftDeleted')

# The first page's address, the headers of every page's request, and how many rows are wanted.
function New-RecipientRequest {
    param([Collections.IDictionary] $Connection, [Collections.IDictionary] $Parameters)

    $size = [string] ($Parameters['ResultSize'] ?? $DefaultRows)
    $query = [ordered]@{
        '$select'            = $Parameters['Properties']
        RecipientTypeDetails = $Parameters['RecipientTypeDetails']
        RecipientType        = $Parameters['RecipientType']
        PropertySet          = $Parameters['PropertySets'] ?? 'Minimum'
        '$filter'            = $Parameters['Filter'] ? (ConvertTo-ODataFilter $Parameters['Filter']) : $null
        OrganizationalUnit   = $Parameters['OrganizationalUnit']
    }
    $headers = @{ Prefer = "odata.maxpagesize=$($AppSettings::PageSize);"; 'X-CmdletName' = 'Get-EXORecipient' }
    foreach ($name in 'ExternalDirectoryObjectId', 'PrimarySmtpAddress', 'UserPrincipalName', 'Identity') {
        $identity = [string] $Parameters[$name]
        if (-not $identity) { continue }
        # An identity travels in a header, where no letter of it can be mistaken for something else.
        $query['ReadIdsAndParamsFromHeaders'] = 'True'
        $headers['XParameter-Identity'] = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($identity))
        break
    }
    @{
        Uri     = "$($Connection.Service)/adminapi/beta/$($Connection.TenantId)/Recipient?$(ConvertTo-QueryString $query)"
        Headers = $headers
        Limit   = $size -eq 'Unlimited' ? [long]::MaxValue : [long] $size
    }
}

# Options without a value are left out; several values of one stand with commas between.
function ConvertTo-QueryString {
    param([Collections.IDictionary] $Options)

    $parts = foreach ($option in $Options.GetEnumerator()) {
        $values = @(foreach ($value in $option.Value) { if ($value) { [uri]::EscapeDataString($value) } })
        if ($values) { "$($option.Key)=$($values -join ',')" }
    }
    $parts -join '&'
}

# One page: its JSON document. Repeats what may pass, and throws what does not.
function Get-RecipientPage {
    param([Collections.IDictionary] $Connection, [string] $Uri, [Collections.IDictionary] $Headers)

    $claims = ''
    for ($attempt = 0; ; $attempt++) {
        $answer = $null
        try { $answer = Send-HttpRequest GET $Uri ((Get-ExchangeHeader $Connection $claims) + $Headers) }
        catch [Net.Http.HttpRequestException], [IO.IOException], [OperationCanceledException] {
            $failure = New-TransportException $_.Exception
        }
        catch { $failure = New-RenewalException $_.Exception }
        if ($answer) {
            $document = $answer.Status -eq 200 ? (ConvertFrom-JsonByte $answer.Bytes) : $null
            if ($document -and (Get-JsonMember $document.RootElement 'value')) { return $document }
            $failure = New-RestException $answer
            if ($answer.Status -notin 200, 401, 429, 500, 503) { throw $failure }
        }
        if ($attempt -ge $AppSettings::MaxRetryTimes) { throw $failure }
        Wait-Repeat $attempt $answer
        # The settings may have changed meanwhile.
        if ($attempt -ge $AppSettings::MaxRetryTimes) { throw $failure }
        if ($answer) { $claims = $answer.Status -eq 401 ? (Get-ClaimsChallenge $answer.Headers) : '' }
        # A token that is refused without claims is tried twice.
        if ($answer -and $answer.Status -eq 401 -and $attempt -gt 0) { $Connection.ExpiresAt = [datetime]::MinValue }
    }
}

# Like the genuine cmdlet's its pauses end when they are over, even where the pipeline is stopped meanwhile.
function Wait-Repeat {
    param([int] $Attempt, [AllowNull()] $Answer)

    $pauseMs = $AppSettings::RetryIntervalInMilliSeconds * [math]::Pow($AppSettings::RetryIntervalExponentBase, $Attempt)
    $told = $Answer -and $Answer.Status -eq 429 ? "$(Get-HeaderValue $Answer.Headers 'Retry-After')" : ''
    $seconds = 0
    if ([int]::TryParse($told, [ref] $seconds)) { $pauseMs = $seconds * 1000 }
    [Threading.Thread]::Sleep([int] $pauseMs)
}

# The exceptions of the genuine cmdlet: its own around those of Microsoft's OData client.
function New-RestException {
    param([Collections.IDictionary] $Answer)

    if ($Answer.Status -eq 200) { return [InvalidOperationException]::new($UnreadablePageText) }
    $body = [Text.Encoding]::UTF8.GetString($Answer.Bytes)
    # -eq leaves NUL characters out of account where ICU is used.
    if ([string]::IsNullOrEmpty($body)) { $body = "$([Net.HttpStatusCode] $Answer.Status)" }
    $payload = if ($null -ne (Get-JsonMember (Get-JsonRoot $Answer.Bytes) 'error')) {
        New-NamedException 'Microsoft.OData.ODataErrorException' "An error was read from the payload. See the 'Error' property for more details."
    }
    $client = New-NamedException 'Microsoft.OData.Client.DataServiceClientException' $body $payload
    $query = New-NamedException 'Microsoft.OData.Client.DataServiceQueryException' $FailureText $client
    $text = "Error while querying REST service. HttpStatusCode=$($Answer.Status) ErrorMessage=$body"
    New-NamedException 'Microsoft.Exchange.Management.RestApiClient.RestClientException' $text $query
}

# What the genuine cmdlet throws where no answer came.
function New-TransportException {
    param([Exception] $Exception)

    $text = $Exception -is [OperationCanceledException] ? 'The operation has timed out.' : $Exception.Message
    $transport = New-NamedException 'Microsoft.OData.Client.DataServiceTransportException' $text ([Net.WebException]::new($text, $Exception))
    [InvalidOperationException]::new($FailureText, $transport)
}

# What the genuine cmdlet throws where it is given no new token.
function New-RenewalException {
    param([Exception] $Exception)

    $text = "$($Exception.Message). $($Exception.InnerException ? $Exception.InnerException.Message : '')"
    [Exception]::new($text, [AggregateException]::new($Exception))
}

function New-RecipientError {
    param([Management.Automation.ErrorRecord] $Record)

    $exception = $Record.Exception
    $id = $exception.InnerException ? $FailureText : $exception.Message
    [Management.Automation.ErrorRecord]::new($exception, $id, 'ProtocolError', $null)
}

# A page's rows as objects, the first so many of them.
function ConvertFrom-RecipientPage {
    param([Text.Json.JsonElement] $Json, [long] $Limit)

    $ErrorActionPreference = 'Stop'
    $text = [Text.Json.JsonValueKind]::String
    $list = [Text.Json.JsonValueKind]::Array
    $isTrue = [Text.Json.JsonValueKind]::True
    $isFalse = [Text.Json.JsonValueKind]::False
    $number = [Text.Json.JsonValueKind]::Number
    $times = $TimeProperties
    foreach ($element in $Json.GetProperty('value').EnumerateArray()) {
        if ($Limit-- -le 0) { return }
        $row = [ordered]@{}
        foreach ($member in $element.EnumerateObject()) {
            $name = $member.Name
            if ($name.Contains('@')) { continue }
            $value = $member.Value
            $kind = $value.ValueKind
            if ($kind -eq $text) {
                if ($times.Contains($name)) { $row[$name] = [datetime]::SpecifyKind($value.GetDateTimeOffset().UtcDateTime, 'Unspecified') }
                else { $row[$name] = $value.GetString() }
            }
            elseif ($kind -eq $list) { $row[$name] = [string[]]@(foreach ($item in $value.EnumerateArray()) { $item.GetString() }) }
            elseif ($kind -eq $isTrue) { $row[$name] = $true }
            elseif ($kind -eq $isFalse) { $row[$name] = $false }
            elseif ($kind -eq $number) { $row[$name] = $value.GetInt64() }
            else { $row[$name] = $null }
        }
        [pscustomobject] $row
    }
}
