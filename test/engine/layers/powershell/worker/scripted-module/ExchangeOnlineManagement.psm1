# What the worker meets in a module, without a server: every type of value, every way to go wrong.

$script:connection = $null

function Connect-ExchangeOnline {
    [CmdletBinding()]
    param(
        [string] $AppId,
        [string] $Organization,
        [Security.Cryptography.X509Certificates.X509Certificate2] $Certificate,
        [string[]] $CommandName,
        [string] $ExchangeEnvironmentName = 'O365Default',
        [switch] $ShowBanner,
        [bool] $ShowProgress,
        [switch] $SkipLoadingFormatData
    )
    [Console]::WriteLine('printed while connecting')
    switch ($Organization) {
        'throws.example' { throw [UnauthorizedAccessException]::new('UnAuthorized') }
        'reports.example' { $PSCmdlet.WriteError([Management.Automation.ErrorRecord]::new([Exception]::new('reported'), 'Reported', 'NotSpecified', $null)); return }
        'mumbles.example' { $PSCmdlet.WriteError([Management.Automation.ErrorRecord]::new([Exception]::new('mumbled'), 'Mumbled', 'NotSpecified', $null)) }
    }
    $PSCmdlet.WriteWarning('connected with a warning')
    $script:connection = [pscustomobject]@{
        AppId        = $AppId
        Organization = $Organization
        Environment  = $ExchangeEnvironmentName
        CommandName  = $CommandName -join ','
        Arguments    = @($PSBoundParameters.Keys | ForEach-Object { $_ }) -join ','
        Subject      = $Certificate.Subject
        HasKey       = $Certificate.HasPrivateKey
    }
}

function Get-ConnectionInformation { [CmdletBinding()] param() $script:connection }

function Get-Parameter {
    [CmdletBinding()]
    param([object] $Identity, [string[]] $RecipientTypeDetails, [object] $ResultSize, [switch] $IsVIP, [bool] $Flag)
    foreach ($name in $PSBoundParameters.Keys) {
        if ($name -eq 'ErrorAction') { continue }
        $value = $PSBoundParameters[$name]
        [pscustomobject]@{ Name = $name; Type = $value.GetType().Name; Value = $value }
    }
}

function Get-Value {
    [CmdletBinding()]
    param()
    [pscustomobject]@{
        Text          = "O'Brien `"x`" <é> $([char]::ConvertFromUtf32(0x1F600)) $([char]0x2028)`r`n`0"
        HalfSurrogate = "a$([char]0xD83D)b"
        Guid          = [guid] '0B6CBA44-D4F5-4D6F-9D0A-0123456789AB'
        UtcTime       = [datetime]::new(2024, 4, 10, 8, 56, 22, [DateTimeKind]::Utc)
        NoKindTime    = [datetime]::new(2024, 4, 10, 8, 56, 22, [DateTimeKind]::Unspecified)
        OffsetTime    = [datetimeoffset]::new(2024, 4, 10, 10, 56, 22, [timespan]::FromHours(2))
        Enum          = [DayOfWeek]::Friday
        Number        = 42
        Long          = 9007199254740991L
        Fraction      = 1.5
        NotANumber    = [double]::NaN
        True          = $true
        Null          = $null
        Texts         = [string[]]('a', 'b')
        NoTexts       = @()
        Mixed         = [Collections.ArrayList]@('x', 7, [guid] '0B6CBA44-D4F5-4D6F-9D0A-0123456789AB', $null)
        Duration      = [timespan]::FromMinutes(90)
        Wrapped       = [psobject] 'wrapped'
        NotAskedFor   = 'secret'
    }
    $xml = [Management.Automation.PSSerializer]::Serialize(([pscustomobject]@{ Text = 'from XML'; Guid = [guid]::Empty; Texts = [Collections.ArrayList]@('c') }))
    [Management.Automation.PSSerializer]::Deserialize($xml)
}

function Get-Many {
    [CmdletBinding()]
    param([int] $Count, [int] $PauseMs)
    for ($i = 0; $i -lt $Count; $i++) {
        if ($PauseMs) { [Threading.Thread]::Sleep($PauseMs) }
        [pscustomobject]@{ Index = $i; Name = "row $i" }
    }
}

function Get-Trouble {
    [CmdletBinding()]
    param([string] $Kind)
    [pscustomobject]@{ Index = 0 }
    $PSCmdlet.WriteWarning('first warning')
    switch ($Kind) {
        'report' {
            $inner = [ArgumentException]::new('inner words')
            $outer = [InvalidOperationException]::new('Ex6F9304|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|outer words', $inner)
            $PSCmdlet.WriteError([Management.Automation.ErrorRecord]::new($outer, '[Server=X,RequestId=Y,TimeStamp=Z]', 'NotSpecified', $null))
            [pscustomobject]@{ Index = 1 }
            $PSCmdlet.WriteError([Management.Automation.ErrorRecord]::new([Exception]::new('second error'), 'Second', 'NotSpecified', $null))
        }
        'throw' { throw [TimeoutException]::new('thrown') }
        'details' {
            $record = [Management.Automation.ErrorRecord]::new([Exception]::new('own words'), 'Details', 'NotSpecified', $null)
            $record.ErrorDetails = [Management.Automation.ErrorDetails]::new('better words')
            $PSCmdlet.WriteError($record)
        }
        'undefined' { $undefinedVariable.Nothing; [pscustomobject]@{ Index = 1 } }
        'property' {
            $row = [pscustomobject]@{ Index = 1 }
            $row.PSObject.Properties.Add([psscriptproperty]::new('Name', { throw 'no such luck' }))
            $row
        }
    }
}

function Get-Escape {
    [CmdletBinding()]
    param([string] $Kind)
    if ($Kind -eq 'print') {
        [Console]::WriteLine('{"type":"done"}')
        [Console]::Out.Write('no line end')
        $Host.UI.WriteLine('by the host')
    }
    [pscustomobject]@{ Index = 0 }
    if ($Kind -eq 'break') { break }
    if ($Kind -eq 'continue') { continue }
    if ($Kind -eq 'exit') { exit 3 }
    if ($Kind -eq 'strict') { $null = $neverSet; $null = ([pscustomobject]@{ A = 1 }).B }
    if ($Kind -eq 'preference') { [pscustomobject]@{ Index = "$ErrorActionPreference $global:ErrorActionPreference" } }
}

# Never ends by itself; `block` waits where PowerShell cannot stop it.
# An error with which whoever asks for its text first is stuck.
[NoRunspaceAffinity()]
class StuckError : Exception {
    hidden [string] $Path
    hidden static [bool] $IsAsked = $false
    StuckError([string] $path) { $this.Path = $path }
    [string] get_Message() {
        if (-not [StuckError]::IsAsked) {
            [StuckError]::IsAsked = $true
            [IO.File]::WriteAllText($this.Path, '')
            while ($true) { [Threading.Thread]::Sleep(10) }
        }
        return 'It is known why.'
    }
}

function Get-Stuck {
    [CmdletBinding()]
    param([string] $Kind, [string] $Path)
    if ($Kind -eq 'repeat') {
        $text = 'Response status code does not indicate success: 503 (Service Unavailable).'
        try { throw [Net.Http.HttpRequestException]::new($text) }
        catch { $null = $_ }
    }
    # PowerShell asks for an error's own text at once, and whoever tells of it for the texts below.
    if ($Kind -eq 'answer') { throw [InvalidOperationException]::new('It failed.', [StuckError]::new($Path)) }
    # Says to whoever waits for the file that it is stuck from here.
    [IO.File]::WriteAllText($Path, '')
    if ($Kind -eq 'block') { [Threading.Thread]::Sleep([Threading.Timeout]::Infinite) }
    while ($true) { [Threading.Thread]::Sleep(10) }
}
