#!/usr/bin/env node
// Runs, and says nothing.
setInterval(() => {}, 1000);
