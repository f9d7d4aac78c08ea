/**
 * In characters. The longest text that names an object is a proxy address: a directory holds none above this (rangeUpper).
 * https://learn.microsoft.com/windows/win32/adschema/a-proxyaddresses
 */
export const longestIdentity = 1_123;
