# Runs each line of standard input as a script and answers a line of JSON: what the script wrote, and its errors.
$ProgressPreference = 'SilentlyContinue'
$answers = [Console]::OpenStandardOutput()
[Console]::SetOut([Console]::Error)
while ($null -ne ($line = [Console]::In.ReadLine())) {
    $output = [Collections.Generic.List[object]]::new()
    $errors = [Collections.Generic.List[object]]::new()
    $records = try { . ([scriptblock]::Create($line)) 2>&1 3>$null } catch { $_ }
    foreach ($record in $records) {
        if ($record -isnot [Management.Automation.ErrorRecord]) { $output.Add("$record"); continue }
        $exceptions = [Collections.Generic.List[object]]::new()
        for ($exception = $record.Exception; $exception; $exception = $exception.InnerException) {
            $exceptions.Add(@{ type = $exception.GetType().FullName; message = $exception.Message })
        }
        $errors.Add(@{ category = "$($record.CategoryInfo.Category)"; exceptions = $exceptions })
    }
    $answer = @{ output = $output; errors = $errors }
    $answers.Write([Text.Json.JsonSerializer]::SerializeToUtf8Bytes($answer, $answer.GetType()))
    $answers.WriteByte(10)
    $answers.Flush()
}
