# Puts an OPATH filter into OData's words: Name -like 'a*' -and -not (Title -eq 'x') becomes
# startswith(Name, 'a') and not (Title eq 'x').
function ConvertTo-ODataFilter {
    param([string] $Filter)

    $pattern = "\G\s*(?:(?<text>'(?:[^']|'')*'|""[^""]*"")|(?<mark>[()])|(?<operator>-[A-Za-z]+)|(?<word>[^\s()'""]+))"
    $tokens = [regex]::Matches($Filter, $pattern)
    $length = 0
    foreach ($token in $tokens) { $length = $token.Index + $token.Length }
    if ($Filter.Substring($length).Trim() -ne '') { throw [System.FormatException]::new("The filter cannot be read from '$($Filter.Substring($length))' on.") }

    $output = [System.Collections.Generic.List[string]]::new()
    for ($at = 0; $at -lt $tokens.Count; $at++) {
        $token = $tokens[$at]
        if ($token.Groups['mark'].Success) { $output.Add($token.Groups['mark'].Value); continue }
        if ($token.Groups['operator'].Success) { $output.Add($token.Groups['operator'].Value.Substring(1).ToLowerInvariant()); continue }
        if ($at + 2 -ge $tokens.Count) { throw [System.FormatException]::new("The filter ends after '$($token.Value.Trim())'.") }
        $output.Add((ConvertTo-ODataComparison $token.Value.Trim() $tokens[$at + 1].Value.Trim() $tokens[$at + 2].Value.Trim()))
        $at += 2
    }
    $output -join ' '
}

function ConvertTo-ODataComparison {
    param([string] $Property, [string] $Operator, [string] $Value)

    $name = $Operator.TrimStart('-').ToLowerInvariant()
    $literal = if ($Value.StartsWith('"')) { "'" + $Value.Substring(1, $Value.Length - 2).Replace("'", "''") + "'" } else { $Value.Replace('$', '').ToLowerInvariant() }
    if ($Value.StartsWith("'")) { $literal = $Value }
    if ($name -in 'eq', 'ne', 'lt', 'le', 'gt', 'ge') { return "$Property $name $literal" }
    if ($name -notin 'like', 'notlike') { throw [System.FormatException]::new("'$Operator' is not an operator.") }

    $text = $literal.Substring(1, $literal.Length - 2)
    $inner = $text.Trim('*')
    $match = if ($text.StartsWith('*') -and $text.EndsWith('*')) { "contains($Property, '$inner')" }
    elseif ($text.EndsWith('*')) { "startswith($Property, '$inner')" }
    elseif ($text.StartsWith('*')) { "endswith($Property, '$inner')" }
    else { "$Property eq '$inner'" }
    if ($name -eq 'notlike') { "not ($match)" } else { $match }
}
