# .NET types of the genuine module that its callers meet. They are made by reflection, because a class of PowerShell has no
# namespace and Add-Type would compile C# at every start. A process has each type once, whichever runspace made it.

$TypesAssembly = 'ExchangeOnlineManagement.StandIn'

# A static class with those fields, and these values where it is made now.
function Get-StaticType {
    param([string] $Name, [Collections.IDictionary] $Values)

    if ($type = $Name -as [type]) { return $type }
    $builder = New-TypeBuilder $Name ([object])
    foreach ($entry in $Values.GetEnumerator()) {
        $null = $builder.DefineField($entry.Key, $entry.Value.GetType(), [Reflection.FieldAttributes] 'Public, Static')
    }
    $type = $builder.CreateType()
    foreach ($entry in $Values.GetEnumerator()) { $type.GetField($entry.Key).SetValue($null, $entry.Value) }
    $type
}

# An exception of the genuine module's type.
function New-NamedException {
    param([string] $TypeName, [string] $Message, [Exception] $InnerException)

    $arguments = [type[]]([string], [Exception])
    $type = $TypeName -as [type]
    if (-not $type) {
        $builder = New-TypeBuilder $TypeName ([Exception])
        $code = $builder.DefineConstructor('Public', 'Standard', $arguments).GetILGenerator()
        foreach ($argument in 'Ldarg_0', 'Ldarg_1', 'Ldarg_2') { $code.Emit([Reflection.Emit.OpCodes]::$argument) }
        $code.Emit([Reflection.Emit.OpCodes]::Call, [Exception].GetConstructor($arguments))
        $code.Emit([Reflection.Emit.OpCodes]::Ret)
        $type = $builder.CreateType()
    }
    $type.GetConstructor($arguments).Invoke(@($Message, $InnerException))
}

function New-TypeBuilder {
    param([string] $Name, [type] $Base)

    $assemblyName = [Reflection.AssemblyName]::new("$TypesAssembly.$Name")
    $assembly = [Reflection.Emit.AssemblyBuilder]::DefineDynamicAssembly($assemblyName, 'Run')
    $assembly.DefineDynamicModule($Name).DefineType($Name, [Reflection.TypeAttributes]::Public, $Base)
}
