#!/bin/sh
# Starts PowerShell as a child of its own, where `exec` would have been better.
"$(dirname "$0")/worker.js" "$@"
