// Reads {name: request to a webhook} and prints {name: what Discord's own
// description of its API finds wrong with it}. discord/ holds the part of that
// description that is about executing a webhook.
import { readFileSync } from "node:fs";
import Ajv2020 from "ajv/dist/2020.js";

const schemas = JSON.parse(readFileSync(new URL("discord/execute-webhook.json", import.meta.url)));
const ajv = new Ajv2020.default({ allErrors: true, strict: false, validateFormats: false });
ajv.addSchema(schemas, "discord");
const validate = ajv.getSchema("discord#/components/schemas/IncomingWebhookRequestPartial");

function faults(request) {
  const known = schemas.components.schemas.IncomingWebhookRequestPartial.properties;
  const found = Object.keys(request).filter((key) => !known[key]).map((key) => `/${key} is not known`);
  validate(request);
  return found.concat((validate.errors ?? []).map((e) => `${e.instancePath} ${e.message}`));
}

const requests = JSON.parse(readFileSync(0, "utf8"));
const answers = Object.entries(requests).map(([name, request]) => [name, faults(request)]);
console.log(JSON.stringify(Object.fromEntries(answers)));
