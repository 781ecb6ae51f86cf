// Each folder, and the folders it may import; of some of them types only. Anything not listed is forbidden.
// test/directions.test.ts plants violations to prove that this table is in force.
const may = {
  "daemon/base": [],
  "daemon/cache": ["daemon/base"],
  "daemon/measure": ["daemon/base"],
  "daemon/config": ["daemon/base", "daemon/weights"],
  "daemon/recipe": ["daemon/base"],
  "daemon/plan": ["daemon/base", "daemon/config", "daemon/recipe"],
  "daemon/protocol": ["daemon/base", "types of daemon/recipe", "types of daemon/plan"],
  "daemon/graph": ["daemon/base"],
  "daemon/weights": ["daemon/base"],
  "daemon/tokens": ["daemon/base"],
  "daemon/image": ["daemon/base"],
  "daemon/models": ["daemon/base", "daemon/config", "daemon/graph", "types of daemon/weights"],
  "daemon/sampler": ["daemon/base", "types of daemon/plan"],
  "daemon/runtime": ["daemon/base", "daemon/cache", "daemon/graph", "daemon/weights"],
  "daemon/pipeline": [
    "daemon/base",
    "daemon/config",
    "types of daemon/plan",
    "types of daemon/protocol",
    "daemon/tokens",
    "types of daemon/graph",
    "daemon/weights",
    "daemon/models",
    "daemon/runtime",
    "daemon/sampler",
    "daemon/image",
  ],
  "daemon/engine": [
    "daemon/base",
    "daemon/cache",
    "daemon/plan",
    "daemon/protocol",
    "daemon/pipeline",
    "daemon/runtime",
  ],
  "daemon/catalogue": [
    "daemon/base",
    "daemon/config",
    "daemon/recipe",
    "daemon/plan",
    "daemon/weights",
  ],
  "daemon/planner": [
    "daemon/base",
    "types of daemon/cache",
    "daemon/config",
    "daemon/recipe",
    "daemon/plan",
    "daemon/catalogue",
    "daemon/tokens",
    "daemon/image",
  ],
  "daemon/supervisor": [
    "daemon/base",
    "types of daemon/cache",
    "types of daemon/plan",
    "daemon/protocol",
  ],
  "daemon/queue": ["daemon/base", "types of daemon/plan", "daemon/protocol"],
  "daemon/rpc": ["daemon/base", "types of daemon/plan", "daemon/protocol", "daemon/queue"],
  "daemon/client": ["daemon/base", "types of daemon/plan", "daemon/protocol"],
  "daemon/main": [
    "daemon/base",
    "daemon/catalogue",
    "daemon/planner",
    "daemon/plan",
    "daemon/protocol",
    "daemon/supervisor",
    "daemon/queue",
    "daemon/rpc",
  ],
  "daemon/cli": [
    "daemon/planner",
    "daemon/client",
    "daemon/supervisor",
    "daemon/base",
    "daemon/cache",
    "daemon/catalogue",
    "daemon/recipe",
    "daemon/plan",
    "daemon/protocol",
    "daemon/image",
  ],
  "extension/main": [
    "extension/client",
    "extension/language",
    "extension/runs",
    "extension/runs-view",
    "extension/settings",
  ],
  "extension/runs": [
    "daemon/base",
    "types of daemon/plan",
    "types of daemon/protocol",
    "daemon/client",
    "types of extension/client",
    "types of extension/language",
    "extension/plan-request",
    "extension/settings",
  ],
  "extension/settings": [],
  "extension/client": ["daemon/base", "daemon/protocol", "daemon/client"],
  "extension/plan-request": ["types of daemon/plan"],
  "extension/language": ["extension/plan-request"],
  "extension/runs-view": ["daemon/base", "types of daemon/protocol", "types of extension/client"],
  "extension/server": [
    "extension/plan-request",
    "daemon/base",
    "daemon/config",
    "daemon/recipe",
    "daemon/plan",
    "daemon/catalogue",
    "daemon/planner",
    "daemon/tokens",
  ],
};
const own = (layer) => `^${layer}(/|\\.ts$)`;
const typesOf = "types of ";
/** Layers of a row of which only types may be imported. */
const typesIn = (row) =>
  row.filter((entry) => entry.startsWith(typesOf)).map((entry) => entry.slice(typesOf.length));
/** All layers of a row. */
const layersIn = (row) => row.map((entry) => entry.replace(typesOf, ""));

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    ...Object.entries(may).map(([layer, below]) => ({
      name: `${layer} imports only [${below}]`,
      severity: "error",
      from: { path: own(layer) },
      to: { path: "^(daemon|extension)/", pathNot: [layer, ...layersIn(below)].map(own) },
    })),
    ...Object.entries(may)
      .filter(([, below]) => typesIn(below).length > 0)
      .map(([layer, below]) => ({
        name: `${layer} imports only types of [${typesIn(below)}]`,
        severity: "error",
        from: { path: own(layer) },
        to: { path: typesIn(below).map(own), dependencyTypesNot: ["type-only"] },
      })),
    {
      name: "every source folder has a layer",
      severity: "error",
      from: {
        path: "^(daemon|extension)/",
        pathNot: Object.keys(may).map(own),
      },
      to: {},
    },
    {
      name: "only the queue writes the journal",
      severity: "error",
      from: { pathNot: "^(daemon/queue|test)/" },
      to: { path: "^daemon/queue/journal(\\.ts$|-)" },
    },
    {
      name: "only runtime speaks onnxruntime",
      severity: "error",
      from: { pathNot: "^daemon/runtime/" },
      to: { path: "node_modules/onnxruntime" },
    },
    {
      name: "the language server and the daemon's client know no editor",
      severity: "error",
      from: { path: "^extension/(server|client)/" },
      to: { path: "^vscode$|node_modules/(@types/vscode|vscode-languageclient)/" },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
  },
};
