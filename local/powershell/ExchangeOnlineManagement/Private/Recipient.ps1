# The Recipient endpoint, as OData.

$PageRows = 1000
$DefaultRows = 1000
$RecipientRepeats = 3

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
    $headers = @{ Prefer = "odata.maxpagesize=$PageRows;"; 'X-CmdletName' = 'Get-EXORecipient' }
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

# One page: its JSON document and its warnings. Repeats what may pass, and throws what does not.
function Get-RecipientPage {
    param([Collections.IDictionary] $Connection, [string] $Uri, [Collections.IDictionary] $Headers)

    for ($attempt = 0; ; $attempt++) {
        $isLast = $attempt -ge $RecipientRepeats
        try {
            $answer = Send-HttpRequest GET $Uri ((Get-ExchangeHeader $Connection) + $Headers)
        }
        catch [Net.Http.HttpRequestException], [IO.IOException] {
            if ($isLast) { throw }
            Wait-Repeat $attempt
            continue
        }
        $document = $answer.Status -eq 200 ? (ConvertFrom-JsonByte $answer.Bytes) : $null
        if ($document -and (Get-JsonMember $document.RootElement 'value')) {
            return @{ Document = $document; Warnings = Get-RecipientWarning $answer }
        }
        if ($isLast -or $answer.Status -notin 200, 401, 429, 500, 503) { throw (New-RestException $answer) }
        if ($answer.Status -eq 401) { Update-AccessToken $Connection (Get-ClaimsChallenge $answer.Headers) }
        Wait-Repeat $attempt
    }
}

function Wait-Repeat {
    param([int] $Attempt)

    [Threading.Thread]::Sleep([int] ($RetryBaseMs * [math]::Pow(2, $Attempt)))
}

function Get-RecipientWarning {
    param([Collections.IDictionary] $Answer)

    $text = "$(Get-HeaderValue $Answer.Headers 'X-Warnings')"
    , $text.Split('<eow>', [StringSplitOptions]::RemoveEmptyEntries)
}

function New-RestException {
    param([Collections.IDictionary] $Answer)

    $body = [Text.Encoding]::UTF8.GetString($Answer.Bytes)
    [Exception]::new("Error while querying REST service. HttpStatusCode=$($Answer.Status) ErrorMessage=$body")
}

function New-RecipientError {
    param([Management.Automation.ErrorRecord] $Record)

    [Management.Automation.ErrorRecord]::new($Record.Exception, 'RestApiError', 'NotSpecified', $null)
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
