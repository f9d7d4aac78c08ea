function Get-EXORecipient {
    [CmdletBinding(DefaultParameterSetName = 'Identity')]
    param(
        [Parameter(ParameterSetName = 'Identity', Position = 0, ValueFromPipeline, ValueFromPipelineByPropertyName)]
        [string] $Identity,
        [string] $Filter,
        [string] $OrganizationalUnit,
        [string[]] $RecipientType,
        [string[]] $RecipientTypeDetails,
        [string[]] $Properties,
        [string[]] $PropertySets,
        [object] $ResultSize = 1000
    )

    process {
        $context = Get-NewestConnectionContext
        $null = $context.GetAuthHeader('', '')
        $remaining = if ([string] $ResultSize -eq 'Unlimited') { [int]::MaxValue } else { [int] $ResultSize }
        $headers = @{}
        if ($Identity) { $headers['XParameter-Identity'] = [Convert]::ToBase64String([System.Text.Encoding]::UTF8.GetBytes($Identity)) }
        $uri = New-RecipientUri $context $PSBoundParameters
        while ($uri -and $remaining -gt 0) {
            $headers['Prefer'] = "odata.maxpagesize=$([math]::Min($remaining, $context.PageSize));"
            $page = Receive-RecipientPage $context $uri $headers $PSCmdlet
            if ($null -eq $page) { return }
            foreach ($item in $page.GetProperty('value').EnumerateArray()) {
                if ($remaining -le 0) { break }
                ConvertTo-Recipient $item
                $remaining--
            }
            $next = [System.Text.Json.JsonElement]::new()
            $uri = if ($page.TryGetProperty('@odata.nextLink', [ref] $next)) { $next.GetString() }
        }
    }
}

function New-RecipientUri {
    param([ConnectionContext] $Context, [System.Collections.Generic.Dictionary[string, object]] $Bound)

    $query = [System.Collections.Generic.List[string]]::new()
    if ($Bound.ContainsKey('Properties')) { $query.Add('$select=' + [uri]::EscapeDataString($Bound['Properties'] -join ',')) }
    foreach ($name in 'RecipientType', 'RecipientTypeDetails') {
        if ($Bound.ContainsKey($name)) { $query.Add("$name=" + [uri]::EscapeDataString($Bound[$name] -join ',')) }
    }
    $sets = if ($Bound.ContainsKey('PropertySets')) { $Bound['PropertySets'] -join ',' } else { 'Minimum' }
    $query.Add('PropertySet=' + [uri]::EscapeDataString($sets))
    if ($Bound.ContainsKey('Filter') -and $Bound['Filter']) { $query.Add('$filter=' + [uri]::EscapeDataString((ConvertTo-ODataFilter $Bound['Filter']))) }
    if ($Bound.ContainsKey('OrganizationalUnit')) { $query.Add('OrganizationalUnit=' + [uri]::EscapeDataString($Bound['OrganizationalUnit'])) }
    if ($Bound.ContainsKey('Identity') -and $Bound['Identity']) { $query.Add('ReadIdsAndParamsFromHeaders=True') }
    "$($Context.BaseUri)/$($Context.TenantId)/Recipient?" + ($query -join '&')
}

# One page, or $null when an error has been written. 401, 429, 500, 503 and broken connections are tried again.
function Receive-RecipientPage {
    param([ConnectionContext] $Context, [string] $Uri, [hashtable] $Headers, $Cmdlet)

    for ($attempt = 0; ; $attempt++) {
        $status = 0
        $text = ''
        try {
            $response = $script:HttpClient.SendAsync((New-ExchangeRequest $Context $Uri $Headers)).GetAwaiter().GetResult()
            $status = [int] $response.StatusCode
            $text = $response.Content.ReadAsStringAsync().GetAwaiter().GetResult()
            if ($response.IsSuccessStatusCode) {
                Write-ServerWarning $response $Cmdlet
                return [System.Text.Json.JsonDocument]::Parse($text).RootElement
            }
        }
        catch [System.Net.Http.HttpRequestException], [System.Text.Json.JsonException] {
            $text = $_.Exception.GetBaseException().Message
        }
        if ($attempt -ge 5 -or $status -notin 0, 200, 401, 429, 500, 503) { break }
        if ($status -eq 401) { $Context.Token = $null }
        [System.Threading.Thread]::Sleep($script:RepeatBaseMilliseconds * [math]::Pow(2, $attempt))
    }
    $message = "Error while querying REST service. HttpStatusCode=$status ErrorMessage=$text"
    $record = [System.Management.Automation.ErrorRecord]::new([System.Exception]::new($message), [string] $status, 'ProtocolError', $null)
    $Cmdlet.WriteError($record)
    $null
}

function Write-ServerWarning {
    param([System.Net.Http.HttpResponseMessage] $Response, $Cmdlet)

    $values = $null
    if (-not $Response.Headers.TryGetValues('X-Warnings', [ref] $values)) { return }
    foreach ($value in $values) {
        foreach ($warning in $value.Split('<eow>', [StringSplitOptions]::RemoveEmptyEntries)) { $Cmdlet.WriteWarning($warning) }
    }
}

function ConvertTo-Recipient {
    param([System.Text.Json.JsonElement] $Item)

    $recipient = [ordered]@{}
    foreach ($property in $Item.EnumerateObject()) {
        $name = $property.Name
        if ($name.Contains('@')) { continue }
        $value = $property.Value
        switch ($value.ValueKind) {
            'String' {
                $recipient[$name] = $value.GetString()
                # The client gives these as times without a kind.
                if ($name.StartsWith('When') -and $name.EndsWith('UTC')) { $recipient[$name] = [datetime]::SpecifyKind($value.GetDateTime().ToUniversalTime(), [DateTimeKind]::Unspecified) }
            }
            'Array' { $recipient[$name] = [string[]]@(foreach ($part in $value.EnumerateArray()) { $part.GetString() }) }
            'True' { $recipient[$name] = $true }
            'False' { $recipient[$name] = $false }
            'Number' { $recipient[$name] = $value.GetInt32() }
            default { $recipient[$name] = $null }
        }
    }
    [pscustomobject] $recipient
}
