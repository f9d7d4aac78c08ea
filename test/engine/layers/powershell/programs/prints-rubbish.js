#!/usr/bin/env node
// Prints to standard output what belongs to a console.
console.log("WARNING: \u001b[33ma new version is available\u001b[0m");
setInterval(() => {}, 1000);
