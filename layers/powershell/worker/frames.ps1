# Frames: one JSON object a line, UTF-8.

function New-JsonWriter ([IO.Stream] $Stream) {
    $options = [Text.Json.JsonWriterOptions]::new()
    # Letters stay letters. Half a surrogate pair becomes U+FFFD.
    $options.Encoder = [Text.Encodings.Web.JavaScriptEncoder]::UnsafeRelaxedJsonEscaping
    $options.SkipValidation = $true
    [Text.Json.Utf8JsonWriter]::new($Stream, $options)
}

# Writes a frame of plain values, dictionaries and lists, whole or not at all. `Call` is the one that it ends.
function Write-Frame ([IO.Stream] $Stream, [Collections.IDictionary] $Frame, [AllowNull()] [Collections.IDictionary] $Call) {
    $buffer = [IO.MemoryStream]::new()
    $writer = New-JsonWriter $buffer
    Write-JsonValue $writer $Frame
    $writer.Dispose()
    Send-Line $Stream $buffer $Call
}

# Sends what the buffer holds as one line, and empties it. Where that ends a call, the call is marked as answered. A stop
# comes through where a command or a turn of a loop begins, and nowhere in here: a frame is sent and known to be, or neither.
function Send-Line ([IO.Stream] $Stream, [IO.MemoryStream] $Buffer, [AllowNull()] [Collections.IDictionary] $Call) {
    $Buffer.WriteByte(10)
    $Buffer.WriteTo($Stream)
    $Stream.Flush()
    $Buffer.SetLength(0)
    if ($null -ne $Call) { $Call.IsAnswered = $true }
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

# A call, as far as it is known before it begins.
function New-Call ([Collections.IDictionary] $Request) {
    @{
        Id         = $Request.id
        Stage      = 'invoke'
        Rows       = 0
        Errors     = [Collections.Generic.List[Management.Automation.ErrorRecord]]::new()
        Warnings   = [Collections.Generic.List[string]]::new()
        IsAnswered = $false
        # It is to stop; it was stopped before its end.
        IsStopping = $false
        IsStopped  = $false
    }
}

# Waits until a call is over, and answers it where a stop came while its own answer was made.
function Complete-Call ([IO.Stream] $Stream, [Collections.IDictionary] $Running) {
    $null = $Running.End.AsyncWaitHandle.WaitOne()
    $Running.Shell.Dispose()
    if ($Running.Call.IsAnswered) { return }
    $Running.Call.IsStopped = $true
    Write-EndFrame $Stream $Running.Call
}

# Ends a call: `done`, `failed` where there was an error, or `stopped`, with the errors that came last.
function Write-EndFrame ([IO.Stream] $Stream, [Collections.IDictionary] $Call) {
    $frame = [ordered]@{ type = 'done'; id = $Call.Id; rows = $Call.Rows; warnings = $Call.Warnings }
    if ($Call.IsStopped -or $Call.Errors.Count -gt 0) {
        $frame.type = if ($Call.IsStopped) { 'stopped' } else { 'failed' }
        $frame.stage = $Call.Stage
        $frame.errors = @(foreach ($record in $Call.Errors) { ConvertTo-ErrorData $record })
    }
    $frame.memoryBytes = [Environment]::WorkingSet
    Write-Frame $Stream $frame $Call
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
