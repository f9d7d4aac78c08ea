# Frames: one JSON object a line, UTF-8.

function New-JsonWriter ([IO.Stream] $Stream) {
    $options = [Text.Json.JsonWriterOptions]::new()
    # Letters stay letters. Half a surrogate pair becomes U+FFFD.
    $options.Encoder = [Text.Encodings.Web.JavaScriptEncoder]::UnsafeRelaxedJsonEscaping
    $options.SkipValidation = $true
    [Text.Json.Utf8JsonWriter]::new($Stream, $options)
}

# Writes a frame of plain values, dictionaries and lists, whole or not at all.
function Write-Frame ([IO.Stream] $Stream, [Collections.IDictionary] $Frame) {
    $buffer = [IO.MemoryStream]::new()
    $writer = New-JsonWriter $buffer
    Write-JsonValue $writer $Frame
    $writer.Dispose()
    Send-Line $Stream $buffer
}

# Sends what the buffer holds as one line, and empties it.
function Send-Line ([IO.Stream] $Stream, [IO.MemoryStream] $Buffer) {
    $Buffer.WriteByte(10)
    $Buffer.WriteTo($Stream)
    $Stream.Flush()
    $Buffer.SetLength(0)
}

function Write-JsonValue ($Writer, $Value) {
    if ($null -eq $Value) { $Writer.WriteNullValue() }
    elseif ($Value -is [string]) { $Writer.WriteStringValue($Value) }
    elseif ($Value -is [bool]) { $Writer.WriteBooleanValue($Value) }
    elseif ($Value -is [Collections.IDictionary]) {
        $Writer.WriteStartObject()
        foreach ($entry in $Value.GetEnumerator()) {
            $Writer.WritePropertyName([string] $entry.Key)
            Write-JsonValue $Writer $entry.Value
        }
        $Writer.WriteEndObject()
    }
    elseif ($Value -is [Collections.IEnumerable]) {
        $Writer.WriteStartArray()
        foreach ($item in $Value) { Write-JsonValue $Writer $item }
        $Writer.WriteEndArray()
    }
    else { $Writer.WriteNumberValue($Value) }
}

# A JSON object as a hashtable: text, numbers, bools, arrays of text, and hashtables of them.
function ConvertFrom-JsonText ([string] $Text) {
    $document = [Text.Json.JsonDocument]::Parse($Text)
    try { ConvertFrom-JsonElement $document.RootElement }
    finally { $document.Dispose() }
}

function ConvertFrom-JsonElement ([Text.Json.JsonElement] $Element) {
    switch ($Element.ValueKind) {
        'String' { return $Element.GetString() }
        'True' { return $true }
        'False' { return $false }
        'Null' { return $null }
        'Number' {
            # An [int] where it fits, as a number that somebody types is one.
            $int = 0
            if ($Element.TryGetInt32([ref] $int)) { return $int }
            $long = 0L
            if ($Element.TryGetInt64([ref] $long)) { return $long }
            return $Element.GetDouble()
        }
        'Array' {
            $items = [string[]]@(foreach ($item in $Element.EnumerateArray()) { $item.GetString() })
            return , $items
        }
        'Object' {
            $members = [Collections.Hashtable]::new([StringComparer]::Ordinal)
            foreach ($member in $Element.EnumerateObject()) {
                $members[$member.Name] = ConvertFrom-JsonElement $member.Value
            }
            return $members
        }
    }
}

# An error as data: its exceptions outermost first, and how PowerShell names and sorts it.
function ConvertTo-ErrorData ([Management.Automation.ErrorRecord] $Record) {
    $exceptions = [Collections.Generic.List[object]]::new()
    # Words that stand in place of the exception's own.
    if ($Record.ErrorDetails -and $Record.ErrorDetails.Message) {
        $exceptions.Add((New-ExceptionData $Record.Exception $Record.ErrorDetails.Message))
    }
    for ($exception = $Record.Exception; $null -ne $exception; $exception = $exception.InnerException) {
        $exceptions.Add((New-ExceptionData $exception $exception.Message))
    }
    [ordered]@{
        exceptions = $exceptions
        errorId    = [string] $Record.FullyQualifiedErrorId
        category   = $Record.CategoryInfo.Category.ToString()
        reason     = [string] $Record.CategoryInfo.Reason
    }
}

function New-ExceptionData ([Exception] $Exception, [string] $Message) {
    [ordered]@{ type = $Exception.GetType().FullName; message = $Message; hresult = $Exception.HResult }
}

# Ends a call with a frame of its own.
function Write-Answer ([Collections.IDictionary] $Session, [Collections.IDictionary] $Call, [Collections.IDictionary] $Frame) {
    # A call that is stopped in between has no answer rather than two.
    $Call.IsAnswered = $true
    Write-Frame $Session.Frames $Frame
}

# Ends a call: `done`, `failed` where there was an error, or `stopped` with the errors that came last: a cmdlet that repeats
# its request keeps to itself why, until it gives up.
function Write-EndFrame ([IO.Stream] $Stream, [Collections.IDictionary] $Call) {
    $frame = [ordered]@{ type = 'done'; id = $Call.Id; rows = $Call.Rows; warnings = $Call.Warnings }
    $records = if ($Call.IsStopped) { Get-LastError } else { $Call.Errors }
    if ($Call.IsStopped -or $Call.Errors.Count -gt 0) {
        $frame.type = if ($Call.IsStopped) { 'stopped' } else { 'failed' }
        $frame.stage = $Call.Stage
        $frame.errors = @(foreach ($record in $records) { ConvertTo-ErrorData $record })
    }
    $frame.memoryBytes = [Environment]::WorkingSet
    Write-Frame $Stream $frame
}

# What went wrong last in this runspace, the newest first, handled or not.
function Get-LastError {
    $count = 0
    foreach ($record in $global:Error) {
        if ($record -isnot [Management.Automation.ErrorRecord]) { continue }
        $record
        $count++
        if ($count -eq 5) { return }
    }
}
