using System.Management.Automation;
using System.Management.Automation.Runspaces;

// PowerShell's engine without its own cmdlet modules, behind those of pwsh's arguments that a script is started with.
const int usageError = 64;
var rest = new Queue<string>(args);
var script = default(string);
while (script is null && rest.TryDequeue(out var option))
{
    switch (option.ToLowerInvariant())
    {
        case "-nologo" or "-noprofile" or "-noninteractive":
            break;
        case "-version":
            Console.WriteLine($"PowerShell {PSVersionInfo.PSVersion} (bare engine)");
            return 0;
        case "-file" when rest.TryDequeue(out script):
            break;
        default:
            return Refuse($"'{option}' is not understood. -NoLogo -NoProfile -NonInteractive -File script.ps1 [arguments], or -Version.");
    }
}
if (!File.Exists(script)) return Refuse($"There is no script '{script}' to run.");

using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
runspace.Open();

using var shell = PowerShell.Create(runspace);
// In the global scope, where pwsh -File runs a script too.
shell.AddCommand(Path.GetFullPath(script), useLocalScope: false);
foreach (var argument in rest) shell.AddArgument(argument);
shell.Streams.Error.DataAdded += (_, added) => Report(shell.Streams.Error[added.Index]);
shell.Streams.Warning.DataAdded += (_, added) => Console.Error.WriteLine($"WARNING: {shell.Streams.Warning[added.Index]}");
var output = new PSDataCollection<PSObject>();
output.DataAdded += (_, _) => { foreach (var item in output.ReadAll()) Console.WriteLine(item); };

try
{
    shell.Invoke(input: null, output);
}
catch (RuntimeException exception)
{
    Report(exception.ErrorRecord);
    return 1;
}
// What the script said to `exit` with.
return runspace.SessionStateProxy.GetVariable("LASTEXITCODE") is int exitCode ? exitCode : 0;

static int Refuse(string reason)
{
    Console.Error.WriteLine(reason);
    return usageError;
}

static void Report(ErrorRecord error)
{
    Console.Error.WriteLine(error);
    if (error.ScriptStackTrace is { Length: > 0 } trace) Console.Error.WriteLine(trace);
}
