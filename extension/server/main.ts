// The language server: a process of its own beside the editor, or beside any other client of the protocol
// (`node dist/language-server.js --stdio`).
import { fileURLToPath } from "node:url";
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { machineOf } from "../../daemon/planner/machine.ts";
import { openKnownModels } from "./known-models.ts";
import { rememberPlans } from "./remember-plans.ts";
import { rememberTokenizers } from "./remember-tokenizers.ts";
import { serveLanguage } from "./serve-language.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const { env, platform } = process;
const machine = machineOf(root, { env, platform, cwd: process.cwd() });
const connection = createConnection(ProposedFeatures.all);
serveLanguage(connection, {
  models: openKnownModels(machine.places),
  plans: rememberPlans(machine),
  tokenizer: rememberTokenizers(machine.places.words),
});
