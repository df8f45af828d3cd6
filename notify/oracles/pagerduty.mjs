// Reads {name: event} and prints {name: what TypeScript finds wrong with it as an
// event of PagerDuty's own library, by the types that it publishes}.
import { readFileSync } from "node:fs";
import ts from "typescript";

const events = Object.entries(JSON.parse(readFileSync(0, "utf8")));

// Two fields of the API (developer.pagerduty.com/docs/events-api-v2/trigger-events)
// are not in the types.
const file = new URL("events.ts", import.meta.url).pathname;
const source = [
  `import type { ChangePayload, EventPayloadV2 } from "@pagerduty/pdjs/build/src/events";`,
  `type Alert = EventPayloadV2 & { client?: string; client_url?: string };`,
  ...events.map(([, e], i) => `export const e${i}: ${e.event_action === undefined ? "ChangePayload" : "Alert"} = ${JSON.stringify(e)};`),
].join("\n");

const options = { strict: true, noEmit: true, skipLibCheck: true, types: [], module: ts.ModuleKind.CommonJS, moduleResolution: ts.ModuleResolutionKind.Node10 };
const host = ts.createCompilerHost(options);
const read = host.getSourceFile;
host.getSourceFile = (name, ...rest) => (name === file ? ts.createSourceFile(name, source, ts.ScriptTarget.ES2022) : read(name, ...rest));
const fileExists = host.fileExists;
host.fileExists = (name) => name === file || fileExists(name);

const found = Object.fromEntries(events.map(([name]) => [name, []]));
const program = ts.createProgram([file], options, host);
for (const d of ts.getPreEmitDiagnostics(program)) {
  const line = d.file?.fileName === file ? d.file.getLineAndCharacterOfPosition(d.start).line - 2 : -1;
  const text = ts.flattenDiagnosticMessageText(d.messageText, " ");
  if (line < 0) throw new Error(text);
  found[events[line][0]].push(text);
}
console.log(JSON.stringify(found));
