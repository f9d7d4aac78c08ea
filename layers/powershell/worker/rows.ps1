# Rows: what a cmdlet yields, several to a frame.

# A frame is sent when it holds this much, or when the first of its rows has waited this long for company.
$rowFrameBytes = 256KB
$rowFrameMs = 200

# .NET lets a process grow while the machine has memory. A page's objects are garbage once they are sent, so memory is
# collected whenever this much has been allocated on top of what was left the last time: it stays flat however long the list.
$garbageBytes = 32MB

# Sends the pipeline's objects as rows of the properties asked for; keeps its errors and warnings in the call.
# Everything a row needs is a local of this function: PowerShell finds those fastest.
function Send-Row ([IO.Stream] $Stream, [Collections.IDictionary] $Call, [string[]] $Select) {
    begin {
        $buffer = [IO.MemoryStream]::new()
        $writer = New-JsonWriter $buffer
        $names = [Text.Json.JsonEncodedText[]]@(foreach ($name in $Select) { [Text.Json.JsonEncodedText]::Encode($name) })
        $limit = $rowFrameBytes
        $patience = $rowFrameMs
        $unspecified = [DateTimeKind]::Unspecified
        $utc = [DateTimeKind]::Utc
        $count = 0
        $sendAt = 0L
        $garbage = $garbageBytes
        $collectAt = [GC]::GetTotalMemory($false) + $garbage
    }
    process {
        if ($null -eq $_) { return }
        if ($_ -is [Management.Automation.ErrorRecord]) { $Call.Errors.Add($_); return }
        if ($_ -is [Management.Automation.WarningRecord]) { $Call.Warnings.Add($_.Message); return }
        if ($count -eq 0) {
            Start-RowFrame $writer $Call.Id
            $sendAt = [Environment]::TickCount64 + $patience
        }

        $writer.WriteStartObject()
        $properties = $_.PSObject.Properties
        for ($i = 0; $i -lt $names.Length; $i++) {
            $property = $properties[$Select[$i]]
            if ($null -eq $property) { continue }
            $value = $property.Value
            if ($value -is [string]) { $writer.WriteString($names[$i], $value) }
            elseif ($null -eq $value) { $writer.WriteNull($names[$i]) }
            elseif ($value -is [bool]) { $writer.WriteBoolean($names[$i], $value) }
            elseif ($value -is [guid]) { $writer.WriteString($names[$i], $value) }
            elseif ($value -is [datetime]) {
                # The module gives the times named *UTC without a kind.
                if ($value.Kind -eq $unspecified) { $writer.WriteString($names[$i], [datetime]::SpecifyKind($value, $utc)) }
                else { $writer.WriteString($names[$i], $value.ToUniversalTime()) }
            }
            elseif ($value -is [Collections.ICollection] -and $value -isnot [Collections.IDictionary]) {
                $writer.WriteStartArray($names[$i])
                foreach ($item in $value) {
                    if ($item -is [string]) { $writer.WriteStringValue($item) }
                    else { $writer.WriteStringValue((ConvertTo-CellText $item)) }
                }
                $writer.WriteEndArray()
            }
            elseif (Test-Number $value) { $writer.WriteNumber($names[$i], $value) }
            else { $writer.WriteString($names[$i], (ConvertTo-CellText $value)) }
        }
        $writer.WriteEndObject()
        $count++

        if ($writer.BytesPending -ge $limit -or [Environment]::TickCount64 -ge $sendAt) {
            Send-RowFrame $Stream $writer $buffer
            $Call.Rows += $count
            $count = 0
            if ([GC]::GetTotalMemory($false) -ge $collectAt) {
                [GC]::Collect()
                $collectAt = [GC]::GetTotalMemory($false) + $garbage
            }
        }
    }
    end {
        if ($count -gt 0) {
            Send-RowFrame $Stream $writer $buffer
            $Call.Rows += $count
        }
    }
}

function Start-RowFrame ([Text.Json.Utf8JsonWriter] $Writer, [long] $Id) {
    $Writer.WriteStartObject()
    $Writer.WriteString('type', 'rows')
    $Writer.WriteNumber('id', $Id)
    $Writer.WriteStartArray('rows')
}

function Send-RowFrame ([IO.Stream] $Stream, [Text.Json.Utf8JsonWriter] $Writer, [IO.MemoryStream] $Buffer) {
    $Writer.WriteEndArray()
    $Writer.WriteEndObject()
    $Writer.Flush()
    Send-Line $Stream $Buffer
    $Writer.Reset()
}

function Test-Number ($Value) {
    if ($Value -is [double] -or $Value -is [float]) { return [double]::IsFinite($Value) }
    $Value -is [int] -or $Value -is [long] -or $Value -is [decimal] -or $Value -is [uint] -or $Value -is [ulong] -or
        $Value -is [short] -or $Value -is [ushort] -or $Value -is [byte] -or $Value -is [sbyte]
}

# Text for what JSON has no type for: an enum's name, a time in UTC, and what PowerShell makes of anything else.
function ConvertTo-CellText ($Value) {
    if ($Value -is [datetimeoffset]) { return $Value.UtcDateTime.ToString('o') }
    if ($Value -is [datetime]) {
        if ($Value.Kind -eq [DateTimeKind]::Unspecified) { return [datetime]::SpecifyKind($Value, 'Utc').ToString('o') }
        return $Value.ToUniversalTime().ToString('o')
    }
    [string] $Value
}
