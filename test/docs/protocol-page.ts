// docs/protocol.md: the daemon's protocol for whoever writes a client, printed from the tables that the daemon checks by.
import { z } from "zod";
import { daemonPlaces } from "../../daemon/protocol/daemon-places.ts";
import {
  DAEMON_PROTOCOL,
  failedRequest,
  handshakeMs,
  methods,
  mostHeaderBytes,
  mostMessageBytes,
  notifications,
} from "../../daemon/protocol/methods.ts";
import { printSession } from "./example-session.ts";
import { failureMeanings } from "./failure-meanings.ts";
import { printDeclaration, type Schema } from "./print-type.ts";

/** The page's whole text. */
export function protocolPage(): string {
  const { messages, shared } = readSchemas();
  const section = ([name, { does }]: readonly [string, { readonly does: string }]): string => {
    const types = [`${capitalised(name)}Params`, `${capitalised(name)}Result`].flatMap((type) => {
      const schema = messages[type];
      return schema === undefined ? [] : [printDeclaration(type, schema)];
    });
    return [`### ${name}`, does, code("ts", types)].join("\n\n");
  };
  return `${[
    intro(),
    methodsIntro,
    ...Object.entries(methods).map(section),
    notificationsIntro,
    ...Object.entries(notifications).map(section),
    "## Types",
    code("ts", [
      numbers,
      ...Object.entries(shared).map(([name, schema]) => printDeclaration(name, schema)),
    ]),
    errors(),
    comingBack,
    exampleIntro,
    code("", [printSession()]),
  ].join("\n\n")}\n`;
}

interface Schemas {
  /** By the names of their types: HandshakeParams, HandshakeResult, … */
  readonly messages: Readonly<Record<string, Schema>>;
  /** Types that have a name of their own, in the order of their names. */
  readonly shared: Readonly<Record<string, Schema>>;
}

function readSchemas(): Schemas {
  const fields: [string, z.ZodType][] = [];
  for (const [name, { params, result }] of Object.entries(methods))
    fields.push([`${capitalised(name)}Params`, params], [`${capitalised(name)}Result`, result]);
  for (const [name, { params }] of Object.entries(notifications))
    fields.push([`${capitalised(name)}Params`, params]);
  const { properties, $defs } = z.toJSONSchema(z.object(Object.fromEntries(fields)));
  const named = Object.entries($defs ?? {}).sort(([one], [other]) => (one < other ? -1 : 1));
  return {
    messages: properties as Schemas["messages"],
    shared: Object.fromEntries(named),
  };
}

function capitalised(name: string): string {
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}

function code(language: string, parts: readonly string[]): string {
  return `\`\`\`${language}\n${parts.join("\n\n")}\n\`\`\``;
}

function intro(): string {
  const place = (platform: NodeJS.Platform): string =>
    daemonPlaces({ platform, env: {}, home: "~" }).state;
  const request = '{"jsonrpc":"2.0","id":1,"method":"list"}';
  return `# The daemon's protocol

<!-- Printed from daemon/protocol: \`npm run docs:protocol\` writes it anew. -->

The daemon holds the queue of runs and paints them one after the other. This page is for programs that speak to it
themselves; the command line and the editor do it through \`daemon/client\`. It describes version ${DAEMON_PROTOCOL}.

## Finding the daemon

There is one for each user. Its folder, which nobody else may look into, is

| system | folder |
|---|---|
| Linux | \`$XDG_STATE_HOME/frecas\`, or \`${place("linux")}\` where that is unset or not absolute |
| macOS | \`$XDG_STATE_HOME/frecas\`, or \`${place("darwin")}\` |
| Windows | \`%LOCALAPPDATA%\\frecas\` |

It listens on the unix socket \`socket\` in that folder; where the socket's path would be longer than 100 bytes, on
\`/tmp/frecas-HASH/socket\`; on Windows on the named pipe \`\\\\.\\pipe\\frecas-HASH\`. HASH are the first 16 hexadecimal digits
of the SHA-256 of the folder's path. \`frecas daemon status --json\` prints the path as \`socket\`. It never listens on a port.

The folder's file \`token\` holds the token that the handshake must bring, another one after each start. Read it anew for
each connection.

No daemon is up where the socket is not there or refuses the connection. \`frecas daemon start\` starts one and returns when it
answers. A daemon ends by itself when it has had no client and nothing to paint for ten minutes.

## Framing

Messages are [JSON-RPC 2.0](https://www.jsonrpc.org/specification) in UTF-8, each behind a header as in the
[Language Server Protocol](https://microsoft.github.io/language-server-protocol/specifications/base/0.9/specification/):

\`\`\`
Content-Length: ${request.length}\\r\\n
\\r\\n
${request}
\`\`\`

- \`Content-Length\` counts the bytes of the JSON. It comes first; other headers are ignored. A header has at most
  ${mostHeaderBytes} bytes, its empty line included.
- A message to the daemon has at most ${mostMessageBytes.toLocaleString("en")} bytes (${mostMessageBytes / 2 ** 20} MB).
- A message is one object; batches are not understood.
- What breaks these rules ends the connection, without an answer.
- Parameters go by name, never by position. Those of a method that takes none may be left out.
- Requests may be sent without waiting for answers, and answers come in any order: go by \`id\`. The daemon stops reading
  while a client has many requests at work or does not read what it is sent.

## Handshake

The first message is the request [\`handshake\`](#handshake-1), within ${handshakeMs / 1000} seconds. Another version is answered with the failure
\`daemon.version\`, and the connection ends. Another token, another message, or silence ends it without an answer. A
[\`shutdown\`](#shutdown) may come in its place.`;
}

const methodsIntro = `## Methods

A method's parameters and result are the types below it; \`Record<string, never>\` is \`{}\`. A request may hold no other keys
than these. [Types](#types) has those that are used more than once.`;

const notificationsIntro = `## Notifications

They come after \`subscribe\` and want no answer.`;

const numbers = `type Count = number; // whole, from 0
type Positive = number; // whole, from 1`;

function errors(): string {
  const rows = Object.entries(failureMeanings).map(([name, means]) => `| \`${name}\` | ${means} |`);
  return `## Errors

| code | means |
|---|---|
| ${failedRequest} | the request was understood and failed: \`data.code\` says how, \`message\` is a sentence for people |
| -32601 | there is no such method |
| -32602 | the parameters are not as this page says; \`message\` names the first that is wrong |

Go by \`data.code\`, never by a message's words. The same names are the \`code\` of a run that failed. New versions may bring
new names: treat one that you do not know as a failure like others.

| \`data.code\` | means |
|---|---|
${rows.join("\n")}`;
}

const comingBack = `## Coming back without missing anything

1. Keep a snapshot's \`place\`, and after each \`event\` put the event's \`number\` into it.
2. When the connection ends, connect, shake hands, and \`subscribe\` with that place as \`after\`.
3. Either the events after it come, as if nothing had happened, or a \`snapshot\` comes first: the daemon was started again
   meanwhile, or that place is too many events ago. A snapshot takes the place of all that was known before.

A snapshot can come at any time, also to a client that only reads slowly. It stays true by the events after it:

| event | what to do with the snapshot |
|---|---|
| \`added\` | put the run at the end of \`runs\`, and its number at the end of \`waiting\` |
| \`changed\` | put the run in the place of the one with its number |
| \`removed\` | take the run out of \`runs\` |
| \`ordered\` | \`ids\` are the new \`waiting\` |
| \`paused\` | \`paused\` is the new \`paused\` |
| \`progress\` | a \`step\` is the run's new \`progress\`; pictures are told by \`changed\`, too |

A request whose connection ended before its answer may have been done or not. \`submit\` can be sent again with the same \`key\`;
before others, look at the run's state, for a second \`cancel\` ends a run in the middle of its step.`;

const exampleIntro = `## An example

→ goes to the daemon, ← comes from it; headers, the rest of the runs, the token and the events in between are left out.`;
