# Filters: from OPATH, which people write (Name -like 'a*'), to OData, which the Recipient endpoint takes.
# https://learn.microsoft.com/powershell/exchange/recipient-filters

$FilterToken = [regex]::new(@'
\G\s*(?:(?<open>\()|(?<close>\))|(?<operator>-[a-z]+|!)|(?<constant>\$(?:true|false|null))\b|(?<number>-?\d+(?:\.\d+)?)(?![\w.])|(?<word>[a-z_]\w*)|'(?<text>(?:[^']|'')*)'|"(?<text>(?:[^"]|"")*)")
'@.Trim(), [Text.RegularExpressions.RegexOptions] 'IgnoreCase, CultureInvariant, ExplicitCapture')

$ComparisonOperators = @{ '-eq' = 'eq'; '-ne' = 'ne'; '-lt' = 'lt'; '-le' = 'le'; '-gt' = 'gt'; '-ge' = 'ge' }

# Properties with several values: one of them is enough.
$ListProperties = 'EmailAddresses', 'ManagedBy', 'ExtensionCustomAttribute1', 'ExtensionCustomAttribute2',
    'ExtensionCustomAttribute3', 'ExtensionCustomAttribute4', 'ExtensionCustomAttribute5'

function ConvertTo-ODataFilter {
    param([string] $Filter)

    $reader = @{ Tokens = Read-FilterToken $Filter; Position = 0; Filter = $Filter }
    $text = Read-FilterOr $reader
    if ($reader.Position -lt $reader.Tokens.Count) { throw (New-FilterException $reader) }
    $text
}

# The filter cut into @{ Kind; Text }.
function Read-FilterToken {
    param([string] $Filter)

    $tokens = [Collections.Generic.List[object]]::new()
    $end = $Filter.TrimEnd().Length
    for ($position = 0; $position -lt $end; $position += $match.Length) {
        $match = $FilterToken.Match($Filter, $position)
        if (-not $match.Success) { throw [ArgumentException]::new("Invalid filter syntax at position $position of: $Filter") }
        foreach ($kind in 'open', 'close', 'operator', 'constant', 'number', 'word', 'text') {
            if ($match.Groups[$kind].Success) { $tokens.Add(@{ Kind = $kind; Text = $match.Groups[$kind].Value }) }
        }
    }
    , $tokens
}

function Read-FilterOr {
    param([Collections.IDictionary] $Reader)

    $text = Read-FilterAnd $Reader
    while (Test-FilterToken $Reader operator '-or') { $Reader.Position++; $text = "$text or $(Read-FilterAnd $Reader)" }
    $text
}

function Read-FilterAnd {
    param([Collections.IDictionary] $Reader)

    $text = Read-FilterNot $Reader
    while (Test-FilterToken $Reader operator '-and') { $Reader.Position++; $text = "$text and $(Read-FilterNot $Reader)" }
    $text
}

function Read-FilterNot {
    param([Collections.IDictionary] $Reader)

    if ((Test-FilterToken $Reader operator '-not') -or (Test-FilterToken $Reader operator '!')) {
        $Reader.Position++
        return "not $(Read-FilterNot $Reader)"
    }
    if (Test-FilterToken $Reader open) {
        $Reader.Position++
        $text = "($(Read-FilterOr $Reader))"
        $null = Step-FilterToken $Reader close
        return $text
    }
    Read-FilterComparison $Reader
}

function Read-FilterComparison {
    param([Collections.IDictionary] $Reader)

    $property = (Step-FilterToken $Reader word).Text
    $operator = (Step-FilterToken $Reader operator).Text.ToLowerInvariant()
    $value = Step-FilterToken $Reader text, constant, number
    # The genuine module's translation breaks on these too.
    if ($value.Text.Contains("''")) { throw [ArgumentException]::new("A filter's value cannot hold a quote: $($Reader.Filter)") }

    $isList = $property -in $ListProperties
    $subject = $isList ? 'd' : $property
    $isNegated = $operator -eq '-notlike' -or ($isList -and $operator -eq '-ne')
    if ($operator -in '-like', '-notlike') { $text = ConvertTo-MatchFunction $subject $value.Text }
    elseif ($ComparisonOperators.ContainsKey($operator)) {
        $name = $isNegated ? 'eq' : $ComparisonOperators[$operator]
        $text = "$subject $name $(ConvertTo-ODataValue $value)"
    }
    else { throw (New-FilterException $Reader) }
    if ($isList) { $text = "$property/any(d:$text)" }
    $isNegated ? "not ($text)" : $text
}

# A pattern with asterisks at its ends, or one in its middle.
function ConvertTo-MatchFunction {
    param([string] $Subject, [string] $Pattern)

    $inner = $Pattern.Trim('*')
    $isOpenLeft = $Pattern.StartsWith('*')
    $isOpenRight = $Pattern.EndsWith('*')
    if ([string]::IsNullOrEmpty($inner)) { return "$Subject ne null" }
    if ($inner.Contains('*')) { throw [ArgumentException]::new("A pattern takes an asterisk at its ends only: $Pattern") }
    if ($isOpenLeft -and $isOpenRight) { return "contains($Subject, '$inner')" }
    if ($isOpenRight) { return "startswith($Subject, '$inner')" }
    if ($isOpenLeft) { return "endswith($Subject, '$inner')" }
    "$Subject eq '$inner'"
}

function ConvertTo-ODataValue {
    param([Collections.IDictionary] $Token)

    if ($Token.Kind -eq 'constant') { return $Token.Text.Substring(1).ToLowerInvariant() }
    if ($Token.Kind -eq 'number') { return $Token.Text }
    "'$($Token.Text)'"
}

function Test-FilterToken {
    param([Collections.IDictionary] $Reader, [string] $Kind, [string] $Text)

    if ($Reader.Position -ge $Reader.Tokens.Count) { return $false }
    $token = $Reader.Tokens[$Reader.Position]
    $token.Kind -eq $Kind -and (-not $Text -or $token.Text -eq $Text)
}

# The next token, which has to be of one of those kinds.
function Step-FilterToken {
    param([Collections.IDictionary] $Reader, [string[]] $Kind)

    if ($Reader.Position -ge $Reader.Tokens.Count) { throw (New-FilterException $Reader) }
    $token = $Reader.Tokens[$Reader.Position]
    if ($token.Kind -notin $Kind) { throw (New-FilterException $Reader) }
    $Reader.Position++
    $token
}

function New-FilterException {
    param([Collections.IDictionary] $Reader)

    $tokens = $Reader.Tokens
    $where = $Reader.Position -lt $tokens.Count ? "near '$($tokens[$Reader.Position].Text)'" : 'at its end'
    [ArgumentException]::new("Invalid filter syntax $where of: $($Reader.Filter)")
}
