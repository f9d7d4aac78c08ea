#!/usr/bin/env node
// Ends before it is ready, as pwsh does where a library is missing.
import process from "node:process";

process.stderr.write("\u001b[31mCouldn't find a valid ICU package.\u001b[0m\n");
process.exitCode = 134;
