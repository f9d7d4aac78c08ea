@{
    ModuleVersion     = '3.9.0'
    GUID              = '7a0b7a0d-6d1e-4b0b-9a53-0e4c4d6fb2b5'
    Description       = 'Commands that behave in ways worth testing the worker with.'
    RootModule        = 'ExchangeOnlineManagement.psm1'
    FunctionsToExport = '*'
}
