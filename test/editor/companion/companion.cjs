// Beside FreCaS in the tests' extension host: says whether FreCaS is active, and how long calls hold the event loop.
// Answers lines of JSON on the socket that $FRECAS_COMPANION names.
const { existsSync, readFileSync, rmSync } = require("node:fs");
const { createServer } = require("node:net");
const { createInterface } = require("node:readline");
const vscode = require("vscode");

/** Called by the editor once it has started. */
exports.activate = (context) => {
  const path = process.env["FRECAS_COMPANION"];
  if (existsSync(path)) rmSync(path);
  const watch = watchEventLoop();
  const methods = {
    active: () => vscode.extensions.getExtension("frecas.frecas")?.isActive ?? false,
    clearDelays: () => watch.clear(),
    delays: () => watch.longest(),
    settings: (values) => setAll(values),
    command: ([name, ...args]) => vscode.commands.executeCommand(name, ...args),
  };
  const server = createServer((socket) => {
    createInterface({ input: socket }).on("line", async (line) => {
      const { method, params } = JSON.parse(line);
      try {
        socket.write(`${JSON.stringify({ result: (await methods[method](params)) ?? null })}\n`);
      } catch (error) {
        socket.write(`${JSON.stringify({ error: String(error) })}\n`);
      }
    });
  }).listen(path);
  context.subscriptions.push({ dispose: () => server.close() }, watch);
};

async function setAll(values) {
  const settings = vscode.workspace.getConfiguration();
  for (const [key, value] of Object.entries(values))
    await settings.update(key, value, vscode.ConfigurationTarget.Global);
}

/**
 * A timer that should be due every 5 ms. How late it is, `wallMs`, holds the time that the machine gave to others;
 * of that this thread was at work for `busyMs`, which a call that holds the event loop cannot hide.
 */
function watchEventLoop() {
  const intervalMs = 5;
  let longest = { wallMs: 0, busyMs: 0 };
  let last = performance.now();
  let worked = workedMs();
  const timer = setInterval(() => {
    const now = performance.now();
    const workedNow = workedMs();
    const wallMs = now - last - intervalMs;
    const busyMs = Math.min(wallMs, workedNow - worked);
    [last, worked] = [now, workedNow];
    longest = {
      wallMs: Math.max(longest.wallMs, wallMs),
      busyMs: Math.max(longest.busyMs, busyMs),
    };
  }, intervalMs);
  return {
    clear: () => {
      longest = { wallMs: 0, busyMs: 0 };
    },
    longest: () => longest,
    dispose: () => clearInterval(timer),
  };
}

/**
 * How long this thread has had a processor. Where the system does not say it of threads, of the whole process, which is
 * never too little.
 */
function workedMs() {
  try {
    const path = `/proc/self/task/${process.pid}/schedstat`;
    return Number(readFileSync(path, "utf8").split(" ")[0]) / 1e6;
  } catch {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  }
}
