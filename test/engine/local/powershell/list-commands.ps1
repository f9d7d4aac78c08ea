# Lists, a line each, the commands that scripts call and that are neither of the engine nor functions of the scripts.
$core = @((Get-Command -Module Microsoft.PowerShell.Core).Name)
$defined = [Collections.Generic.HashSet[string]]::new([StringComparer]::OrdinalIgnoreCase)
$called = [Collections.Generic.HashSet[string]]::new([StringComparer]::OrdinalIgnoreCase)
foreach ($path in $args) {
    $problems = $null
    $tree = [Management.Automation.Language.Parser]::ParseFile($path, [ref] $null, [ref] $problems)
    foreach ($problem in $problems) { "$path does not parse: $($problem.Message)" }
    foreach ($function in $tree.FindAll({ $args[0] -is [Management.Automation.Language.FunctionDefinitionAst] }, $true)) {
        $null = $defined.Add($function.Name)
    }
    foreach ($command in $tree.FindAll({ $args[0] -is [Management.Automation.Language.CommandAst] }, $true)) {
        $name = $command.GetCommandName()
        if ($name -and -not $name.EndsWith('.ps1')) { $null = $called.Add($name) }
    }
}
foreach ($name in $called) { if ($name -notin $core -and -not $defined.Contains($name)) { $name } }
