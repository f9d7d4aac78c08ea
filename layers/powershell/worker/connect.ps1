# The connection: a certificate, a module, a sign-in, and what this app may use there.

$oldestModule = [version] '3.5.0'

# Answers `connected`, or `failed` with the stage it came to.
function Connect-Exchange ([Collections.IDictionary] $Session, [Collections.IDictionary] $Request, [Collections.IDictionary] $Call) {
    $Call.Stage = 'certificate'
    $certificate = Open-Certificate $Request.certificate $Request.certificatePassword

    $Call.Stage = 'module'
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $module = Import-ExchangeModule $Request.modulePath
    $importMs = $watch.Elapsed.TotalMilliseconds

    $Call.Stage = 'connect'
    $watch.Restart()
    Open-Connection $module (Get-ConnectParameter $module $Request $certificate) $Call
    $connectMs = $watch.Elapsed.TotalMilliseconds
    Disable-Repetition
    $Session.Commands = Get-ExchangeCommand $module $Request.cmdlets

    if ($Call.Errors.Count -gt 0) { return }
    Write-Frame $Session.Frames ([ordered]@{
        type        = 'connected'
        id          = $Call.Id
        module      = @{ version = (Get-ModuleVersion $module); path = $module.Path }
        commands    = Get-ParameterName $Session.Commands
        certificate = @{
            notBefore = $certificate.NotBefore.ToUniversalTime().ToString('o')
            notAfter  = $certificate.NotAfter.ToUniversalTime().ToString('o')
        }
        importMs    = $importMs
        connectMs   = $connectMs
    }) $Call
}

# The module at that path, or an installed one where there is none.
function Import-ExchangeModule ([AllowNull()] $Path) {
    $import = @{ Global = $true; DisableNameChecking = $true; PassThru = $true; WarningAction = 'SilentlyContinue' }
    if ($Path) { $module = Import-Module -Name $Path @import }
    else { $module = Import-Module -Name ExchangeOnlineManagement -MinimumVersion $oldestModule @import }
    if ($module.Version -lt $oldestModule) {
        $text = "$($module.Name) $($module.Version) is too old: $oldestModule or later is needed."
        throw [InvalidOperationException]::new($text)
    }
    $module
}

function Get-ConnectParameter ($Module, [Collections.IDictionary] $Request, $Certificate) {
    $parameters = @{
        AppId        = $Request.appId
        Organization = $Request.organization
        Certificate  = $Certificate
        CommandName  = $Request.commandNames
        ShowBanner   = $false
    }
    if ($Request.environmentName -ne 'O365Default') { $parameters.ExchangeEnvironmentName = $Request.environmentName }
    # Versions of the module differ in what they let one leave out.
    $known = $Module.ExportedCommands['Connect-ExchangeOnline'].Parameters
    foreach ($name in 'SkipLoadingFormatData', 'SkipLoadingCmdletHelp') {
        if ($known.ContainsKey($name)) { $parameters[$name] = $true }
    }
    if ($known.ContainsKey('ShowProgress')) { $parameters.ShowProgress = $false }
    $parameters
}

# Throws what the module throws. What it only reports counts where it leaves no connection behind.
function Open-Connection ($Module, [Collections.IDictionary] $Parameters, [Collections.IDictionary] $Call) {
    $reported = [Collections.Generic.List[Management.Automation.ErrorRecord]]::new()
    & $Module.ExportedCommands['Connect-ExchangeOnline'] @Parameters 2>&1 3>&1 4>$null 5>$null 6>$null | & {
        process {
            if ($_ -is [Management.Automation.ErrorRecord]) { $reported.Add($_) }
            else { [Console]::Error.WriteLine("Connect-ExchangeOnline: $_") }
        }
    }
    if ($reported.Count -eq 0) { return }
    if (& $Module.ExportedCommands['Get-ConnectionInformation']) {
        foreach ($record in $reported) { [Console]::Error.WriteLine("Connect-ExchangeOnline: $record") }
    }
    else { $Call.Errors.AddRange($reported) }
}

# The module's own cmdlets repeat a failing request for a minute, or for as long as a Retry-After says each time, and cannot
# be stopped meanwhile. Whoever calls knows how much time there is, and repeats reads itself with the cause in hand. The
# cmdlets that Exchange serves repeat by constants of their own; they can be stopped.
function Disable-Repetition {
    $settings = 'Microsoft.Exchange.Management.AdminApiProvider.AppSettings' -as [type]
    if ($null -ne $settings -and $settings.GetMember('MaxRetryTimes').Length -gt 0) { $settings::MaxRetryTimes = 0 }
}

# Those of the cmdlets that are there, by the name asked for: the module's own, and those it fetched for this app.
function Get-ExchangeCommand ($Module, [string[]] $Names) {
    $modules = @($Module) + @(Get-Module -Name 'tmpEXO_*')
    $found = [ordered]@{}
    foreach ($name in $Names) {
        foreach ($exporter in $modules) {
            $command = $exporter.ExportedCommands[$name]
            if ($command -and $command.CommandType -in 'Function', 'Cmdlet') { $found[$name] = $command }
        }
    }
    $found
}

function Get-ParameterName ([Collections.IDictionary] $Commands) {
    $names = [ordered]@{}
    foreach ($entry in $Commands.GetEnumerator()) {
        $names[$entry.Key] = @(foreach ($parameter in $entry.Value.Parameters.Keys) {
                if ($parameter -notin [Management.Automation.Cmdlet]::CommonParameters) { $parameter }
            })
    }
    $names
}
