/** What each part of the tree may import from beside itself: arrows point downwards alone. */
const below = {
  "layers/facts": [],
  "layers/runtime": ["layers/facts"],
  "layers/storage": ["layers/runtime"],
  "layers/powershell": ["layers/runtime"],
  "layers/exchange": ["layers/powershell", "layers/storage", "layers/runtime"],
  "layers/directory": ["layers/exchange", "layers/runtime", "layers/facts"],
  "layers/snapshots": ["layers/exchange", "layers/storage", "layers/runtime", "layers/facts"],
  "layers/operations": ["layers/directory", "layers/exchange", "layers/storage", "layers/runtime", "layers/facts"],
  "layers/lookups": ["layers/directory", "layers/exchange", "layers/storage", "layers/runtime"],
  "layers/validation": ["layers/exchange", "layers/powershell", "layers/storage", "layers/runtime"],
  // Deployed beside the others, never loaded by them.
  "layers/image": [],
  functions: ["layers/(?!image/|facts/|powershell/)[^/]+"],
  local: ["functions", "layers/(?!image/)[^/]+"],
  // Facts alone: what starts anything, or needs more than it says, is not for building a stack.
  cdk: ["functions/facts.ts", "layers/facts", "layers/runtime/configuration.ts", "layers/operations/message.ts"],
};

const parts = "^(layers|functions|local|cdk|test)/";

const downwards = Object.entries(below).map(([part, lower]) => ({
  name: `${part.replace("layers/", "")}-imports-downwards`,
  severity: "error",
  from: { path: `^${part}/` },
  to: { path: parts, pathNot: [part, ...lower].map((path) => `^${path}(/|$)`) },
}));

/** `npm run check` holds the tree to this. */
export default {
  forbidden: [
    ...downwards,
    { name: "no-circles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-relative-paths",
      severity: "error",
      from: { path: "^(layers|functions|local|cdk)/" },
      to: { path: parts, dependencyTypesNot: ["aliased-subpath-import"] },
    },
    { name: "no-unknown-files", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    parser: "swc",
    doNotFollow: { path: "^node_modules" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "require", "node", "default"] },
  },
};
